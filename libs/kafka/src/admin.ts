// Prepares a cluster and a registry: creates the topics of the table, registers their schemas with BACKWARD compatibility.
import { COMPATIBILITY, SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry';
import { schemaTexts, type Topic } from '@sluice/contracts';
import { createClient, type KafkaSettings } from './client.ts';

const DAY_MS = 86_400_000;

/** Creates those topics that do not exist; existing ones stay as they are. Returns the names of the new ones. */
export async function createTopics(
  settings: KafkaSettings,
  topics: readonly Topic[],
  replicationFactor: number,
): Promise<string[]> {
  const admin = createClient(settings).admin();
  await admin.connect();
  try {
    const existing = new Set(await admin.listTopics());
    const missing = topics.filter((topic) => !existing.has(topic.name));
    if (missing.length === 0) return [];
    await admin.createTopics({
      waitForLeaders: true,
      topics: missing.map((topic) => ({
        topic: topic.name,
        numPartitions: topic.partitions,
        replicationFactor,
        configEntries: configOf(topic),
      })),
    });
    return missing.map((topic) => topic.name);
  } finally {
    await admin.disconnect();
  }
}

/** Registers the schema of each topic under `<topic>-value`. The registry refuses a change that would break readers of what is there. */
export async function registerSchemas(registryUrl: string, topics: readonly Topic[]): Promise<void> {
  const registry = new SchemaRegistry({ host: registryUrl, retry: { retries: 5 } });
  for (const topic of topics) {
    await registry.register(
      { type: SchemaType.AVRO, schema: schemaTexts[topic.schema] },
      { subject: `${topic.name}-value`, compatibility: COMPATIBILITY.BACKWARD },
    );
  }
}

function configOf({ retention }: Topic): { name: string; value: string }[] {
  if (retention === 'compact') {
    return [
      { name: 'cleanup.policy', value: 'compact' },
      // A reader that was away for a week still learns what was deleted.
      { name: 'delete.retention.ms', value: String(7 * DAY_MS) },
    ];
  }
  return [
    { name: 'cleanup.policy', value: 'delete' },
    { name: 'retention.ms', value: String(retention.days * DAY_MS) },
  ];
}
