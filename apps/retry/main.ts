// retry: outcomes -> deliveries.<connector> again at some time, or dead-letters.<connector>.
import { bootService } from '@sluice/service';
import { configShape } from './config.ts';
import { RetryModule } from './retry.module.ts';

await bootService({
  name: 'retry',
  config: configShape,
  module: () => RetryModule,
  consumer: {
    window: { records: 1_000, bytes: 4 * 1024 * 1024 },
    // Waiting is what records in a delay topic are there for.
    stallMs: (topic) => (topic.startsWith('retries.') ? Infinity : 120_000),
  },
});
