// What may be committed, through rebalances: never below where the group stands, never what is not finished.
import { describe, expect, it } from '@jest/globals';
import { PartitionProgress } from './partition-progress.ts';

const fail = (): never => {
  throw new Error('nothing to commit');
};

/** The offset that would be committed at once. */
const offsetOf = (progress: PartitionProgress) => progress.toCommit(0)?.offset;

const progressAt = (start: number, limits = { records: 4, bytes: 1_000 }) => {
  const progress = new PartitionProgress('events', 0, limits);
  progress.fetchedFrom(start);
  return progress;
};

describe('the progress of a partition', () => {
  it('offers the contiguous finished offset once, and again when it moved', () => {
    const progress = progressAt(10);
    progress.begin(10, 1, 0);
    progress.begin(11, 1, 0);
    expect(offsetOf(progress)).toBeUndefined();
    progress.finish(11, 1);
    expect(offsetOf(progress)).toBeUndefined();
    progress.finish(10, 1);
    expect(offsetOf(progress)).toBe(12);
    progress.markCommitted({ offset: 12, note: '' });
    expect(offsetOf(progress)).toBeUndefined();
  });

  it('drops a late finish after the partition went on elsewhere', () => {
    const progress = progressAt(0);
    progress.begin(0, 1, 0);
    progress.reassigned();
    progress.fetchedFrom(20);
    progress.finish(0, 1);
    expect(offsetOf(progress)).toBeUndefined();
    expect(progress.inFlight).toBe(0);
  });

  it('commits nothing between an assignment and its first fetch', () => {
    const progress = progressAt(0);
    progress.begin(0, 1, 0);
    progress.reassigned();
    progress.finish(0, 1);
    expect(offsetOf(progress)).toBeUndefined();
    progress.fetchedFrom(0);
    expect(offsetOf(progress)).toBe(1);
  });

  it('does not take up again what it still has in hand when it is fetched again', () => {
    const progress = progressAt(0);
    progress.begin(0, 1, 0);
    progress.begin(1, 1, 0);
    progress.finish(1, 1);
    progress.reassigned();
    progress.fetchedFrom(0);
    expect([0, 1, 2].map((offset) => progress.begin(offset, 1, 0))).toEqual([false, false, true]);
  });

  it('is full by records or bytes, and has room again at half', () => {
    const progress = progressAt(0);
    for (let offset = 0; offset < 4; offset++) progress.begin(offset, 10, 0);
    expect(progress.isFull).toBe(true);
    progress.finish(0, 10);
    expect(progress.hasRoom).toBe(false);
    progress.finish(1, 10);
    expect(progress.hasRoom).toBe(true);
    progress.begin(4, 1_000, 0);
    expect(progress.isFull).toBe(true);
  });

  it('never commits past a record that was given back', () => {
    const progress = progressAt(0);
    progress.begin(0, 1, 0);
    progress.begin(1, 1, 0);
    progress.letGo(0, 1);
    progress.finish(1, 1);
    expect(offsetOf(progress)).toBeUndefined();
    expect(progress.inFlight).toBe(0);
  });

  it('is not full of what is finished behind a slow record, until it is very much', () => {
    const progress = progressAt(0);
    for (let offset = 0; offset < 20_000; offset++) {
      progress.begin(offset, 1, 0);
      if (offset > 0) progress.finish(offset, 1);
    }
    expect(progress.isFull).toBe(false);
    progress.begin(20_000, 1, 0);
    progress.finish(20_000, 1);
    expect(progress.isFull).toBe(true);
    expect(progress.hasRoom).toBe(false);
    progress.finish(0, 1);
    expect(progress.hasRoom).toBe(true);
  });

  it('notes what is finished behind a record that is in hand for a second, once a second', () => {
    const progress = progressAt(10);
    for (let offset = 10; offset < 14; offset++) progress.begin(offset, 1, 0);
    progress.finish(11, 1);
    expect(progress.toCommit(999)).toBeUndefined();
    const commit = progress.toCommit(1_000);
    expect(commit?.offset).toBe(10);
    progress.markCommitted(commit ?? fail());
    progress.finish(12, 1);
    expect(progress.toCommit(1_999)).toBeUndefined();
    expect(progress.toCommit(2_000)?.note).not.toBe(commit?.note);

    const next = new PartitionProgress('events', 0, { records: 4, bytes: 1_000 });
    next.fetchedFrom(10, commit);
    expect([10, 11, 12].map((offset) => next.begin(offset, 1, 0))).toEqual([true, false, true]);
    next.finish(10, 1);
    expect(offsetOf(next)).toBe(12);
  });

  it('notes nothing new a second time, and everything at the last occasion', () => {
    const progress = progressAt(0);
    [0, 1, 2].forEach((offset) => progress.begin(offset, 1, 0));
    progress.finish(1, 1);
    progress.markCommitted(progress.toCommit(1_000) ?? fail());
    expect(progress.toCommit(5_000)).toBeUndefined();
    progress.finish(2, 1);
    expect(progress.toCommit(5_001)).toBeUndefined();
    expect(progress.toCommit(5_001, true)?.note).not.toBe('');
  });

  it('forgets the note once nothing is held up any more', () => {
    const progress = progressAt(0);
    [0, 1, 2].forEach((offset) => progress.begin(offset, 1, 0));
    progress.finish(1, 1);
    progress.markCommitted(progress.toCommit(1_000) ?? fail());
    progress.finish(0, 1);
    progress.finish(2, 1);
    expect(progress.toCommit(1_100)).toEqual({ offset: 3, note: '' });
  });

  it('knows the age of the oldest record in hand', () => {
    const progress = progressAt(0);
    progress.begin(0, 1, 100);
    progress.begin(1, 1, 200);
    expect(progress.oldestAgeMs(350)).toBe(250);
    progress.finish(0, 1);
    expect(progress.oldestAgeMs(350)).toBe(150);
  });
});
