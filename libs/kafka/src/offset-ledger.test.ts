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
          const ledger = new OffsetLedger();
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
        const ledger = new OffsetLedger();
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
    const ledger = new OffsetLedger();
    ledger.skipTo(5);
    ledger.begin(5);
    ledger.begin(6);
    ledger.finish(6);
    expect([4, 5, 6, 7].map((offset) => ledger.begin(offset))).toEqual([false, false, false, true]);
    expect(ledger.watermark).toBe(5);
  });

  it('forgets what another member has finished meanwhile', () => {
    const ledger = new OffsetLedger();
    [0, 1, 2].forEach((offset) => ledger.begin(offset));
    ledger.skipTo(10);
    ledger.finish(1);
    expect(ledger.watermark).toBe(10);
    expect(ledger.span).toBe(0);
  });

  it('hands over what is finished: who takes over begins exactly what is not, and comes to the same watermark', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.array(fc.nat(59)), fc.nat(40), (count, finished, known) => {
        const before = new OffsetLedger();
        for (let offset = 0; offset < count; offset++) before.begin(offset);
        finished.filter((offset) => offset < count).forEach((offset) => before.finish(offset));
        const { watermark } = before;

        const after = new OffsetLedger();
        // It may still have some in hand from when the partition was its own.
        const inHand = Array.from({ length: Math.min(known, count) }, (_, offset) => offset);
        inHand.forEach((offset) => after.begin(offset));
        after.skipTo(watermark, before.finished);
        const begun: number[] = [];
        for (let offset = watermark; offset < count; offset++) if (after.begin(offset)) begun.push(offset);
        const left = Array.from({ length: count }, (_, offset) => offset).filter((at) => !finished.includes(at));
        expect(begun).toEqual(left.filter((offset) => offset >= inHand.length));
        for (let offset = 0; offset < count; offset++) after.finish(offset);
        expect(after.watermark).toBe(Math.max(count, watermark));
        expect(after.span).toBe(0);
      }),
    );
  });
});
