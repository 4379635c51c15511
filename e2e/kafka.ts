// Kafka as an outsider sees it: a plain client that appends and reads, with the registry's own library and none of ours.
import { SchemaRegistry } from '@kafkajs/confluent-schema-registry';
import kafkajs, { Kafka, logLevel, type EachMessagePayload, type KafkaMessage } from 'kafkajs';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { facts } from './harness.ts';

// What any other client of Kafka can do out of the box.
kafkajs.CompressionCodecs[kafkajs.CompressionTypes.ZSTD] = () => ({
  compress: ({ buffer }: { buffer: Buffer }) => Promise.resolve(zstdCompressSync(buffer)),
  decompress: (buffer: Buffer) => Promise.resolve(zstdDecompressSync(buffer)),
});

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
  const records: OutsideRecord<T>[] = [];
  await eachRecord(topic, async ({ key, value, headers = {} }) => {
    if (!value) return;
    const texts = Object.fromEntries(Object.entries(headers).map(([name, each]) => [name, String(each)]));
    records.push({ key: key?.toString() ?? null, value: (await registry.decode(value)) as T, headers: texts });
  });
  return records;
}

/** All bytes of all records of every topic, topic by topic, as one text each. */
export async function bytesOfAllTopics(): Promise<[topic: string, bytes: string][]> {
  const admin = kafka.admin();
  await admin.connect();
  const topics = (await admin.listTopics()).filter((topic) => !topic.startsWith('__'));
  await admin.disconnect();
  const found: [string, string][] = [];
  for (const topic of topics) {
    const bytes: string[] = [];
    await eachRecord(topic, ({ key, value, headers }) => {
      bytes.push(`${key?.toString('latin1')} ${value?.toString('latin1')} ${JSON.stringify(headers)}`);
      return Promise.resolve();
    });
    found.push([topic, bytes.join('\n')]);
  }
  return found;
}

async function eachRecord(topic: string, take: (message: KafkaMessage) => Promise<void>): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  const offsets = (await admin.fetchTopicOffsets(topic)).filter(({ high, low }) => high !== low);
  await admin.disconnect();
  const ends = new Map(offsets.map(({ partition, high }) => [partition, Number(high)]));
  if (ends.size === 0) return;
  const consumer = kafka.consumer({ groupId: `outsider-${crypto.randomUUID()}`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    const eachMessage = async ({ partition, message }: EachMessagePayload) => {
      await take(message);
      if (Number(message.offset) + 1 >= (ends.get(partition) ?? 0)) ends.delete(partition);
      if (ends.size === 0) resolve();
    };
    consumer.run({ autoCommit: false, eachMessage }).catch(reject);
  });
  await consumer.disconnect();
}
