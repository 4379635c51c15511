// Gathers facts and writes them in batches, one at a time; waits for Postgres as long as it is away; singles out a fact it will never take.
import { messageOf, PoisonError } from '@sluice/kafka';
import type { Projection } from '@sluice/persistence';
import type { Log } from '@sluice/telemetry';
import { merge } from './merge.ts';
import type { Facts } from './project.ts';

export interface HistoryWriterOptions {
  write: (projection: Projection) => Promise<void>;
  log: Log;
}

/** Records of one batch at most; milliseconds from the first record of a batch to its writing, and between tries while Postgres is away. */
const limits = { records: 5_000, gatherMs: 100, retryMs: { first: 250, max: 5_000 } } as const;

interface Waiting {
  facts: Facts;
  resolve: () => void;
  reject: (error: Error) => void;
}

export class HistoryWriter {
  private readonly options: HistoryWriterOptions;
  private queue: Waiting[] = [];
  private timer: NodeJS.Timeout | undefined;
  private writing = false;

  constructor(options: HistoryWriterOptions) {
    this.options = options;
  }

  /** Resolves when the facts stand in Postgres. Rejects with PoisonError when Postgres refuses them for what they are. */
  add(facts: Facts): Promise<void> {
    return new Promise((resolve, reject) => {
      this.queue.push({ facts, resolve, reject });
      this.schedule();
    });
  }

  private schedule(): void {
    if (this.writing) return;
    if (this.queue.length >= limits.records) {
      clearTimeout(this.timer);
      void this.writeQueue();
    } else if (this.queue.length === 1) {
      this.timer = setTimeout(() => void this.writeQueue(), limits.gatherMs);
    }
  }

  private async writeQueue(): Promise<void> {
    this.writing = true;
    while (this.queue.length > 0) {
      const batch = this.queue.slice(0, limits.records);
      this.queue = this.queue.slice(limits.records);
      await this.writeBatch(batch);
    }
    this.writing = false;
  }

  /** A batch that Postgres refuses is halved until the fact at fault stands alone. */
  private async writeBatch(batch: readonly Waiting[]): Promise<void> {
    const refusal = await this.tryUntilAnswered(batch);
    if (refusal === undefined) {
      for (const { resolve } of batch) resolve();
      return;
    }
    const [only] = batch;
    if (batch.length === 1 && only)
      return only.reject(new PoisonError('handler_failed', `history refused it: ${refusal}`));
    const middle = Math.ceil(batch.length / 2);
    await this.writeBatch(batch.slice(0, middle));
    await this.writeBatch(batch.slice(middle));
  }

  /** Why Postgres refuses the data, or undefined once it has taken it. Anything else that goes wrong is waited out. */
  private async tryUntilAnswered(batch: readonly Waiting[]): Promise<string | undefined> {
    const projection = merge(batch.map(({ facts }) => facts));
    for (let waitMs: number = limits.retryMs.first; ; waitMs = Math.min(waitMs * 2, limits.retryMs.max)) {
      try {
        await this.options.write(projection);
        return undefined;
      } catch (error) {
        if (isRefusal(error)) return messageOf(error);
        this.options.log.warn({
          event: 'history.delayed',
          records: batch.length,
          error: messageOf(error),
          retry_ms: waitMs,
        });
        await new Promise((resolve) => setTimeout(resolve, waitMs));
      }
    }
  }
}

/** SQLSTATE classes 22 (data exception) and 23 (integrity constraint): the data is at fault, not the connection. */
function isRefusal(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  return /^2[23]/.test(code);
}
