// The ledger against its specification: the watermark is the lowest unfinished offset, whatever the order of finishing.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { OffsetLedger } from './offset-ledger.ts';

describe('an offset ledger', () => {
  it('has the lowest unfinished offset as its watermark, for any gaps and any order', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(500), { minLength: 1 }).chain((offsets) => {
          const sorted = [...offsets].sort((a, b) => a - b);
          return fc.tuple(fc.constant(sorted), fc.shuffledSubarray(sorted));
        }),
        ([offsets, finished]) => {
          const ledger = new OffsetLedger(0);
          for (const offset of offsets) expect(ledger.begin(offset)).toBe(true);
          const done = new Set<number>();
          for (const offset of finished) {
            ledger.finish(offset);
            done.add(offset);
            const lowest = offsets.find((each) => !done.has(each));
            expect(ledger.watermark).toBe(lowest ?? (offsets.at(-1) ?? 0) + 1);
          }
        },
      ),
    );
  });

  it('never moves its watermark back', () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('begin' as const), offset: fc.nat(60) }),
      fc.record({ do: fc.constant('finish' as const), offset: fc.nat(60) }),
      fc.record({ do: fc.constant('skip' as const), offset: fc.nat(60) }),
    );
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const ledger = new OffsetLedger(0);
        let before = ledger.watermark;
        for (const { do: what, offset } of steps) {
          if (what === 'begin') ledger.begin(offset);
          else if (what === 'finish') ledger.finish(offset);
          else ledger.skipTo(offset);
          expect(ledger.watermark).toBeGreaterThanOrEqual(before);
          before = ledger.watermark;
        }
      }),
    );
  });

  it('recognises records that are fetched again', () => {
    const ledger = new OffsetLedger(5);
    ledger.begin(5);
    ledger.begin(6);
    ledger.finish(6);
    expect([4, 5, 6, 7].map((offset) => ledger.begin(offset))).toEqual([false, false, false, true]);
    expect(ledger.watermark).toBe(5);
  });

  it('forgets what another member has finished meanwhile', () => {
    const ledger = new OffsetLedger(0);
    [0, 1, 2].forEach((offset) => ledger.begin(offset));
    ledger.skipTo(10);
    ledger.finish(1);
    expect(ledger.watermark).toBe(10);
    expect(ledger.span).toBe(0);
  });
});
