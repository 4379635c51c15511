// The log as an outsider sees it: appends any bytes, reads poison, and looks at what groups have committed.
import { SchemaRegistry } from '@kafkajs/confluent-schema-registry';
import kafkajs, { Kafka, logLevel } from 'kafkajs';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { Plant } from './plant.ts';

// What any other client of Kafka can do out of the box.
kafkajs.CompressionCodecs[kafkajs.CompressionTypes.ZSTD] = () => ({
  compress: ({ buffer }: { buffer: Buffer }) => Promise.resolve(zstdCompressSync(buffer)),
  decompress: (buffer: Buffer) => Promise.resolve(zstdDecompressSync(buffer)),
});

export interface Bytes {
  readonly key: Buffer | string | null;
  readonly value: Buffer | null;
  /** Where it goes, past the client's own choice by the key. */
  readonly partition?: number;
}

export interface Poison {
  readonly topic: string;
  readonly reason: string;
  readonly group: string;
}

export class OutsideLog {
  readonly #kafka: Kafka;
  readonly #registry: SchemaRegistry;

  constructor({ kafka, registry }: Plant) {
    this.#kafka = new Kafka({ brokers: [kafka], clientId: 'faults', logLevel: logLevel.NOTHING });
    this.#registry = new SchemaRegistry({ host: registry });
  }

  /** An event's bytes as a product would append them that speaks Kafka itself. */
  async encoded(event: Readonly<Record<string, unknown>>): Promise<Buffer> {
    return this.#registry.encode(await this.#registry.getLatestSchemaId('events-value'), event);
  }

  async append(topic: string, records: readonly Bytes[]): Promise<void> {
    const producer = this.#kafka.producer();
    await producer.connect();
    for (const record of records) await producer.send({ topic, messages: [record] });
    await producer.disconnect();
  }

  async poison(): Promise<Poison[]> {
    const topic = 'dead-letters.poison';
    const found: Poison[] = [];
    const end = await this.end(topic);
    if (end === 0) return found;
    const consumer = this.#kafka.consumer({ groupId: `faults-${crypto.randomUUID()}`, maxWaitTimeInMs: 100 });
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      const eachMessage = async ({ message }: { message: { value: Buffer | null; offset: string } }) => {
        if (message.value !== null) found.push((await this.#registry.decode(message.value)) as Poison);
        if (Number(message.offset) + 1 >= end) resolve();
      };
      consumer.run({ autoCommit: false, eachMessage }).catch(reject);
    });
    await consumer.disconnect();
    return found;
  }

  /** How many records a topic of one partition has had. */
  async end(topic: string): Promise<number> {
    const [partition] = await this.#asAdmin((admin) => admin.fetchTopicOffsets(topic));
    return Number(partition?.high ?? 0);
  }

  /** What a group has committed, by topic and partition. */
  async committed(groupId: string): Promise<Map<string, number>> {
    const topics = await this.#asAdmin((admin) => admin.fetchOffsets({ groupId }));
    return new Map(
      topics.flatMap(({ topic, partitions }) =>
        partitions.map(({ partition, offset }) => [`${topic} ${partition}`, Number(offset)] as const),
      ),
    );
  }

  async #asAdmin<T>(work: (admin: ReturnType<Kafka['admin']>) => Promise<T>): Promise<T> {
    const admin = this.#kafka.admin();
    await admin.connect();
    try {
      return await work(admin);
    } finally {
      await admin.disconnect();
    }
  }
}
