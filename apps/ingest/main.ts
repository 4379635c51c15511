// ingest: HTTP -> events.
import { bootService } from '@sluice/service';
import { configShape } from './config.ts';
import { openFrontDoor } from './front-door.ts';
import { IngestModule } from './ingest.module.ts';

await bootService({
  name: 'ingest',
  config: configShape,
  module: () => IngestModule,
  http: openFrontDoor,
  // A caller waits 5 s; the answer must be there before.
  giveUpMs: 4_000,
  refusesWhenFull: true,
});
