// Reads one topic from its start to where it ends now, once, outside any consumer group's business.
import type { Topic } from '@sluice/contracts';
import type { Kafka } from 'kafkajs';
import type { Codec } from './codec.ts';

export interface Scan<T> {
  key: string | null;
  value: T;
  partition: number;
  offset: number;
}

interface ScanParts {
  kafka: Kafka;
  codec: Codec;
  clientId: string;
}

/** Calls `each` for every record, in order within a partition, one at a time. Records that cannot be decoded are passed over. */
export async function scanTopic<T>(
  parts: ScanParts,
  topic: Topic,
  each: (record: Scan<T>) => Promise<void> | void,
): Promise<number> {
  const ends = await endsOf(parts.kafka, topic.name);
  if (ends.size === 0) return 0;
  const groupId = `${parts.clientId}.scan.${crypto.randomUUID()}`;
  const consumer = parts.kafka.consumer({ groupId, maxWaitTimeInMs: 100, sessionTimeout: 30_000 });
  let count = 0;
  await consumer.connect();
  await consumer.subscribe({ topics: [topic.name], fromBeginning: true });
  try {
    await new Promise<void>((resolve, reject) => {
      consumer.on('consumer.crash', ({ payload }) => reject(payload.error));
      const take = async (partition: number, message: { key: Buffer | null; value: Buffer | null; offset: string }) => {
        const end = ends.get(partition);
        if (end === undefined) return;
        const offset = Number(message.offset);
        const value = await decoded<T>(parts.codec, topic, message.value);
        if (value !== undefined && offset < end) {
          count++;
          await each({ key: message.key?.toString() ?? null, value, partition, offset });
        }
        if (offset + 1 >= end) ends.delete(partition);
        if (ends.size === 0) resolve();
      };
      consumer
        .run({ autoCommit: false, eachMessage: ({ partition, message }) => take(partition, message) })
        .catch(reject);
    });
  } finally {
    await consumer.disconnect();
  }
  return count;
}

async function endsOf(kafka: Kafka, topic: string): Promise<Map<number, number>> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const offsets = await admin.fetchTopicOffsets(topic);
    return new Map(
      offsets
        .filter(({ high, low }) => Number(high) > Number(low))
        .map(({ partition, high }) => [partition, Number(high)]),
    );
  } finally {
    await admin.disconnect();
  }
}

async function decoded<T>(codec: Codec, topic: Topic, value: Buffer | null): Promise<T | undefined> {
  if (value === null) return undefined;
  try {
    await codec.prepareToRead(topic.schema, codec.writerId(value));
    return codec.decode(topic.schema, value) as T;
  } catch {
    return undefined;
  }
}
