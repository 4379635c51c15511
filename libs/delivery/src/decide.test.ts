// Policy: when an attempt is made again, and when a delivery is given up.
import { describe, expect, it } from '@jest/globals';
import { defaultPolicy, retryAfterMaxMs, type Delivery, type Outcome, type Policy } from '@sluice/contracts';
import fc from 'fast-check';
import { backoffMs } from './backoff.ts';
import { asReplay, decide, followUp, historyLimit } from './decide.ts';

import { aDelivery, anOutcome } from '../testing/samples.ts';

const outcomeOf = (over: Partial<Outcome>) =>
  anOutcome({ result: 'retryable', outcome_code: 'rejected_server_error', ...over });
interface Over {
  delivery?: Partial<Delivery>;
  policy?: Partial<Policy>;
  random?: number;
}

const at = (outcome: Outcome, over: Over = {}) =>
  decide(
    { ...defaultPolicy, ...over.policy },
    { outcome, delivery: { ...aDelivery(), ...over.delivery }, nowMs: 1_000_000, random: over.random ?? 0.5 },
  );

const aPolicy = fc.record<Policy>({
  max_attempts: fc.integer({ min: 1, max: 100 }),
  client_error_max_attempts: fc.integer({ min: 1, max: 100 }),
  backoff_ms: fc.integer({ min: 100, max: 100_000 }),
  backoff_factor: fc.double({ min: 1, max: 10, noNaN: true }),
  backoff_cap_ms: fc.integer({ min: 100, max: 86_400_000 }),
  jitter: fc.double({ min: 0, max: 1, noNaN: true }),
  timeout_ms: fc.constant(1_000),
  max_age_ms: fc.constant(Number.MAX_SAFE_INTEGER),
  concurrency: fc.constant(0),
  rate: fc.constant(null),
  order: fc.constant('unordered'),
  no_retry: fc.constant([]),
});

