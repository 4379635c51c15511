// Gathers single items into sends, one send under way at a time: idle it adds no wait, under load it lets batches grow to what is worth a send. Pure.
import { UnavailableError } from './errors.ts';
import { Fifo } from './fifo.ts';

export interface BatcherOptions<T> {
  /** Sends one batch; all its items stand or fall together. */
  send: (items: T[]) => Promise<void>;
  /** Bytes an item adds to a batch. */
  sizeOf: (item: T) => number;
  /** A batch never exceeds this (a single larger item goes alone). */
  batchBytesMax: number;
  /** Beyond this, new items are refused: the caller must hear that the log cannot keep up. */
  queuedBytesMax: number;
  /** Told after every send, whatever came of it: there is room again. */
  onSent?: () => void;
  /** An item not confirmed by then is reported unavailable. Milliseconds. */
  giveUpMs: number;
  /** Runs a callback soon, after the present burst of adds: setImmediate in production. */
  soon: (callback: () => void) => void;
  /** After a send, what is smaller than this waits for more to come, until `later` calls back. A send costs the same whatever it holds. */
  worthBytes: number;
  /** Runs a callback after a few milliseconds. */
  later: (callback: () => void) => void;
  nowMs: () => number;
}

interface Waiting<T> {
  item: T;
  bytes: number;
  expiresAtMs: number;
  settled: boolean;
  resolve: () => void;
  reject: (error: Error) => void;
}

export class Batcher<T> {
  private readonly options: BatcherOptions<T>;
  private readonly queue = new Fifo<Waiting<T>>();
  private underWay: Waiting<T>[] = [];
  private queuedBytes = 0;
  /** What the next send waits for: the present burst of adds to end, more to come, or nothing because none is planned. */
  private planned: 'soon' | 'later' | undefined;

  constructor(options: BatcherOptions<T>) {
    this.options = options;
  }

  /** Resolves once the item's batch is confirmed. Rejects with UnavailableError when the queue is full, the time is up or the send failed. */
  add(item: T): Promise<void> {
    const bytes = this.options.sizeOf(item);
    if (this.queuedBytes > 0 && this.queuedBytes + bytes > this.options.queuedBytesMax) {
      return Promise.reject(new UnavailableError('too much is waiting to be appended'));
    }
    this.queuedBytes += bytes;
    return new Promise((resolve, reject) => {
      const expiresAtMs = this.options.nowMs() + this.options.giveUpMs;
      this.queue.push({ item, bytes, expiresAtMs, settled: false, resolve, reject });
      this.schedule();
    });
  }

  /** Bytes queued or under way. */
  get pendingBytes(): number {
    return this.queuedBytes;
  }

  /** How long the item that was added first has waited. Milliseconds. */
  get oldestAgeMs(): number {
    const oldest = this.underWay[0] ?? this.queue.peek();
    return oldest ? this.options.nowMs() - (oldest.expiresAtMs - this.options.giveUpMs) : 0;
  }

  /** Reports items whose time is up. Queued ones are not sent any more; of those under way nobody knows. Call it now and then. */
  expire(): void {
    const nowMs = this.options.nowMs();
    for (const waiting of this.underWay) this.expireOne(waiting, nowMs);
    for (let first = this.queue.peek(); first && first.expiresAtMs <= nowMs; first = this.queue.peek()) {
      this.queue.shift();
      this.expireOne(first, nowMs);
      this.queuedBytes -= first.bytes;
    }
  }

  private expireOne(waiting: Waiting<T>, nowMs: number): void {
    if (waiting.settled || waiting.expiresAtMs > nowMs) return;
    waiting.settled = true;
    waiting.reject(new UnavailableError(`not confirmed within ${this.options.giveUpMs} ms`));
  }

  private schedule(): void {
    if (this.underWay.length > 0 || this.planned === 'soon') return;
    if (this.planned === 'later' && this.queuedBytes < this.options.worthBytes) return;
    this.plan('soon');
  }

  private plan(when: 'soon' | 'later'): void {
    this.planned = when;
    this.options[when](() => {
      // A later one that was overtaken by a soon one has nothing left to do.
      if (this.planned !== when) return;
      this.planned = undefined;
      void this.sendNext();
    });
  }

  private async sendNext(): Promise<void> {
    this.expire();
    const batch = this.takeBatch();
    if (batch.length === 0) return;
    this.underWay = batch;
    try {
      await this.options.send(batch.map((waiting) => waiting.item));
      for (const waiting of batch) settle(waiting, () => waiting.resolve());
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      for (const waiting of batch) settle(waiting, () => waiting.reject(failure));
    }
    for (const waiting of batch) this.queuedBytes -= waiting.bytes;
    this.underWay = [];
    this.options.onSent?.();
    if (this.queue.length > 0) this.plan(this.queuedBytes < this.options.worthBytes ? 'later' : 'soon');
  }

  private takeBatch(): Waiting<T>[] {
    const batch: Waiting<T>[] = [];
    let bytes = 0;
    for (let next = this.queue.peek(); next; next = this.queue.peek()) {
      if (batch.length > 0 && bytes + next.bytes > this.options.batchBytesMax) break;
      this.queue.shift();
      bytes += next.bytes;
      batch.push(next);
    }
    return batch;
  }
}

function settle<T>(waiting: Waiting<T>, how: () => void): void {
  if (waiting.settled) return;
  waiting.settled = true;
  how();
}
