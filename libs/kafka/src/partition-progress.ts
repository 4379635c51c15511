// How far one partition has come and what may be committed: the ledger, the memory it holds, and the guard against late commits. Pure.
import { readNote, writeNote } from './commit-note.ts';
import { OffsetLedger } from './offset-ledger.ts';

export interface WindowLimits {
  /** Records of one partition in hand at most. */
  records: number;
  /** Their bytes at most. */
  bytes: number;
}

/** An offset as it is committed, and what is written beside it: see commit-note.ts. */
export interface Commit {
  offset: number;
  note: string;
}

/**
 * A record that is in hand for so long holds up what may be committed: from then on what is finished behind it is noted, with every
 * commit, and this often without one. Milliseconds.
 */
const noteTiming = { heldMs: 1_000, everyMs: 1_000 } as const;

/** Records finished behind one that is not, at most. A number each is kept of them, so that one slow record holds up no other. */
const finishedBehindMax = 20_000;

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
  private committed: Commit = { offset: -1, note: '' };
  private notedAtMs = -Infinity;
  paused = false;

  constructor(topic: string, partition: number, limits: WindowLimits) {
    this.topic = topic;
    this.partition = partition;
    this.limits = limits;
    this.ledger = new OffsetLedger();
  }

  /** The partition was assigned (again): wait for the first fetch before anything is committed. */
  reassigned(): void {
    this.assignedFrom = undefined;
  }

  /** Whether nothing was fetched yet since the partition was assigned. */
  private get isNew(): boolean {
    return this.assignedFrom === undefined;
  }

  /** The first fetch since the assignment begins here: the group's committed offset. */
  fetchedFrom(offset: number, committed?: Commit): void {
    if (!this.isNew) return;
    this.assignedFrom = offset;
    this.committed = { offset, note: committed?.note ?? '' };
    this.ledger.skipTo(offset, committed && readNote(committed.offset, committed.note));
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

  /**
   * What to commit, or undefined when there is nothing new that is ours.
   * @param isLast whether there will be no other occasion to note what is finished
   */
  toCommit(nowMs: number, isLast = false): Commit | undefined {
    if (this.isNew) return undefined;
    const offset = this.ledger.watermark;
    const isHeld = isLast || this.oldestAgeMs(nowMs) >= noteTiming.heldMs;
    const isMoved = offset > this.committed.offset;
    if (!isMoved && (!isHeld || (!isLast && nowMs < this.notedAtMs + noteTiming.everyMs))) return undefined;
    const note = isHeld ? writeNote(offset, this.ledger.finished) : '';
    this.notedAtMs = nowMs;
    return isMoved || note !== this.committed.note ? { offset, note } : undefined;
  }

  markCommitted(commit: Commit): void {
    if (commit.offset >= this.committed.offset) this.committed = commit;
  }

  get inFlight(): number {
    return this.begunAtMs.size;
  }

  get isFull(): boolean {
    const { records, bytes } = this.limits;
    return this.inFlight >= records || this.inHandBytes >= bytes || this.finishedBehind >= finishedBehindMax;
  }

  /** Half empty again: worth fetching more. */
  get hasRoom(): boolean {
    const { records, bytes } = this.limits;
    return (
      this.inFlight <= records / 2 && this.inHandBytes <= bytes / 2 && this.finishedBehind <= finishedBehindMax / 2
    );
  }

  private get finishedBehind(): number {
    return this.ledger.span - this.inFlight;
  }

  /** Age of the record that has been in hand longest, milliseconds. */
  oldestAgeMs(nowMs: number): number {
    for (const begun of this.begunAtMs.values()) return nowMs - begun;
    return 0;
  }
}
