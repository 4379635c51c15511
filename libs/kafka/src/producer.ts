// Appends records: idempotent, acks from all, many records per request, each told when it is safe.
import type { Span } from '@opentelemetry/api';
import {
  CompressionTypes,
  Partitioners,
  type Kafka,
  type Message,
  type Producer as Client,
  type TopicMessages,
} from 'kafkajs';
import { Batcher } from './batcher.ts';
import { PoisonError, UnavailableError, messageOf } from './errors.ts';
import { partitionOf } from './murmur2.ts';
import type { OutgoingRecord } from './record.ts';
import { endSpan, startSend } from './trace.ts';

/** Limits of one producer. kafkajs packs what a send holds for a partition into one record batch, and a broker takes 1 MB of that. */
export const producerLimits = {
  batchBytes: 700_000,
  recordBytes: 900_000,
  queuedBytes: 64 * 1024 * 1024,
  roomBytes: 8 * 1024 * 1024,
  behindMs: 500,
} as const;

const worthCompressingBytes = 8 * 1024;

/** Under load a send waits this long for 64 kB to come together: more than a record each costs client and broker less. */
const gathering = { worthBytes: 64 * 1024, waitMs: 4 } as const;

export interface ProducerOptions {
  /** An append not confirmed by then rejects. Milliseconds. */
  giveUpMs: number;
  /**
   * Whether an append is refused (UnavailableError) while 64 MB wait, for who can say "later" to a caller.
   * Consumers instead start no more work while there is no room; what they have started is never refused.
   */
  refusesWhenFull: boolean;
}

interface Item {
  record: OutgoingRecord;
  headers: Record<string, string>;
  partition: number;
  span: Span;
}

export class Producer {
  private readonly kafka: Kafka;
  private readonly options: ProducerOptions;
  private readonly batcher: Batcher<Item>;
  private readonly partitionCounts = new Map<string, number>();
  private readonly expiry: NodeJS.Timeout;
  private client: Promise<Client> | undefined;
  private spread = 0;
  private readonly roomListeners: (() => void)[] = [];

  constructor(kafka: Kafka, options: ProducerOptions) {
    this.kafka = kafka;
    this.options = options;
    this.batcher = new Batcher<Item>({
      send: (items) => this.send(items),
      sizeOf: (item) => sizeOf(item.record),
      batchBytesMax: producerLimits.batchBytes,
      queuedBytesMax: options.refusesWhenFull ? producerLimits.queuedBytes : Infinity,
      onSent: () => this.roomListeners.forEach((listener) => listener()),
      giveUpMs: options.giveUpMs,
      soon: setImmediate,
      worthBytes: gathering.worthBytes,
      later: (callback) => setTimeout(callback, gathering.waitMs),
      nowMs: () => performance.now(),
    });
    this.expiry = setInterval(() => this.batcher.expire(), 200);
  }

  /** Connects and learns the partitions of topics that will be written. */
  async open(topics: readonly string[]): Promise<void> {
    await this.connected();
    await this.learnPartitions(topics);
  }

  /** Resolves when the record stands in the log on all in-sync replicas. Rejects with UnavailableError, or PoisonError when it is too large. */
  async append(record: OutgoingRecord): Promise<void> {
    if (sizeOf(record) > producerLimits.recordBytes) {
      throw new PoisonError('record_too_large', `a record may have ${producerLimits.recordBytes} bytes`);
    }
    const { span, headers } = startSend(record.topic, record.trace);
    const item: Item = { record, headers: { ...record.headers, ...headers }, partition: this.partition(record), span };
    try {
      await this.batcher.add(item);
      endSpan(span);
    } catch (error) {
      endSpan(span, error);
      throw error;
    }
  }

  /** Whether more work that appends should be started now. */
  hasRoom(): boolean {
    return this.batcher.pendingBytes < producerLimits.roomBytes;
  }

  /** Whether what was appended is not confirmed for so long that the log has to be taken for being away. */
  isBehind(): boolean {
    return this.batcher.oldestAgeMs > producerLimits.behindMs;
  }

  /** Calls back whenever there may be room again. */
  onRoom(listener: () => void): void {
    this.roomListeners.push(listener);
  }

  async close(): Promise<void> {
    clearInterval(this.expiry);
    const client = this.client;
    this.client = undefined;
    await (await client)?.disconnect();
  }

  private async send(items: Item[]): Promise<void> {
    const byTopic = new Map<string, Message[]>();
    for (const { record, headers, partition } of items) {
      const messages = byTopic.get(record.topic) ?? [];
      messages.push({ key: record.key, value: record.value, headers, partition });
      byTopic.set(record.topic, messages);
    }
    const topicMessages: TopicMessages[] = [...byTopic].map(([topic, messages]) => ({ topic, messages }));
    // The next burst of records without a key goes to the next partition: large batches, evenly spread.
    this.spread++;
    try {
      const client = await this.connected();
      await client.sendBatch({ acks: -1, compression: compressionOf(items), topicMessages });
    } catch (error) {
      // After a failed send the sequence numbers of this producer id cannot be trusted: the broker would take new records for
      // repeats of the failed ones and drop them. A new producer gets a new id.
      await this.discardClient();
      throw new UnavailableError(`appending ${items.length} records: ${messageOf(error)}`);
    }
  }

  private connected(): Promise<Client> {
    this.client ??= this.connect();
    return this.client;
  }

  private async connect(): Promise<Client> {
    const client = this.kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      createPartitioner: Partitioners.DefaultPartitioner,
      retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: retriesWithin(this.options.giveUpMs) },
    });
    try {
      await client.connect();
      return client;
    } catch (error) {
      this.client = undefined;
      throw new UnavailableError(`connecting to Kafka: ${messageOf(error)}`);
    }
  }

  private async discardClient(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    try {
      await (await client)?.disconnect();
    } catch {
      // It was of no use already.
    }
  }

  /**
   * Chosen here and not by the client, because the client chooses again on a retry: a record without a key would
   * then go to another partition than the one that may have it already.
   */
  private partition(record: OutgoingRecord): number {
    const count = this.partitionCounts.get(record.topic);
    if (count === undefined) throw new Error(`topic ${record.topic} was not opened for writing`);
    if (record.key === null) return this.spread % count;
    return partitionOf(record.key, count);
  }

  private async learnPartitions(topics: readonly string[]): Promise<void> {
    const admin = this.kafka.admin();
    await admin.connect();
    try {
      const { topics: found } = await admin.fetchTopicMetadata({ topics: [...topics] });
      for (const { name, partitions } of found) this.partitionCounts.set(name, partitions.length);
    } finally {
      await admin.disconnect();
    }
  }
}

/** Little is sent as it is: compressing it would cost more than it saves. */
function compressionOf(items: readonly Item[]): CompressionTypes {
  let bytes = 0;
  for (const { record } of items) bytes += sizeOf(record);
  return bytes < worthCompressingBytes ? CompressionTypes.None : CompressionTypes.ZSTD;
}

/** kafkajs waits about a second between later tries; a budget of time as a number of tries. */
const retriesWithin = (budgetMs: number): number => Math.max(3, Math.ceil(budgetMs / 1_000));

const sizeOf = (record: OutgoingRecord): number => (record.value?.length ?? 0) + (record.key?.length ?? 0) + 120; // 120: headers (trace context) and framing
