// Notes: what was finished comes back as it was, as much of it as there is room for; what others wrote there is nothing.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readNote, writeNote } from './commit-note.ts';
import type { OffsetRange } from './offset-ledger.ts';

const offset = fc.maxSafeNat().map((at) => Math.floor(at / 2));
const ranges = (longest: number) =>
  fc.array(fc.tuple(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 1, max: 5_000 })), { maxLength: longest });

function from(start: number, pairs: [number, number][]): OffsetRange[] {
  let at = start;
  return pairs.map(([skipped, finished]) => {
    const range = { from: at + skipped, to: at + skipped + finished };
    at = range.to;
    return range;
  });
}

describe('the note beside a committed offset', () => {
  it('says which records above it are finished', () => {
    fc.assert(
      fc.property(offset, ranges(300), (start, pairs) => {
        const finished = from(start, pairs);
        expect(readNote(start, writeNote(start, finished))).toEqual(finished);
      }),
    );
  });

  it('never gets longer than brokers take, and leaves out the last then', () => {
    const finished = from(
      7,
      Array.from({ length: 20_000 }, () => [1_000, 1_000]),
    );
    const note = writeNote(7, finished);
    expect(note.length).toBeLessThanOrEqual(4_000);
    const read = readNote(7, note);
    expect(read.length).toBeGreaterThan(500);
    expect(read).toEqual(finished.slice(0, read.length));
  });

  it('is empty when there is nothing to say', () => {
    expect(writeNote(7, [])).toBe('');
  });

  it('means nothing when somebody else wrote it', () => {
    for (const note of [null, undefined, '', 'f1:', 'f1:x', 'f1:1.2,', 'f1:1.2;3.4', 'f1:-1.2', 'f2:1.2', '{}'])
      expect(readNote(7, note)).toEqual([]);
    fc.assert(fc.property(fc.string(), (note) => readNote(7, note).length >= 0));
  });
});
