// What may be committed, through rebalances: never below where the group stands, never what is not finished.
import { describe, expect, it } from '@jest/globals';
import { PartitionProgress } from './partition-progress.ts';

const progressAt = (start: number, limits = { records: 4, bytes: 1_000 }) => {
  const progress = new PartitionProgress('events', 0, { ...limits, start });
  progress.fetchedFrom(start);
  return progress;
};

describe('the progress of a partition', () => {
  it('offers the contiguous finished offset once, and again when it moved', () => {
    const progress = progressAt(10);
    progress.begin(10, 1, 0);
    progress.begin(11, 1, 0);
    expect(progress.toCommit).toBeUndefined();
    progress.finish(11, 1);
    expect(progress.toCommit).toBeUndefined();
    progress.finish(10, 1);
    expect(progress.toCommit).toBe(12);
    progress.markCommitted(12);
    expect(progress.toCommit).toBeUndefined();
  });

  it('drops a late finish after the partition went on elsewhere', () => {
    const progress = progressAt(0);
    progress.begin(0, 1, 0);
    progress.reassigned();
    progress.fetchedFrom(20);
    progress.finish(0, 1);
    expect(progress.toCommit).toBeUndefined();
    expect(progress.inFlight).toBe(0);
  });

  it('commits nothing between an assignment and its first fetch', () => {
    const progress = progressAt(0);
    progress.begin(0, 1, 0);
    progress.reassigned();
    progress.finish(0, 1);
    expect(progress.toCommit).toBeUndefined();
    progress.fetchedFrom(0);
    expect(progress.toCommit).toBe(1);
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
    expect(progress.toCommit).toBeUndefined();
    expect(progress.inFlight).toBe(0);
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
