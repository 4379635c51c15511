// Which offsets of one partition are finished, and how far the contiguous run of them reaches: pure, no Kafka.

/** Offsets from the first up to, not including, the other. */
export interface OffsetRange {
  from: number;
  to: number;
}

/**
 * Records finish in any order; only what lies below the lowest unfinished one may be committed.
 * The ledger outlives a rebalance that gives the partition back, so that a record fetched again is recognised.
 */
export class OffsetLedger {
  /** Begun offsets in order; true once finished. Finished ones at the front are dropped. */
  private readonly begun = new Map<number, boolean>();
  private nextUnseen = 0;
  /** Finished by whoever had the partition before, above where it will be read from; in order. */
  private finishedBefore: readonly OffsetRange[] = [];

  /** Notes that a record is being handled. False when it is known already (in flight or finished): do not handle it again. */
  begin(offset: number): boolean {
    if (offset < this.nextUnseen) return false;
    this.nextUnseen = offset + 1;
    const isFinished = this.finishedBefore.some(({ from, to }) => from <= offset && offset < to);
    this.begun.set(offset, isFinished);
    if (isFinished) this.dropFinished();
    return !isFinished;
  }

  /** Notes that a record is done with. Unknown offsets (dropped by skipTo) are ignored. */
  finish(offset: number): void {
    if (!this.begun.has(offset)) return;
    this.begun.set(offset, true);
    this.dropFinished();
  }

  /** What is finished above the watermark, in order. */
  get finished(): OffsetRange[] {
    const ranges: OffsetRange[] = [];
    for (const [offset, isFinished] of this.begun) {
      if (!isFinished) continue;
      const last = ranges.at(-1);
      if (last?.to === offset) last.to++;
      else ranges.push({ from: offset, to: offset + 1 });
    }
    return ranges;
  }

  /** The offset to commit: everything below it is finished. */
  get watermark(): number {
    for (const offset of this.begun.keys()) return offset;
    return this.nextUnseen;
  }

  /** Records begun and not yet below the watermark, finished ones behind a slow one included. */
  get span(): number {
    return this.begun.size;
  }

  /**
   * Somebody else went further while the partition was theirs: forget what lies below.
   * @param finished what they finished above
   */
  skipTo(offset: number, finished: readonly OffsetRange[] = []): void {
    for (const known of this.begun.keys()) {
      if (known < offset) this.begun.delete(known);
    }
    this.nextUnseen = Math.max(this.nextUnseen, offset);
    this.finishedBefore = finished;
    this.dropFinished();
  }

  private dropFinished(): void {
    for (const [first, isFinished] of this.begun) {
      if (!isFinished) return;
      this.begun.delete(first);
    }
  }
}
