// Commits what is finished, ten times a second, and reads what stands committed once partitions are assigned.
import type { Consumer as Client, Kafka } from 'kafkajs';
import type { Commit, PartitionProgress } from './partition-progress.ts';

export interface CommitsParts {
  kafka: Kafka;
  client: Pick<Client, 'commitOffsets'>;
  group: string;
  /** Those that are assigned. */
  progresses: () => Iterable<PartitionProgress>;
}

const everyMs = 100;

/** Partition, see `partitionId` -> what stands committed. */
export type Committed = ReadonlyMap<string, Commit>;

export const partitionId = (topic: string, partition: number): string => `${topic}/${partition}`;

export class Commits {
  private readonly parts: CommitsParts;
  private timer: NodeJS.Timeout | undefined;
  private committing: Promise<void> | undefined;
  private areNotesTaken = true;

  constructor(parts: CommitsParts) {
    this.parts = parts;
  }

  start(): void {
    this.timer = setInterval(() => void this.commit(), everyMs);
  }

  /** Commits once more, with a note of everything that is finished. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.committing;
    await this.commit(true);
  }

  /** What the group has committed. Without an answer nothing is known to be finished, and what is will be done again. */
  async read(topics: string[]): Promise<Committed> {
    const committed = new Map<string, Commit>();
    const { kafka, group } = this.parts;
    const admin = kafka.admin();
    try {
      await admin.connect();
      for (const { topic, partitions } of await admin.fetchOffsets({ groupId: group, topics })) {
        for (const { partition, offset, metadata } of partitions) {
          committed.set(partitionId(topic, partition), { offset: Number(offset), note: metadata ?? '' });
        }
      }
    } catch {
      // The broker is away; the client has said so, and goes on trying.
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
    return committed;
  }

  /** One at a time; what is due meanwhile goes with the next. */
  private commit(isLast = false): Promise<void> {
    this.committing ??= this.commitDue(isLast).finally(() => (this.committing = undefined));
    return this.committing;
  }

  private async commitDue(isLast: boolean): Promise<void> {
    const nowMs = performance.now();
    const due: { progress: PartitionProgress; commit: Commit }[] = [];
    for (const progress of this.parts.progresses()) {
      const commit = progress.toCommit(nowMs, isLast);
      if (commit) due.push({ progress, commit });
    }
    if (due.length === 0) return;
    try {
      await this.parts.client.commitOffsets(
        due.map(({ progress: { topic, partition }, commit }) => ({
          topic,
          partition,
          offset: String(commit.offset),
          metadata: this.areNotesTaken && commit.note !== '' ? commit.note : null,
        })),
      );
      for (const { progress, commit } of due) progress.markCommitted(commit);
    } catch (error) {
      this.areNotesTaken &&= !isNoteRefused(error);
      // Else a rebalance is under way or the broker is away; the next round commits it, or the partition's next owner does the work again.
    }
  }
}

/** Where a broker is set to take less beside an offset than usual. */
const isNoteRefused = (error: unknown): boolean =>
  error instanceof Error && 'type' in error && error.type === 'OFFSET_METADATA_TOO_LARGE';
