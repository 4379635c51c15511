// Waiting: due order kept, never early, any due time reached in few hops.
import { describe, expect, it } from '@jest/globals';
import { retryTiers } from '@sluice/contracts';
import fc from 'fast-check';
import { DelayLine } from './delay-line.ts';
import { leaveTier, tierFor } from './delay-tiers.ts';

describe('a delay line', () => {
  it('gives out what is due, in due order, first come first among equals', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50)), fc.array(fc.nat(60)), (dues, times) => {
        const line = new DelayLine<{ due: number; index: number }>();
        dues.forEach((due, index) => line.add({ due, index }, due));
        const out: { due: number; index: number }[] = [];
        for (const now of [...times].sort((a, b) => a - b)) {
          const taken = line.take(now);
          for (const each of taken) expect(each.due).toBeLessThanOrEqual(now);
          out.push(...taken);
          expect(line.nextDueAtMs ?? Infinity).toBeGreaterThan(now);
        }
        out.push(...line.take(1_000));
        const expected = dues.map((due, index) => ({ due, index })).sort((a, b) => a.due - b.due || a.index - b.index);
        expect(out).toEqual(expected);
        expect(line.size).toBe(0);
      }),
    );
  });
});

describe('delay tiers', () => {
  it('reach any due time up to a day exactly, in few hops', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 86_400_000 }), (waitMs) => {
        let nowMs = 0;
        let hops = 0;
        for (let due = false; !due; hops++) {
          const leave = leaveTier(tierFor(waitMs - nowMs), nowMs, waitMs);
          expect(leave.atMs).toBeGreaterThan(nowMs);
          expect(leave.atMs).toBeLessThanOrEqual(waitMs);
          nowMs = leave.atMs;
          due = leave.isDue;
        }
        expect(nowMs).toBe(waitMs);
        expect(hops).toBeLessThanOrEqual(32);
      }),
    );
  });

  it('take waits that match a tier, jitter included, in one hop', () => {
    for (const tier of retryTiers.slice(1)) {
      for (const jitter of [1, 1.1, 1.2]) {
        const waitMs = Math.min(tier.delayMs * jitter, tier.delayMs + 15_000);
        expect(tierFor(waitMs).name).toBe(tier.name);
        expect(leaveTier(tier, 0, waitMs)).toEqual({ atMs: waitMs, isDue: true });
      }
    }
  });
});
