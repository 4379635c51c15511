// Shares: a workspace that had no slots gets back as much as does not come back, over all its lots, and no other is slowed by it.
import { describe, expect, it } from '@jest/globals';
import type { Lot } from '@sluice/persistence';
import fc from 'fast-check';
import { pacesOf, withinShares, type Paces } from './shares.ts';

const nowMs = 1_700_000_000_000;
const lot = (over: Partial<Lot>): Lot => ({
  connection_id: 'c',
  workspace_id: 'w',
  newest_at_ms: nowMs,
  newest_reason: 'no_slot',
  oldest_began_at_ms: nowMs,
  first_parked_at_ms: nowMs,
  first_not_before_at_ms: null,
  active: true,
  version: 1,
  policy: {},
  ...over,
});
const hog = Array.from({ length: 1_000 }, (_, n) => lot({ connection_id: `c${n}` }));
const all = (lots: readonly Lot[], count = 10) => lots.map(({ connection_id }) => ({ connection_id, count }));
const sum = (takings: readonly { count: number }[]): number => takings.reduce((total, { count }) => total + count, 0);

/** What is given out of these lots second by second. */
function given(seconds: number, lotsIn: (second: number) => readonly Lot[]): number[] {
  let paces: Paces = new Map();
  return Array.from({ length: seconds }, (_, turn) => {
    const lots = lotsIn(turn);
    paces = pacesOf(lots, paces);
    return sum(withinShares(all(lots, 500), lots, { paces, turn }));
  });
}

describe('a workspace whose slots did not suffice', () => {
  it('gets ten a second of all its lots, and twice as many with each second in which none comes back', () => {
    expect(given(7, () => hog.slice(0, 4))).toEqual([8, 20, 40, 80, 160, 320, 500]);
  });

  it('gets half as many with each second in which one does, down to one', () => {
    const comingBack = (second: number) =>
      hog.map((each, n) => (n === 5 ? { ...each, newest_at_ms: nowMs + second } : each));
    expect(given(6, comingBack)).toEqual([10, 5, 2, 1, 1, 1]);
  });

  it('serves each of its lots in turn', () => {
    const lots = hog.slice(0, 30);
    const paces: Paces = new Map([['w', { perSecond: 1, newestAtMs: nowMs }]]);
    const served = Array.from(
      { length: 30 },
      (_, turn) => withinShares(all(lots), lots, { paces, turn })[0]?.connection_id,
    );
    expect(new Set(served).size).toBe(30);
  });

  it('slows neither others, nor its own lots that wait for something else', () => {
    const others = [
      lot({ connection_id: 'other', workspace_id: 'v', newest_reason: 'breaker_open' }),
      lot({ connection_id: 'own', newest_reason: 'throttled' }),
    ];
    const lots = [...hog, ...others];
    const takings = withinShares(all(lots, 500), lots, { paces: pacesOf(lots, new Map()), turn: 0 });
    expect(takings.filter(({ count }) => count === 500).map(({ connection_id }) => connection_id)).toEqual([
      'other',
      'own',
    ]);
    expect(sum(takings)).toBe(1_000 + 10);
  });

  it('never gets more than its pace, nor more of a lot than that lot gives', () => {
    const aTaking = fc.record({ n: fc.nat(999), count: fc.integer({ min: 1, max: 500 }) });
    fc.assert(
      fc.property(
        fc.uniqueArray(aTaking, { selector: ({ n }) => n }),
        fc.double({ min: 1, max: 500, noNaN: true }),
        fc.nat(),
        (some, perSecond, turn) => {
          const takings = some.map(({ n, count }) => ({ connection_id: `c${n}`, count }));
          const paces: Paces = new Map([['w', { perSecond, newestAtMs: nowMs }]]);
          const got = withinShares(takings, hog, { paces, turn });
          expect(sum(got)).toBeLessThanOrEqual(perSecond);
          const most = new Map(takings.map(({ connection_id, count }) => [connection_id, count]));
          for (const { connection_id, count } of got) expect(count).toBeLessThanOrEqual(most.get(connection_id) ?? 0);
          if (takings.length > 0) expect(sum(got)).toBeGreaterThan(0);
        },
      ),
    );
  });
});
