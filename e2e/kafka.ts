// Kafka as an outsider sees it: a plain client that appends and reads, with the registry's own library and none of ours.
import { SchemaRegistry } from '@kafkajs/confluent-schema-registry';
import { Kafka, logLevel } from 'kafkajs';
import { facts } from './harness.ts';

export const kafka = new Kafka({ brokers: [facts.kafka], clientId: 'outsider', logLevel: logLevel.NOTHING });
export const registry = new SchemaRegistry({ host: facts.registry });

export interface OutsideRecord<T> {
  readonly key: string | null;
  readonly value: T;
  readonly headers: Record<string, string>;
}

/** Appends one record, bytes as given. */
export async function produce(
  topic: string,
  record: { key?: string | null; value: Buffer | null; headers?: Record<string, string> },
): Promise<void> {
  const producer = kafka.producer();
  await producer.connect();
  try {
    await producer.send({ topic, messages: [record] });
  } finally {
    await producer.disconnect();
  }
}

/** Everything that stands in a topic now, decoded. */
export async function recordsOf<T>(topic: string): Promise<OutsideRecord<T>[]> {
  const admin = kafka.admin();
  await admin.connect();
  const ends = new Map(
    (await admin.fetchTopicOffsets(topic))
      .filter(({ high, low }) => high !== low)
      .map(({ partition, high }) => [partition, Number(high)]),
  );
  await admin.disconnect();
  const records: OutsideRecord<T>[] = [];
  if (ends.size === 0) return records;
  const consumer = kafka.consumer({ groupId: `outsider-${crypto.randomUUID()}`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    consumer
      .run({
        autoCommit: false,
        eachMessage: async ({ partition, message }) => {
          const headers = Object.fromEntries(
            Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]),
          );
          if (message.value)
            records.push({
              key: message.key?.toString() ?? null,
              value: (await registry.decode(message.value)) as T,
              headers,
            });
          if (Number(message.offset) + 1 >= (ends.get(partition) ?? 0)) ends.delete(partition);
          if (ends.size === 0) resolve();
        },
      })
      .catch(reject);
  });
  await consumer.disconnect();
  return records;
}
