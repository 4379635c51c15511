// Starts the service of one connector.
import type { Connector } from '@sluice/connector-kit';
import { bootService } from '@sluice/service';
import { configShape } from './config.ts';
import { connectorModule } from './connector.module.ts';

/** Resolves when the connector takes deliveries. */
export async function runConnector<M>(connector: Connector<M>): Promise<void> {
  await bootService({
    name: `connector-${connector.slug}`,
    config: configShape,
    module: (config) => connectorModule(connector, config),
    // An attempt ends within 30 s; one that waits its turn behind others may take some of those.
    consumer: {
      // More than one workspace may have in flight and in a crowd, so that it cannot fill a partition's alone (libs/delivery).
      window: { records: 1_280, bytes: 4 * 1024 * 1024 },
      stallMs: () => 600_000,
      // What comes ends a fetch at once; a connector that has nothing to do should cost next to nothing.
      fetch: { maxWaitMs: 300, minBytes: 1, partitionBytes: 256 * 1024 },
    },
  });
}