describe('backoff', () => {
  it('stays within its jitter of the nominal wait, and never above the cap and its jitter', () => {
    fc.assert(
      fc.property(
        aPolicy,
        fc.integer({ min: 1, max: 100 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (policy, failures, random) => {
          const wait = backoffMs(policy, failures, random);
          const nominal = Math.min(policy.backoff_cap_ms, policy.backoff_ms * policy.backoff_factor ** (failures - 1));
          expect(wait).toBeGreaterThanOrEqual(Math.floor(nominal * (1 - policy.jitter)));
          expect(wait).toBeLessThanOrEqual(Math.ceil(nominal * (1 + policy.jitter)));
        },
      ),
    );
  });

  it('grows from one failure to the next with the default policy, whatever the dice', () => {
    for (let failures = 1; failures < 7; failures++) {
      expect(backoffMs(defaultPolicy, failures, 0.999)).toBeLessThan(backoffMs(defaultPolicy, failures + 1, 0));
    }
  });
});

describe('after an outcome', () => {
  it('nothing follows a delivery', () => {
    expect(at(outcomeOf({ result: 'delivered' }))).toEqual({ kind: 'done' });
  });

  it('a rejection is final, with its reason', () => {
    expect(at(outcomeOf({ result: 'rejected' }))).toEqual({ kind: 'dead', reason: 'rejected' });
    const error = { layer: 'internal', code: 'connection_deleted', message: '' };
    expect(at(outcomeOf({ result: 'rejected', error }))).toEqual({ kind: 'dead', reason: 'connection_deleted' });
  });

  it('a failure is tried again until the attempts of the policy are used up', () => {
    expect(at(outcomeOf({ attempt: 1 }))).toEqual({ kind: 'again', dueAtMs: 1_005_000, cause: 'backoff' });
    expect(at(outcomeOf({ attempt: 41 }))).toMatchObject({ kind: 'again' });
    expect(at(outcomeOf({ attempt: 42 }))).toEqual({ kind: 'dead', reason: 'attempts_exhausted' });
  });

  it('an answer 4xx has a shorter schedule', () => {
    const code = 'rejected_client_error';
    expect(at(outcomeOf({ attempt: 4, outcome_code: code }))).toMatchObject({ kind: 'again' });
    expect(at(outcomeOf({ attempt: 5, outcome_code: code }))).toEqual({ kind: 'dead', reason: 'attempts_exhausted' });
  });

  it('a request to slow down spends no attempt, however often it comes, only time', () => {
    const asked = outcomeOf({ attempt: 90, outcome_code: 'rate_limited', retry_at: 1_060_000, started_at: 999_000 });
    const paused = { delivery: { pauses: 89 }, policy: { max_attempts: 2, backoff_cap_ms: 5_000 } };
    expect(at(asked, paused)).toEqual({ kind: 'again', dueAtMs: 1_060_000, cause: 'retry_after' });
    const failed = outcomeOf({ attempt: 91, started_at: 999_000 });
    expect(at(failed, { ...paused, delivery: { pauses: 90 } })).toMatchObject({ kind: 'again' });
    expect(at(failed, paused)).toEqual({ kind: 'dead', reason: 'attempts_exhausted' });
    expect(at(asked, { ...paused, policy: { max_age_ms: 60_000 } })).toEqual({ kind: 'dead', reason: 'too_old' });
  });

  it('it is not tried for longer than the policy says, counted from the beginning of its run', () => {
    const first = { attempt: 3, trigger: 'replay', started_at: 400_000, total_ms: 1, outcome_code: 'timeout' } as const;
    const delivery = { cycle_start: 3, attempts: [{ ...first, http_status: null, message: '' }] };
    const late = outcomeOf({ attempt: 4, started_at: 999_000 });
    expect(at(late, { delivery, policy: { max_age_ms: 600_000 } })).toEqual({ kind: 'dead', reason: 'too_old' });
    expect(at(late, { delivery, policy: { max_age_ms: 700_000 } })).toMatchObject({ kind: 'again' });
  });

  it('there is no other try where the policy wants none for such a failure', () => {
    const policy = { no_retry: ['timeout'] };
    expect(at(outcomeOf({ outcome_code: 'timeout' }), { policy })).toEqual({ kind: 'dead', reason: 'not_retried' });
    expect(at(outcomeOf({}), { policy })).toMatchObject({ kind: 'again' });
  });

  it('a replay begins the policy anew', () => {
    expect(at(outcomeOf({ attempt: 43 }), { delivery: { cycle_start: 43 } })).toEqual({
      kind: 'again',
      dueAtMs: 1_005_000,
      cause: 'backoff',
    });
  });

  it('the destination may ask for a longer wait, up to a day, never for a shorter one', () => {
    expect(at(outcomeOf({ retry_at: 1_060_000 }))).toEqual({ kind: 'again', dueAtMs: 1_060_000, cause: 'retry_after' });
    expect(at(outcomeOf({ retry_at: 1_001_000 }))).toEqual({ kind: 'again', dueAtMs: 1_005_000, cause: 'backoff' });
    expect(at(outcomeOf({ retry_at: 1e15 }))).toEqual({
      kind: 'again',
      dueAtMs: 1_000_000 + retryAfterMaxMs,
      cause: 'retry_after',
    });
  });

  it('is never due before the time the destination named, within the day', () => {
    fc.assert(
      fc.property(
        aPolicy,
        fc.integer({ min: 0, max: retryAfterMaxMs }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (policy, afterMs, random) => {
          const outcome = outcomeOf({ retry_at: 1_000_000 + afterMs });
          const decision = decide(policy, { outcome, delivery: aDelivery(), nowMs: 1_000_000, random });
          if (decision.kind === 'again') expect(decision.dueAtMs).toBeGreaterThanOrEqual(1_000_000 + afterMs);
        },
      ),
    );
  });
});

describe('the delivery that follows', () => {
  it('counts up and remembers, up to a limit', () => {
    let delivery = aDelivery();
    for (let attempt = 1; attempt <= 60; attempt++) delivery = followUp(delivery, outcomeOf({ attempt }));
    expect(delivery.attempt).toBe(61);
    expect(delivery.attempts).toHaveLength(historyLimit);
    expect(delivery.attempts.at(-1)).toMatchObject({ attempt: 60, outcome_code: 'rejected_server_error' });
  });

  it('keeps its id when replayed, and starts a new cycle', () => {
    const dead = aDelivery({ attempt: 3 });
    expect(asReplay(dead, { id: 'replay', trigger: 'manual' })).toMatchObject({
      id: dead.id,
      attempt: 4,
      cycle_start: 4,
      trigger: 'manual',
      replay_id: 'replay',
    });
  });
});
