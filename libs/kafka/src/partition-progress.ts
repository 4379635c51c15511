// How far one partition has come and what may be committed: the ledger, the memory it holds, and the guard against late commits. Pure.
import { OffsetLedger } from './offset-ledger.ts';

export interface WindowLimits {
  /** Records of one partition in hand at most, finished ones behind a slow one included. */
  records: number;
  /** Their bytes at most. */
  bytes: number;
}

export class PartitionProgress {
  readonly topic: string;
  readonly partition: number;
  private readonly limits: WindowLimits;
  private readonly ledger: OffsetLedger;
  private inHandBytes = 0;
  /** Offset -> when it was begun; only of records still being handled. Milliseconds. */
  private readonly begunAtMs = new Map<number, number>();
  /** First offset fetched since the partition was last assigned: nothing below it is ours to commit. */
  private assignedFrom: number | undefined;
  private committed = -1;
  paused = false;

  constructor(topic: string, partition: number, limits: WindowLimits & { start: number }) {
    this.topic = topic;
    this.partition = partition;
    this.limits = limits;
    this.ledger = new OffsetLedger(limits.start);
  }

  /** The partition was assigned (again): wait for the first fetch before anything is committed. */
  reassigned(): void {
    this.assignedFrom = undefined;
  }

  /** The first fetch since the assignment begins here: the group's committed offset. */
  fetchedFrom(offset: number): void {
    if (this.assignedFrom !== undefined) return;
    this.assignedFrom = offset;
    this.committed = offset;
    this.ledger.skipTo(offset);
  }

  /** False when the record is known already and must not be handled again. */
  begin(offset: number, bytes: number, nowMs: number): boolean {
    if (!this.ledger.begin(offset)) return false;
    this.inHandBytes += bytes;
    this.begunAtMs.set(offset, nowMs);
    return true;
  }

  finish(offset: number, bytes: number): void {
    this.ledger.finish(offset);
    this.begunAtMs.delete(offset);
    this.inHandBytes -= bytes;
  }

  /** The record was given back: it is not in hand any more, and it is not finished. */
  letGo(offset: number, bytes: number): void {
    this.begunAtMs.delete(offset);
    this.inHandBytes -= bytes;
  }

  /** The offset to commit, or undefined when there is nothing new that is ours. */
  get toCommit(): number | undefined {
    if (this.assignedFrom === undefined) return undefined;
    const { watermark } = this.ledger;
    return watermark > this.committed ? watermark : undefined;
  }

  markCommitted(offset: number): void {
    this.committed = Math.max(this.committed, offset);
  }

  get inFlight(): number {
    return this.begunAtMs.size;
  }

  get isFull(): boolean {
    return this.ledger.span >= this.limits.records || this.inHandBytes >= this.limits.bytes;
  }

  /** Half empty again: worth fetching more. */
  get hasRoom(): boolean {
    return this.ledger.span <= this.limits.records / 2 && this.inHandBytes <= this.limits.bytes / 2;
  }

  /** Age of the record that has been in hand longest, milliseconds. */
  oldestAgeMs(nowMs: number): number {
    for (const begun of this.begunAtMs.values()) return nowMs - begun;
    return 0;
  }
}
