// Policy: when an attempt is made again, and when a delivery is given up.
import { describe, expect, it } from '@jest/globals';
import { defaultPolicy, retryAfterMaxMs, type Outcome } from '@sluice/contracts';
import fc from 'fast-check';
import { backoffMs } from './backoff.ts';
import { asReplay, decide, followUp, historyLimit } from './decide.ts';

import { aDelivery, anOutcome } from '../testing/samples.ts';

const outcomeOf = (over: Partial<Outcome>) =>
  anOutcome({ result: 'retryable', outcome_code: 'rejected_server_error', ...over });
const at = (outcome: Outcome, over: { cycleStart?: number; random?: number } = {}) =>
  decide(defaultPolicy, { outcome, cycleStart: 1, nowMs: 1_000_000, random: 0.5, ...over });

const aPolicy = fc.record({
  max_attempts: fc.integer({ min: 1, max: 100 }),
  client_error_max_attempts: fc.integer({ min: 1, max: 100 }),
  backoff_ms: fc.integer({ min: 100, max: 100_000 }),
  backoff_factor: fc.double({ min: 1, max: 10, noNaN: true }),
  backoff_cap_ms: fc.integer({ min: 100, max: 86_400_000 }),
  jitter: fc.double({ min: 0, max: 1, noNaN: true }),
  timeout_ms: fc.constant(1_000),
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

  it('a replay begins the policy anew', () => {
    expect(at(outcomeOf({ attempt: 43 }), { cycleStart: 43 })).toEqual({
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
          const decision = decide(policy, { outcome, cycleStart: 1, nowMs: 1_000_000, random });
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
