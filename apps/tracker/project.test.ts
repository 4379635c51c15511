// Each record as the facts it yields: what is known then, and nothing that is not.
import { describe, expect, it } from '@jest/globals';
import {
  projectDeadLetter,
  projectEvent,
  projectFanOut,
  projectOutcome,
  projectReplay,
  projectRetry,
  type Facts,
} from './project.ts';
import { delivery, event, failure, fanOut, head, outcome } from './testing/samples.ts';

const ofDelivery = (facts: Facts) => facts.deliveries?.[0];
const lastError = { outcome_code: 'rejected_server_error', http_status: 503, last_error: failure.message };

describe('an event', () => {
  it('is known with its payload to the digit and the email it can be found by', () => {
    expect(projectEvent(event, 't')).toEqual({
      event: {
        id: event.id,
        workspace: event.workspace,
        event: 'lead.created',
        resource: 'contact',
        resource_id: '7',
        payload: event.payload,
        email: 'jane@example.com',
        created_by: 'mk_test',
        created_at_ms: 1_000,
        routed_at_ms: null,
        total_rules: null,
        overflow: null,
        budget_exhausted: null,
        schema_problem: null,
        mapping_warnings: null,
        trace_id: 't',
      },
      seenEventType: {
        workspace: event.workspace,
        name: 'lead.created',
        first_seen_at_ms: 1_000,
        last_seen_at_ms: 1_000,
        sample_event_id: event.id,
      },
      seenResource: { workspace: event.workspace, name: 'contact' },
    });
    expect(projectEvent({ ...event, payload: '{"a":1}' }, null).event?.email).toBeNull();
  });

  it('says what its type found wrong, and names no resource where it has none', () => {
    const problem = 'payload.email must be a string';
    const facts = projectEvent({ ...event, resource: null, schema_problem: problem }, null);
    expect(facts.event?.schema_problem).toBe(problem);
    expect(facts.seenResource).toBeUndefined();
  });

  it.each([
    ['a payload that is no JSON', { payload: '{' }],
    ['a payload nested too deep', { payload: '['.repeat(10_000) }],
    ['an id that is no UUID', { id: 'x' }],
    ['an event type with a control character', { event: 'a\u0000b' }],
  ])('that the router sets aside leaves no trace in history: %s', (_what, over) => {
    expect(projectEvent({ ...event, ...over }, 't')).toEqual({});
  });
});

describe('a fan-out', () => {
  it('says when an event was routed, to how many rules, and queues each delivery', () => {
    const facts = projectFanOut(fanOut, 't');
    expect(facts.event).toMatchObject({
      id: event.id,
      routed_at_ms: 2_000,
      total_rules: 1,
      payload: null,
      email: null,
    });
    expect(facts.deliveries).toEqual([
      {
        ...head,
        state: 'queued',
        state_reason: null,
        attempt_count: 0,
        next_attempt_at_ms: null,
        moved_at_ms: null,
        completed_at_ms: null,
        outcome_code: null,
        http_status: null,
        last_error: null,
        replay_id: null,
        trace_id: 't',
        progress: expect.any(Number),
      },
    ]);
  });

  it('says what was over the limits, and what each mapping left out', () => {
    const warnings = ['phone is no text'];
    const deliveries = fanOut.deliveries.map((one) => ({ ...one, warnings }));
    const facts = projectFanOut({ ...fanOut, overflow: 7, budget_exhausted: true, deliveries }, 't');
    const mapping_warnings = JSON.stringify({ [head.rule_id]: warnings });
    expect(facts.event).toMatchObject({ overflow: 7, budget_exhausted: true, mapping_warnings });
    expect(projectFanOut(fanOut, 't').event).toMatchObject({ overflow: 0, mapping_warnings: null });
  });

  it('that matched nothing says so', () => {
    expect(projectFanOut({ ...fanOut, deliveries: [] }, 't')).toMatchObject({
      event: { total_rules: 0 },
      deliveries: [],
    });
  });
});

describe('an outcome', () => {
  it('of a failure leaves the delivery in flight until it is decided what follows', () => {
    const facts = projectOutcome(outcome());
    expect(ofDelivery(facts)).toMatchObject({
      ...head,
      ...lastError,
      state: 'in_flight',
      attempt_count: 2,
      completed_at_ms: null,
    });
    expect(facts.attempt).toMatchObject({ attempt: 2, result: 'retryable', next_at_ms: null, next_cause: null });
  });

  it('of a success completes the delivery, and nothing follows', () => {
    const got = outcome({
      result: 'delivered',
      outcome_code: 'delivered',
      http_status: 200,
      error: null,
      delivery: null,
    });
    const facts = projectOutcome(got);
    expect(ofDelivery(facts)).toMatchObject({
      state: 'delivered',
      attempt_count: 2,
      completed_at_ms: 5_012.5,
      outcome_code: 'delivered',
      http_status: 200,
      last_error: null,
    });
    expect(facts.attempt).toMatchObject({ result: 'delivered', next_cause: 'none', error: null });
  });

  it('keeps the request, the response and the error as JSON', () => {
    const { attempt } = projectOutcome(outcome());
    expect(JSON.parse(attempt?.response ?? '')).toEqual(outcome().response);
    expect(JSON.parse(attempt?.request ?? '')).toEqual(outcome().request);
    expect(JSON.parse(attempt?.error ?? '')).toEqual(outcome().error);
    expect(attempt).toMatchObject({ queued_ms: 3, connect_ms: 0.5, ttfb_ms: 10, total_ms: 12.5, span_id: 's' });
  });
});

