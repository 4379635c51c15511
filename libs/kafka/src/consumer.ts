// Consumes topics as a member of a group: hands records off without waiting, commits what is contiguously finished, ends the process when stuck.
import type { Consumer as Client, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import type { SchemaName } from '@sluice/contracts';
import type { Codec } from './codec.ts';
import { Commits, partitionId, type Committed } from './commits.ts';
import { LetGoError, messageOf, PoisonError, UnavailableError } from './errors.ts';
import { Gate } from './gate.ts';
import { PartitionProgress, type WindowLimits } from './partition-progress.ts';
import { headOf, rawRecord, type ConsumedRecord, type RawRecord } from './record.ts';
import { endSpan, startProcess } from './trace.ts';

export interface Subscription {
  group: string;
  /** Topic name -> the schema its records are read with. */
  topics: Record<string, SchemaName>;
  /** Handles one record; the record is finished when this resolves. A PoisonError or any mistake sends it to the poison topic; UnavailableError ends the process. */
  handle: (record: ConsumedRecord) => Promise<void>;
  /** Records and bytes in hand per partition. */
  window?: WindowLimits;
  /** How long a fetch waits for data, how much is worth waiting for, and how much it may bring of one partition. */
  fetch?: { maxWaitMs: number; minBytes: number; partitionBytes?: number };
  /** A record of this topic may be in hand this long before the consumer counts as stuck. Milliseconds. */
  stallMs?: (topic: string) => number;
}

export interface ConsumerParts {
  kafka: Kafka;
  codec: Codec;
  /** Appends a record to the poison topic. */
  poison: (record: RawRecord, group: string, error: PoisonError) => Promise<void>;
  /** Whether what handling would append still finds room; asked again whenever `onRoom` calls back. */
  hasRoom: () => boolean;
  onRoom: (callback: () => void) => void;
  /** The process cannot go on; it must end so that it is started again. */
  fatal: (reason: string, error?: unknown) => void;
}

const timing = {
  sessionMs: 10_000,
  heartbeatMs: 2_000,
  rebalanceMs: 20_000,
  watchMs: 5_000,
  silenceMs: 60_000,
  stallMs: 120_000,
} as const;
const defaultWindow: WindowLimits = { records: 1_000, bytes: 4 * 1024 * 1024 };

export class Consumer {
  private readonly subscription: Subscription;
  private readonly parts: ConsumerParts;
  private readonly client: Client;
  private readonly partitions = new Map<string, PartitionProgress>();
  private readonly commits: Commits;
  private readonly gate: Gate;
  private readonly timers: NodeJS.Timeout[] = [];
  private assigned = new Set<string>();
  /** Partition -> what stands committed, as read once it was assigned. */
  private committed: Promise<Committed> = Promise.resolve(new Map());
  private stopping = false;
  private lastFetchAtMs = performance.now();
  private lastHeartbeatAtMs = performance.now();

  constructor(subscription: Subscription, parts: ConsumerParts) {
    this.subscription = subscription;
    this.parts = parts;
    this.gate = new Gate(parts.hasRoom);
    parts.onRoom(() => this.gate.open());
    const fetch: NonNullable<Subscription['fetch']> = subscription.fetch ?? { maxWaitMs: 100, minBytes: 1 };
    this.client = parts.kafka.consumer({
      groupId: subscription.group,
      sessionTimeout: timing.sessionMs,
      heartbeatInterval: timing.heartbeatMs,
      rebalanceTimeout: timing.rebalanceMs,
      maxWaitTimeInMs: fetch.maxWaitMs,
      minBytes: fetch.minBytes,
      maxBytesPerPartition: fetch.partitionBytes ?? 512 * 1024,
      maxBytes: 8 * 1024 * 1024,
      retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 10 },
    });
    this.commits = new Commits({
      kafka: parts.kafka,
      client: this.client,
      group: subscription.group,
      progresses: () => [...this.partitions].flatMap(([id, progress]) => (this.assigned.has(id) ? progress : [])),
    });
  }

  /** Joins the group and starts handling. Resolves when the first assignment is known. */
  async start(): Promise<void> {
    const joined = new Promise<void>((resolve) => {
      this.client.on('consumer.group_join', ({ payload }) => {
        this.lastHeartbeatAtMs = performance.now();
        this.onAssigned(payload.memberAssignment);
        resolve();
      });
    });
    this.client.on('consumer.fetch', () => void (this.lastFetchAtMs = performance.now()));
    this.client.on('consumer.heartbeat', () => void (this.lastHeartbeatAtMs = performance.now()));
    this.client.on('consumer.rebalancing', () => this.assigned.clear());
    this.client.on('consumer.crash', ({ payload }) => {
      // The client restarts itself after trouble it takes for passing; what it gives up on would otherwise be silence for ever.
      if (!payload.restart) this.parts.fatal(`consumer of group ${this.subscription.group} crashed`, payload.error);
    });
    await this.client.connect();
    await this.client.subscribe({ topics: Object.keys(this.subscription.topics), fromBeginning: true });
    await this.client.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: (batch) => this.take(batch) });
    this.commits.start();
    this.timers.push(setInterval(() => this.watch(), timing.watchMs));
    await joined;
  }

  /** Takes no more, waits for what is in hand (at most `drainMs`), commits and leaves the group. */
  async stop(drainMs: number): Promise<void> {
    this.stopping = true;
    this.timers.forEach(clearInterval);
    this.gate.close();
    const giveUpAtMs = performance.now() + drainMs;
    while (this.inFlight > 0 && performance.now() < giveUpAtMs) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await this.commits.stop();
    await this.client.disconnect();
  }

  /** Records being handled. */
  get inFlight(): number {
    let sum = 0;
    for (const progress of this.partitions.values()) sum += progress.inFlight;
    return sum;
  }

  private onAssigned(assignment: Record<string, number[]>): void {
    this.assigned = new Set();
    for (const [topic, partitions] of Object.entries(assignment)) {
      for (const partition of partitions) this.assigned.add(partitionId(topic, partition));
    }
    for (const [id, progress] of this.partitions) {
      if (this.assigned.has(id)) progress.reassigned();
      else if (progress.inFlight === 0) this.partitions.delete(id);
    }
    // Nobody else's commit is taken from now on, so that what is read now is the last word.
    this.committed = this.commits.read(Object.keys(assignment));
    this.resumeWhatHasRoom(assignment);
  }

  /** The client remembers what was paused over rebalances, even for partitions that come back with nothing in hand. */
  private resumeWhatHasRoom(assignment: Record<string, number[]>): void {
    for (const [topic, partitions] of Object.entries(assignment)) {
      const open = partitions.filter((partition) => !this.partitions.get(partitionId(topic, partition))?.paused);
      if (open.length > 0) this.client.resume([{ topic, partitions: open }]);
    }
  }

  /** Must not wait for handling: the client fetches for all partitions only after every batch of the last fetch is taken. */
  private async take(payload: EachBatchPayload): Promise<void> {
    if (this.stopping) return;
    const { batch } = payload;
    const first = batch.messages[0];
    if (!first) return;
    // After a pause the partition may long be another's. The client would ask only after this batch; this throws if so.
    if (performance.now() - this.lastHeartbeatAtMs > timing.sessionMs / 2) await payload.heartbeat();
    const reading = this.committed;
    const committed = (await reading).get(partitionId(batch.topic, batch.partition));
    await this.prepareToRead(batch.topic, batch.messages);
    // What was fetched before partitions were assigned anew says nothing of where the group stands now; it is fetched again.
    if (reading !== this.committed) return;
    const progress = this.progressOf(batch.topic, batch.partition);
    progress.fetchedFrom(Number(first.offset), committed);
    for (const message of batch.messages) {
      const record = rawRecord(batch.topic, batch.partition, message);
      const bytes = message.value?.length ?? 0;
      if (!progress.begin(record.offset, bytes, performance.now())) continue;
      this.gate.pass(
        () => this.handle(record, progress, bytes),
        () => progress.letGo(record.offset, bytes),
      );
    }
    payload.resolveOffset(batch.lastOffset());
    if (progress.isFull && !progress.paused) {
      progress.paused = true;
      this.client.pause([{ topic: batch.topic, partitions: [batch.partition] }]);
    }
  }

  private progressOf(topic: string, partition: number): PartitionProgress {
    const id = partitionId(topic, partition);
    let progress = this.partitions.get(id);
    if (!progress) {
      progress = new PartitionProgress(topic, partition, this.subscription.window ?? defaultWindow);
      this.partitions.set(id, progress);
    }
    return progress;
  }

  private async prepareToRead(topic: string, messages: KafkaMessage[]): Promise<void> {
    const { codec } = this.parts;
    const name = this.subscription.topics[topic];
    if (!name) return;
    for (const { value } of messages) {
      if (value === null || value.length < 5 || value[0] !== 0) continue;
      const writerId = value.readUInt32BE(1);
      if (codec.canRead(name, writerId)) continue;
      try {
        await codec.prepareToRead(name, writerId);
      } catch (error) {
        this.parts.fatal(`reading ${topic}`, error);
        throw error;
      }
    }
  }

  private handle(raw: RawRecord, progress: PartitionProgress, bytes: number): void {
    const { span, trace } = startProcess(raw, this.subscription.group);
    const done = (error?: unknown) => {
      endSpan(span, error);
      progress.finish(raw.offset, bytes);
      if (progress.paused && progress.hasRoom) this.resume(progress);
    };
    const failed = async (error: unknown) => {
      if (error instanceof LetGoError) {
        endSpan(span);
        return progress.letGo(raw.offset, bytes);
      }
      // Whatever is not an error of ours or the language's says nothing against the record.
      if (error instanceof UnavailableError || !(error instanceof Error)) {
        return this.parts.fatal(`handling a record of ${raw.topic}`, error);
      }
      const poison = error instanceof PoisonError ? error : new PoisonError('handler_failed', messageOf(error));
      try {
        await this.parts.poison(raw, this.subscription.group, poison);
        done(poison);
      } catch (poisonError) {
        this.parts.fatal(`setting a poison record of ${raw.topic} aside`, poisonError);
      }
    };
    let handled: Promise<void>;
    try {
      handled = this.subscription.handle({ ...headOf(raw), value: this.decode(raw), trace });
    } catch (error) {
      void failed(error);
      return;
    }
    handled.then(() => done(), failed);
  }

  private decode(raw: RawRecord): unknown {
    const name = this.subscription.topics[raw.topic];
    if (!name || raw.value === null) throw new PoisonError('record_empty', 'the record has no value');
    this.parts.codec.writerId(raw.value);
    return this.parts.codec.decode(name, raw.value);
  }

  private resume(progress: PartitionProgress): void {
    progress.paused = false;
    if (this.stopping || !this.assigned.has(partitionId(progress.topic, progress.partition))) return;
    this.client.resume([{ topic: progress.topic, partitions: [progress.partition] }]);
  }

  /** A consumer that neither fetches nor finishes is dead although its process lives. */
  private watch(): void {
    const nowMs = performance.now();
    if (nowMs - this.lastFetchAtMs > timing.silenceMs) {
      this.parts.fatal(`group ${this.subscription.group} has not fetched for ${timing.silenceMs} ms`);
    }
    for (const progress of this.partitions.values()) {
      const stallMs = this.subscription.stallMs?.(progress.topic) ?? timing.stallMs;
      if (progress.oldestAgeMs(nowMs) > stallMs) {
        this.parts.fatal(`a record of ${progress.topic}/${progress.partition} is in hand for more than ${stallMs} ms`);
      }
    }
  }
}
