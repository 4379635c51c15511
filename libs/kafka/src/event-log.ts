// The face of this library: one event log per process, through which it appends, subscribes, follows configuration and scans.
import type { Context } from '@opentelemetry/api';
import { topics, type Topic } from '@sluice/contracts';
import type { Kafka } from 'kafkajs';
import { createClient, type KafkaSettings } from './client.ts';
import { Codec } from './codec.ts';
import { Consumer, type Subscription } from './consumer.ts';
import { messageOf, UnavailableError, type PoisonError } from './errors.ts';
import { poisonOf } from './poison.ts';
import { Producer } from './producer.ts';
import type { RawRecord } from './record.ts';
import { scanTopic, type Scan } from './scan.ts';
import { Views, type View } from './views.ts';

export interface EventLogOptions extends KafkaSettings {
  registryUrl: string;
  /** An append not confirmed by then rejects with UnavailableError. Milliseconds. */
  giveUpMs?: number;
  /** Refuse appends while too much waits; see ProducerOptions. */
  refusesWhenFull?: boolean;
  /** The process cannot go on; it must end so that it is started again. */
  fatal: (reason: string, error?: unknown) => void;
}

/** What is appended: the value is encoded with the topic's schema; null is a tombstone. */
export interface Append<T> {
  key: string | null;
  value: T | null;
  headers?: Record<string, string>;
  trace?: Context;
}

export class EventLog {
  private readonly options: EventLogOptions;
  private readonly kafka: Kafka;
  private readonly codec: Codec;
  private readonly producer: Producer;
  private readonly consumers: Consumer[] = [];
  private readonly viewers: Views[] = [];

  constructor(options: EventLogOptions) {
    this.options = options;
    this.kafka = createClient(options);
    this.codec = new Codec(options.registryUrl);
    this.producer = new Producer(this.kafka, {
      giveUpMs: options.giveUpMs ?? 60_000,
      refusesWhenFull: options.refusesWhenFull ?? false,
    });
  }

  /** Connects and prepares the topics this process appends to. Poison records are always among them. */
  async openToWrite(written: readonly Topic[]): Promise<void> {
    const all = [...new Map([...written, topics.poison].map((topic) => [topic.name, topic])).values()];
    try {
      await this.codec.prepareToWrite(all);
      await this.producer.open(all.map((topic) => topic.name));
    } catch (error) {
      // Whatever the reason, no record is at fault.
      throw new UnavailableError(
        `preparing to append to ${all.map((topic) => topic.name).join(', ')}: ${messageOf(error)}`,
      );
    }
  }

  /** Resolves when the record is safe in the log. */
  append<T>(topic: Topic, { key, value, headers, trace }: Append<T>): Promise<void> {
    const bytes = value === null ? null : this.codec.encode(topic, value);
    return this.producer.append({ topic: topic.name, key, value: bytes, headers, trace });
  }

  /** Whether appends are not confirmed for half a second: what is begun now could not be written down. */
  isBehind(): boolean {
    return this.producer.isBehind();
  }

  /** Joins a consumer group; see Subscription. */
  async subscribe(subscription: Subscription): Promise<void> {
    const { kafka, codec, options } = this;
    const poison = (record: RawRecord, group: string, error: PoisonError) => this.setAside(record, group, error);
    const consumer = new Consumer(subscription, {
      kafka,
      codec,
      poison,
      fatal: options.fatal,
      hasRoom: () => this.producer.hasRoom(),
      onRoom: (callback) => this.producer.onRoom(callback),
    });
    this.consumers.push(consumer);
    await consumer.start();
  }

  /** Follows compacted topics; resolves when they are read to the end. */
  async follow(views: readonly View[]): Promise<Views> {
    const { kafka, codec, options } = this;
    const viewer = new Views(views, {
      kafka,
      codec,
      clientId: options.clientId,
      warn: options.warn,
      fatal: options.fatal,
    });
    this.viewers.push(viewer);
    await viewer.open();
    return viewer;
  }

  /** Reads a topic from its start to its present end, once. Returns how many records there were. */
  scan<T>(topic: Topic, each: (record: Scan<T>) => Promise<void> | void): Promise<number> {
    return scanTopic({ kafka: this.kafka, codec: this.codec, clientId: this.options.clientId }, topic, each);
  }

  /** Finishes what is in hand, commits, leaves its groups, disconnects. */
  async close(drainMs = 10_000): Promise<void> {
    await Promise.all(this.consumers.map((consumer) => consumer.stop(drainMs)));
    await Promise.all(this.viewers.map((viewer) => viewer.close()));
    await this.producer.close();
  }

  private async setAside(record: RawRecord, group: string, error: PoisonError): Promise<void> {
    const { topic, partition, offset } = record;
    const poison = poisonOf(record, group, { error, nowMs: Date.now() });
    this.options.warn({ event: 'record.poisoned', topic, partition, offset, reason: error.code, group }, error.message);
    await this.append(topics.poison, { key: null, value: poison });
  }
}
