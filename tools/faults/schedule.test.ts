// Proves that a seed decides a schedule and that everybody gets their turn.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { scheduleOf } from './schedule.ts';

const options = fc.record({
  seed: fc.nat(),
  events: fc.integer({ min: 1_000, max: 1_000_000 }),
  faults: fc.integer({ min: 1, max: 40 }),
  victims: fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 6 }),
  strike: fc.constant({ kind: 'kill' } as const),
});

describe('a schedule of faults', () => {
  it('is the same for the same seed, and another for another', () => {
    fc.assert(fc.property(options, (each) => expect(scheduleOf(each)).toEqual(scheduleOf(each))));
    const base = { events: 10_000, faults: 10, victims: ['a', 'b', 'c'], strike: { kind: 'kill' } } as const;
    const different = new Set(Array.from({ length: 100 }, (_, seed) => JSON.stringify(scheduleOf({ ...base, seed }))));
    expect(different.size).toBe(100);
  });

  it('has as many faults as asked, in order, all within the run', () => {
    fc.assert(
      fc.property(options, (each) => {
        const places = scheduleOf(each).map(({ afterEvents }) => afterEvents);
        expect(places).toHaveLength(each.faults);
        expect(places).toEqual([...places].sort((a, b) => a - b));
        expect(places.every((place) => place >= 0 && place < each.events)).toBe(true);
      }),
    );
  });

  it('strikes everybody before it strikes somebody again', () => {
    fc.assert(
      fc.property(options, (each) => {
        const counts = each.victims.map((name) => scheduleOf(each).filter(({ victim }) => victim === name).length);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
