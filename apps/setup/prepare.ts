// Topics, schemas and tables: made where missing, left where they are.
import { connectorSlugs } from '@sluice/catalog';
import { allTopics } from '@sluice/contracts';
import { createTopics, registerSchemas } from '@sluice/kafka';
import { migrate } from '@sluice/persistence';
import type { Config } from './config.ts';

/** Names of the topics made and of the migrations run; both empty on an installation that is up to date. */
export async function prepare(
  config: Config,
  progress: (line: string) => void,
): Promise<{ topics: string[]; migrations: string[] }> {
  const topics = allTopics(connectorSlugs);
  const kafka = { brokers: config.KAFKA_BROKERS, clientId: 'sluice-setup', warn: () => undefined };
  const [made, migrations] = await Promise.all([
    createTopics(kafka, topics, config.REPLICATION_FACTOR),
    migrate({ url: config.POSTGRES_URL, poolSize: 2 }),
    registerSchemas(config.REGISTRY_URL, topics),
  ]);
  progress(`${made.length} topics made, ${topics.length} schemas registered, ${migrations.length} migrations run`);
  return { topics: made, migrations };
}
