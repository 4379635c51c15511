// What a parking lot gives out: never more than the destination bears, one probe, batches in order, nothing while it cannot go on.
import { describe, expect, it } from '@jest/globals';
import type { Policy } from '@sluice/contracts';
import type { Lot } from '@sluice/persistence';
import fc from 'fast-check';
import { decideRelease, expiredOf, releaseLimits, type LotMemory, type LotSight } from './decide-release.ts';

const nowMs = 1_700_000_000_000;
const lot = (over: Partial<Lot> = {}): Lot => ({
  connection_id: 'c',
  workspace_id: 'w',
  newest_at_ms: nowMs - 60_000,
  newest_reason: 'held_too_long',
  oldest_began_at_ms: nowMs - 120_000,
  first_parked_at_ms: nowMs - 90_000,
  first_not_before_at_ms: null,
  active: true,
  version: 1,
  policy: {},
  ...over,
});
const sight = (over: Partial<LotSight> = {}): LotSight => ({
  breaker: undefined,
  memory: {},
  isUnderWay: false,
  nowMs,
  ...over,
});
const hourly = (limit: number): Partial<Policy> => ({ rate: { limit, per: 'hour' } });

/** What it gives out second by second. */
function counts(seconds: number, seen: (second: number) => Partial<Lot> = () => ({})): number[] {
  let memory: LotMemory = {};
  return Array.from({ length: seconds }, (_, second) => {
    const decision = decideRelease(lot(seen(second)), sight({ memory, nowMs: nowMs + second * 1_000 }));
    memory = decision.memory;
    return decision.count;
  });
}

describe('a parking lot', () => {
  it('begins with ten a second and doubles while nothing comes back, up to five hundred', () => {
    expect(counts(8)).toEqual([10, 20, 40, 80, 160, 320, 500, 500]);
  });

  it('halves with each second in which something comes back, down to one', () => {
    expect(counts(6, (second) => ({ newest_at_ms: nowMs + second }))).toEqual([10, 5, 2, 1, 1, 1]);
  });

  it.each([
    [{ rate: { limit: 15, per: 'second' } }, [10, 15, 15, 15]],
    [{ rate: { limit: 30, per: 'minute' } }, [0, 1, 0, 1]],
  ])('never gives out more than a policy of %j lets through', (policy, expected) => {
    expect(counts(4, () => ({ policy }))).toEqual(expected);
  });

  it('keeps to a rate over any time, whatever comes back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.array(fc.boolean(), { maxLength: 300 }), (limit, back) => {
        let newest_at_ms = nowMs;
        const given = counts(back.length, (second) => {
          newest_at_ms += back[second] ? 1 : 0;
          return { newest_at_ms, policy: hourly(limit) };
        });
        const sum = given.reduce((all, count) => all + count, 0);
        expect(sum).toBeLessThanOrEqual((limit * back.length) / 3_600 + 1);
        expect(Math.max(0, ...given)).toBeLessThanOrEqual(releaseLimits.pace.max);
      }),
    );
  });

  it('gives out nothing while its connection is switched off, and begins anew afterwards', () => {
    const { memory } = decideRelease(lot(), sight());
    expect(memory.pace).toBeDefined();
    expect(decideRelease(lot({ active: false }), sight({ memory }))).toEqual({ count: 0, memory: {} });
  });

  it('gives out nothing before the first in line may be attempted', () => {
    expect(decideRelease(lot({ first_not_before_at_ms: nowMs + 1 }), sight()).count).toBe(0);
    expect(decideRelease(lot({ first_not_before_at_ms: nowMs }), sight()).count).toBe(10);
  });

  it('of a connection that was deleted gives out everything, to be given up', () => {
    const deleted = lot({ active: false, policy: null, first_not_before_at_ms: nowMs + 1 });
    expect(decideRelease(deleted, sight()).count).toBe(500);
  });
});

describe('a breaker', () => {
  it('lets nothing out while it is open', () => {
    expect(decideRelease(lot(), sight({ breaker: { open_until: nowMs + 1 } }))).toEqual({ count: 0, memory: {} });
  });

  it('lets one probe out when its time is over, and waits for what comes of it', () => {
    const breaker = { open_until: nowMs };
    const { count, memory } = decideRelease(lot(), sight({ breaker }));
    expect(count).toBe(1);
    const later = (ms: number) => decideRelease(lot(), sight({ breaker, memory, nowMs: nowMs + ms }));
    expect(later(1_000)).toEqual({ count: 0, memory });
    expect(later(releaseLimits.probeAgainMs).count).toBe(1);
  });

  it('that opened again has another probe, and one that closed lets the lot begin slowly', () => {
    const { memory } = decideRelease(lot(), sight({ breaker: { open_until: nowMs } }));
    const reopened = { breaker: { open_until: nowMs + 120_000 }, memory };
    expect(decideRelease(lot(), sight(reopened)).count).toBe(0);
    expect(decideRelease(lot(), sight({ ...reopened, nowMs: nowMs + 120_000 })).count).toBe(1);
    expect(decideRelease(lot(), sight({ memory })).count).toBe(10);
  });
});

describe.each(['per_key', 'strict'])('a connection in order: %s', (order) => {
  const policy = { order };

  it('gives out one batch, and the next when the last is decided', () => {
    expect(decideRelease(lot({ policy }), sight()).count).toBe(50);
    expect(decideRelease(lot({ policy }), sight({ isUnderWay: true })).count).toBe(0);
  });

  it('waits until those that were parked together have all come', () => {
    expect(decideRelease(lot({ policy, first_parked_at_ms: nowMs - 1_999 }), sight()).count).toBe(0);
  });

  it('has one probe as well', () => {
    expect(decideRelease(lot({ policy }), sight({ breaker: { open_until: nowMs } })).count).toBe(1);
  });
});

describe('age', () => {
  it('is up by the policy, whether or not the connection can go on', () => {
    const policy = { max_age_ms: 60_000 };
    for (const active of [true, false]) {
      const old = lot({ policy, active, oldest_began_at_ms: nowMs - 60_001 });
      expect(expiredOf(old, nowMs)).toEqual({ connection_id: 'c', count: 500, began_before_ms: nowMs - 60_000 });
    }
    expect(expiredOf(lot({ policy, oldest_began_at_ms: nowMs - 60_000 }), nowMs)).toBeUndefined();
  });

  it('of one whose policy says nothing of it is up after five days; of a deleted connection never', () => {
    const old = { oldest_began_at_ms: nowMs - 432_000_001 };
    expect(expiredOf(lot(old), nowMs)).toBeDefined();
    expect(expiredOf(lot({ ...old, policy: null }), nowMs)).toBeUndefined();
  });
});
