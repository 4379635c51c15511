// Configuration in memory: compacted topics read to the end before anything else happens, then followed. Every process reads all of them.
import type { Admin, Consumer as Client, EachBatchPayload, Kafka } from 'kafkajs';
import type { Topic } from '@sluice/contracts';
import type { Codec } from './codec.ts';
import { messageOf, UnavailableError } from './errors.ts';

export interface View {
  topic: Topic;
  /** Takes the newest record of a key, or null when it was deleted. Records of one key come in order; some may come again. */
  apply: (key: string, value: unknown) => void;
}

export interface ViewsParts {
  kafka: Kafka;
  codec: Codec;
  clientId: string;
  warn: (fields: Record<string, unknown>, message: string) => void;
  fatal: (reason: string, error?: unknown) => void;
}

const timing = { maxWaitMs: 1_000, readToEndMs: 120_000, catchUpEveryMs: 100, leaderlessMs: 15_000 } as const;

export class Views {
  private readonly parts: ViewsParts;
  private readonly byTopic = new Map<string, View>();
  private readonly client: Client;
  private readonly admin: Admin;
  /** `<topic>/<partition>` -> the next offset to come. */
  private readonly positions = new Map<string, number>();
  private waiters: { ends: Map<string, number>; resolve: () => void }[] = [];
  private catchingUp: Promise<void> | undefined;
  private lastCatchUpAtMs = 0;

  constructor(views: readonly View[], parts: ViewsParts) {
    this.parts = parts;
    for (const view of views) this.byTopic.set(view.topic.name, view);
    this.admin = parts.kafka.admin();
    this.client = parts.kafka.consumer({
      // A group of its own, never committed: kafkajs reads in groups only.
      groupId: `${parts.clientId}.view.${crypto.randomUUID()}`,
      maxWaitTimeInMs: timing.maxWaitMs,
      minBytes: 1,
      sessionTimeout: 30_000,
      retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 10 },
    });
  }

  /** Resolves when everything that stood in the topics has been applied. */
  async open(): Promise<void> {
    this.client.on('consumer.crash', ({ payload }) => {
      if (!payload.restart) this.parts.fatal('reading configuration topics crashed', payload.error);
    });
    await this.admin.connect();
    const ends = await this.endsInTime();
    await this.client.connect();
    await this.client.subscribe({ topics: [...this.byTopic.keys()], fromBeginning: true });
    await this.client.run({ autoCommit: false, eachBatchAutoResolve: true, eachBatch: (batch) => this.take(batch) });
    await this.reached(ends, timing.readToEndMs);
  }

  /**
   * Resolves when everything appended before now has been applied, so that an id that is still unknown does not exist.
   * Callers share one look at a time, at most ten a second. Rejects with UnavailableError when that takes longer than `limitMs`.
   */
  catchUp(limitMs: number): Promise<void> {
    this.catchingUp ??= this.catchUpOnce(limitMs).finally(() => (this.catchingUp = undefined));
    return this.catchingUp;
  }

  async close(): Promise<void> {
    await this.client.disconnect();
    await this.admin.disconnect();
  }

  private async catchUpOnce(limitMs: number): Promise<void> {
    const waitMs = this.lastCatchUpAtMs + timing.catchUpEveryMs - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    this.lastCatchUpAtMs = performance.now();
    await withLimit(
      this.ends().then((ends) => this.reached(ends, limitMs)),
      limitMs,
    );
  }

  /** Topics that were made a moment ago may have no leader yet. */
  private async endsInTime(): Promise<Map<string, number>> {
    const deadline = performance.now() + timing.leaderlessMs;
    for (;;) {
      try {
        return await this.ends();
      } catch (error) {
        if (performance.now() > deadline) throw error;
        await new Promise((resolve) => setTimeout(resolve, timing.catchUpEveryMs));
      }
    }
  }

  /** The end offset of each partition that holds anything. */
  private async ends(): Promise<Map<string, number>> {
    try {
      const ends = new Map<string, number>();
      for (const topic of this.byTopic.keys()) {
        for (const { partition, high, low } of await this.admin.fetchTopicOffsets(topic)) {
          if (Number(high) > Number(low)) ends.set(`${topic}/${partition}`, Number(high));
        }
      }
      return ends;
    } catch (error) {
      throw new UnavailableError(`asking for the end of configuration topics: ${messageOf(error)}`);
    }
  }

  private reached(ends: Map<string, number>, limitMs: number): Promise<void> {
    if (this.hasReached(ends)) return Promise.resolve();
    const reached = new Promise<void>((resolve) => this.waiters.push({ ends, resolve }));
    return withLimit(reached, limitMs);
  }

  private hasReached(ends: Map<string, number>): boolean {
    for (const [id, end] of ends) if ((this.positions.get(id) ?? 0) < end) return false;
    return true;
  }

  private async take({ batch }: EachBatchPayload): Promise<void> {
    const view = this.byTopic.get(batch.topic);
    if (!view) return;
    for (const { key, value, offset } of batch.messages) {
      try {
        view.apply(key?.toString() ?? '', value === null ? null : await this.decode(view, value));
      } catch (error) {
        if (error instanceof UnavailableError) throw error;
        // Everybody's configuration must not wait for one record that cannot be read.
        this.parts.warn({ event: 'configuration.unreadable', topic: batch.topic, offset }, messageOf(error));
      }
    }
    this.positions.set(`${batch.topic}/${batch.partition}`, Number(batch.lastOffset()) + 1);
    const [done, waiting] = [
      this.waiters.filter((w) => this.hasReached(w.ends)),
      this.waiters.filter((w) => !this.hasReached(w.ends)),
    ];
    this.waiters = waiting;
    for (const { resolve } of done) resolve();
  }

  private async decode(view: View, value: Buffer): Promise<unknown> {
    const writerId = this.parts.codec.writerId(value);
    await this.parts.codec.prepareToRead(view.topic.schema, writerId);
    return this.parts.codec.decode(view.topic.schema, value);
  }
}

function withLimit(promise: Promise<void>, limitMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new UnavailableError(`configuration topics were not read to the end within ${limitMs} ms`)),
      limitMs,
    );
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