describe('a retry', () => {
  it('says until when the delivery waits and on whose word, and what the attempt before it led to', () => {
    const waiting = delivery({ attempt: 3 });
    const facts = projectRetry({ delivery: waiting, due_at: 9_000, cause: 'retry_after', decided_at: 6_000, hop: 0 });
    expect(ofDelivery(facts)).toMatchObject({
      ...lastError,
      state: 'waiting_retry',
      state_reason: 'retry_after',
      attempt_count: 2,
      next_attempt_at_ms: 9_000,
    });
    expect(facts.attempt).toMatchObject({ attempt: 2, next_at_ms: 9_000, next_cause: 'retry_after', result: null });
  });
});

describe('a dead letter', () => {
  const letter = {
    reason: 'attempts_exhausted',
    outcome_code: 'timeout',
    http_status: null,
    message: 'm',
    origin: 'deliveries.webhook',
    trace_id: null,
    dead_at: 8_000,
  };

  it('ends the delivery, says why, and is kept whole so that it can be replayed', () => {
    const facts = projectDeadLetter({ ...letter, delivery: delivery() });
    expect(ofDelivery(facts)).toMatchObject({
      state: 'dead',
      state_reason: 'attempts_exhausted',
      attempt_count: 2,
      completed_at_ms: 8_000,
      next_attempt_at_ms: null,
    });
    expect(facts.attempt).toMatchObject({ attempt: 2, next_at_ms: null, next_cause: 'none' });
    expect(facts.deadLetter).toMatchObject({
      id: head.id,
      reason: 'attempts_exhausted',
      attempt_count: 2,
      dead_at_ms: 8_000,
    });
    expect(JSON.parse(facts.deadLetter?.delivery ?? '')).toEqual(delivery());
  });

  it('that expired in its parking lot says nothing of an attempt', () => {
    const facts = projectDeadLetter({ ...letter, reason: 'too_old', delivery: delivery({ attempt: 3 }) });
    expect(ofDelivery(facts)).toMatchObject({ ...lastError, state: 'dead', state_reason: 'too_old', attempt_count: 3 });
    expect(facts.attempt).toBeUndefined();
  });

  it('replayed is queued again under the same id, its last error still shown', () => {
    const facts = projectReplay({
      id: 'r',
      trigger: 'manual',
      requested_by: 'mk',
      requested_at: 9_500,
      delivery: delivery(),
    });
    expect(ofDelivery(facts)).toMatchObject({
      ...lastError,
      id: head.id,
      state: 'queued',
      state_reason: 'manual',
      attempt_count: 2,
      completed_at_ms: null,
      replay_id: 'r',
    });
    expect(facts.replay).toEqual({ id: head.id, attempt_count: 2, replayed_at_ms: 9_500 });
  });
});

describe('the progress of a delivery', () => {
  it('goes on at every step of a life, attempt by attempt, and a success is beyond them all', () => {
    const at = (attempt: number) => delivery({ attempt });
    const steps = [
      projectFanOut(fanOut, null),
      projectOutcome(outcome({ attempt: 1 })),
      projectRetry({ delivery: at(2), due_at: 0, cause: 'backoff', decided_at: 0, hop: 0 }),
      projectOutcome(outcome({ attempt: 2 })),
      projectDeadLetter({
        reason: 'rejected',
        outcome_code: 'x',
        http_status: 1,
        message: '',
        origin: '',
        trace_id: null,
        dead_at: 0,
        delivery: at(2),
      }),
      projectReplay({ id: 'r', trigger: 'replay', requested_by: null, requested_at: 0, delivery: at(2) }),
      projectOutcome(outcome({ attempt: 3, trigger: 'replay' })),
      projectRetry({ delivery: at(1_000_000), due_at: 0, cause: 'backoff', decided_at: 0, hop: 0 }),
      projectOutcome(outcome({ attempt: 1, result: 'delivered' })),
    ].map((facts) => ofDelivery(facts)?.progress ?? NaN);
    for (const [before, after] of steps.slice(1).map((after, index) => [steps[index] ?? NaN, after] as const)) {
      expect(after).toBeGreaterThan(before);
    }
  });
});
