// control: the management API. Configuration into Postgres and out to compacted topics, history out of Postgres.
import { bootService } from '@sluice/service';
import { configShape } from './config.ts';
import { ControlModule } from './control.module.ts';

await bootService({
  name: 'control',
  config: configShape,
  module: (config) => ControlModule.with(config),
  giveUpMs: 4_000,
  refusesWhenFull: true,
});
