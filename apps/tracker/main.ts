// tracker: events, fan-outs, outcomes, retries, replays, what is parked and released, dead letters -> Postgres history.
import { constants, setPriority } from 'node:os';
import { bootService } from '@sluice/service';
import { configShape } from './config.ts';
import { TrackerModule } from './tracker.module.ts';

// Where the processor is short, deliveries go first: history may be late, they may not.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

await bootService({
  name: 'tracker',
  config: configShape,
  module: (config) => TrackerModule.with(config),
  consumer: {
    window: { records: 4_000, bytes: 8 * 1024 * 1024 },
    // Big fetches make big statements: history may be a moment late, never expensive.
    fetch: { maxWaitMs: 250, minBytes: 64 * 1024 },
    // While Postgres is away records stay in hand as long as that takes.
    stallMs: () => Infinity,
  },
});
