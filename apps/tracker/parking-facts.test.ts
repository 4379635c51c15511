// What parking lots make known: who waits there and why, how old it is, and that it goes on.
import { describe, expect, it } from '@jest/globals';
import { projectParked, projectRelease, type Facts } from './project.ts';
import { delivery, failure, head } from './testing/samples.ts';

const ofDelivery = (facts: Facts) => facts.deliveries?.[0];
const lastError = { outcome_code: 'rejected_server_error', http_status: 503, last_error: failure.message };

describe('a parking lot', () => {
  const place = { id: '0000000000000042-d', reason: 'breaker_open', not_before: null, parked_at: 6_000 };

  it('says why the delivery waits, and holds it whole; nothing was attempted', () => {
    const waiting = delivery({ attempt: 3, trigger: 'retry' });
    const facts = projectParked({ ...place, delivery: waiting });
    expect(ofDelivery(facts)).toMatchObject({
      ...lastError,
      state: 'parked',
      state_reason: 'breaker_open',
      attempt_count: 2,
      moved_at_ms: 6_000,
    });
    expect(facts.attempt).toBeUndefined();
    expect(facts.parked).toEqual({
      id: place.id,
      connection_id: head.connection_id,
      workspace_id: head.workspace,
      connector: 'webhook',
      delivery_id: head.id,
      event_id: head.event_id,
      rule_id: head.rule_id,
      event: 'lead.created',
      attempt: 3,
      reason: 'breaker_open',
      not_before_at_ms: null,
      began_at_ms: failure.started_at,
      parked_at_ms: 6_000,
      delivery: JSON.stringify(waiting),
    });
  });

  it('is where a delivery in strict order waits for its next attempt', () => {
    const waiting = delivery({ attempt: 3 });
    const facts = projectParked({ ...place, reason: 'strict_retry', not_before: 9_000, delivery: waiting });
    expect(ofDelivery(facts)).toMatchObject({ state: 'parked', next_attempt_at_ms: 9_000 });
    expect(facts.attempt).toMatchObject({ attempt: 2, next_at_ms: 9_000, next_cause: 'backoff' });
  });

  it.each([
    ['the event, where there was no attempt', { attempt: 1, attempts: [] }, 1_000],
    ['its first attempt', { attempt: 3, attempts: [{ ...failure, attempt: 1, started_at: 4_000 }, failure] }, 4_000],
    ['when it was asked for again', { attempt: 3, cycle_start: 3 }, 2_000],
    ['the first attempt since it was asked for again', { attempt: 3, cycle_start: 2 }, 5_000],
  ])('counts age from %s', (_what, over, beganAtMs) => {
    expect(projectParked({ ...place, delivery: delivery(over) }).parked?.began_at_ms).toBe(beganAtMs);
  });

  it('lets a delivery go on as the same attempt; one that has expired is left to its dead letter', () => {
    const released = { released_at: 7_000, is_expired: false, delivery: delivery({ attempt: 3 }) };
    expect(ofDelivery(projectRelease(released))).toMatchObject({
      state: 'queued',
      state_reason: 'released',
      attempt_count: 2,
      moved_at_ms: 7_000,
    });
    expect(projectRelease({ ...released, is_expired: true })).toEqual({});
  });
});
