// Quarantine: nobody is kept out before it has happened often enough, nobody for good, and each time for longer.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Quarantine } from './quarantine.ts';

const limits = { kills: 3, quarantineMs: 600, quarantineCapMs: 5_000, forgetMs: 3_600 };

function at(start = 0) {
  const clock = { now: start };
  return { clock, quarantine: new Quarantine(limits, () => clock.now) };
}

describe('the quarantine', () => {
  it('keeps a key out from the third kill on, and lets it in again', () => {
    const { clock, quarantine } = at(1_000);
    expect([quarantine.strike('k'), quarantine.strike('k')]).toEqual([undefined, undefined]);
    expect(quarantine.until('k')).toBeUndefined();
    expect(quarantine.strike('k')).toBe(1_600);
    expect([quarantine.until('k'), quarantine.size]).toEqual([1_600, 1]);
    clock.now = 1_600;
    expect([quarantine.until('k'), quarantine.size]).toEqual([undefined, 0]);
  });

  it('keeps it out twice as long each time, up to the cap, without giving it three chances again', () => {
    const { clock, quarantine } = at();
    quarantine.strike('k');
    quarantine.strike('k');
    const lengths = [1, 2, 3, 4, 5, 6].map(() => {
      const length = (quarantine.strike('k') ?? 0) - clock.now;
      clock.now += length;
      return length;
    });
    expect(lengths).toEqual([600, 1_200, 2_400, 4_800, 5_000, 5_000]);
  });

  it('forgets a key that was not killed for long enough, counted from the end of its quarantine', () => {
    const { clock, quarantine } = at();
    for (const _ of [1, 2, 3]) quarantine.strike('k');
    clock.now = 600 + limits.forgetMs - 1;
    expect(quarantine.suspects('k')).toBe(true);
    clock.now++;
    expect(quarantine.suspects('k')).toBe(false);
    expect(quarantine.strike('k')).toBeUndefined();
  });

  it('keeps each key to itself, and never keeps one out for longer than the cap', () => {
    const step = fc.record({ key: fc.constantFrom('a', 'b'), waitMs: fc.nat({ max: 2_000 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const { clock, quarantine } = at();
        for (const { key, waitMs } of steps) {
          clock.now += waitMs;
          const other = quarantine.until(key === 'a' ? 'b' : 'a');
          const until = quarantine.strike(key);
          expect(until ?? 0).toBeLessThanOrEqual(clock.now + limits.quarantineCapMs);
          expect(quarantine.until(key)).toBe(until);
          expect(quarantine.suspects(key)).toBe(true);
          expect(quarantine.until(key === 'a' ? 'b' : 'a')).toBe(other);
        }
      }),
    );
  });

  it('remembers a bounded number of keys, the newest', () => {
    const { quarantine } = at();
    for (const _ of [1, 2, 3]) quarantine.strike('first');
    for (let index = 0; index < 10_000; index++) quarantine.strike(`k${index}`);
    expect([quarantine.suspects('first'), quarantine.suspects('k9999')]).toEqual([false, true]);
  });
});
