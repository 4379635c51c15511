// History as the API tells it: statuses that follow from states, times only where they are known, counts that agree with the rule events.
import { describe, expect, it } from '@jest/globals';
import { attemptAnswer as attemptShape, eventAnswer as eventShape, states } from '@sluice/api';
import type { AttemptRow, DeliveryRow, EventRow } from '@sluice/persistence';
import fc from 'fast-check';
import { attemptAnswer, eventAnswer, ruleEventAnswer, statusOf } from './history-answers.ts';

const ids = {
  event: '6ba7b810-9dad-41d1-80b4-00c04fd430c8',
  workspace: '11111111-1111-4111-8111-111111111111',
  rule: 'f47ac10b-58cc-4372-a567-0e02b2c3d479',
  connection: '22222222-2222-4222-8222-222222222222',
  delivery: 'bbe790a7-4eb5-5735-8620-969f93857fa6',
};
const at = (seconds: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds));

const event = (over: Partial<EventRow> = {}): EventRow => ({
  id: ids.event,
  workspace: ids.workspace,
  event: 'lead.created',
  resource: null,
  resource_id: null,
  created_by: 'mk_test',
  created_at: at(0),
  routed_at: at(1),
  total_rules: 1,
  overflow: 0,
  budget_exhausted: false,
  schema_problem: null,
  mapping_warnings: null,
  trace_id: 'event-trace',
  status: 'completed',
  created_at_text: '2026-01-01T00:00:00.000000Z',
  ...over,
});

const delivery = (over: Partial<DeliveryRow> = {}): DeliveryRow => ({
  event_id: ids.event,
  rule_id: ids.rule,
  id: ids.delivery,
  workspace: ids.workspace,
  connection_id: ids.connection,
  connector: 'webhook',
  action: 'send_webhook',
  rule_version: 3,
  connection_version: 4,
  mapping_version: null,
  state: 'delivered',
  state_reason: null,
  attempt_count: 2,
  next_attempt_at: null,
  completed_at: at(9),
  outcome_code: 'delivered',
  http_status: 200,
  last_error: null,
  replay_id: null,
  trace_id: null,
  started_at: at(2),
  ...over,
});

describe('the status of a rule event', () => {
  it.each([
    ['queued', 0, 'pending'],
    ['queued', 1, 'retrying'],
    ['in_flight', 1, 'processing'],
    ['waiting_retry', 1, 'retrying'],
    ['parked', 1, 'retrying'],
    ['delivered', 1, 'completed'],
    ['filtered', 0, 'completed'],
    ['dead', 1, 'failed'],
    ['canceled', 0, 'canceled'],
  ])('in state %s after %i attempts is %s', (state, attempt_count, status) => {
    expect(statusOf({ state, attempt_count })).toBe(status);
  });

  it('is told for every state there is', () => {
    for (const state of states) expect(statusOf({ state, attempt_count: 1 })).toEqual(expect.any(String));
  });
});

describe('a rule event', () => {
  it('names the versions that made it, and leaves out what is not known', () => {
    expect(
      ruleEventAnswer(event(), delivery({ completed_at: null, started_at: null, state: 'queued', attempt_count: 0 })),
    ).toStrictEqual({
      id: ids.delivery,
      type: 'rule',
      workspace: ids.workspace,
      event: 'lead.created',
      event_id: ids.event,
      connection: ids.connection,
      rule: ids.rule,
      integration_type: 'webhook',
      status: 'pending',
      state: 'queued',
      state_reason: null,
      attempt_count: 0,
      next_attempt_at: null,
      rule_version: 3,
      connection_version: 4,
      mapping_version: null,
      mapping_warnings: [],
      dead_letter: null,
      replay: null,
      trace_id: 'event-trace',
      created_by: 'mk_test',
      created_at: '2026-01-01T00:00:00.000Z',
    });
  });

  it('tells what its own mapping left out, and not what the others did', () => {
    const warning = 'phone is no text';
    const warned = event({ mapping_warnings: { [ids.rule]: [warning], [ids.connection]: [warning, warning] } });
    expect(ruleEventAnswer(warned, delivery()).mapping_warnings).toEqual([warning]);
  });

  it('that waits says until when, and what went wrong last', () => {
    const waiting = delivery({
      state: 'waiting_retry',
      state_reason: 'backoff',
      next_attempt_at: at(30),
      last_error: 'answered 503',
      completed_at: null,
    });
    expect(ruleEventAnswer(event({ resource: 'contact', resource_id: '7' }), waiting)).toMatchObject({
      status: 'retrying',
      state_reason: 'backoff',
      next_attempt_at: '2026-01-01T00:00:30.000Z',
      last_error: 'answered 503',
      resource: 'contact',
      resource_id: '7',
    });
  });

  it('has a dead letter while it is dead and only then, and the trace of its own where it has one', () => {
    expect(ruleEventAnswer(event(), delivery({ state: 'dead', trace_id: 'own' }))).toMatchObject({
      dead_letter: ids.delivery,
      trace_id: 'own',
    });
    expect(ruleEventAnswer(event(), delivery({ replay_id: 'r' }))).toMatchObject({ dead_letter: null, replay: 'r' });
  });

  it('has no last_error where there was none', () => {
    for (const last_error of [null, ''])
      expect(ruleEventAnswer(event(), delivery({ last_error }))).not.toHaveProperty('last_error');
  });
});

describe('an event', () => {
  it('began with its first attempt and ended with its last delivery', () => {
    const deliveries = [
      delivery({ started_at: at(5), completed_at: at(6) }),
      delivery({ started_at: at(3), completed_at: at(8) }),
      delivery({ started_at: null, completed_at: null }),
    ];
    expect(eventAnswer(event(), deliveries)).toMatchObject({
      started_at: '2026-01-01T00:00:03.000Z',
      completed_at: '2026-01-01T00:00:08.000Z',
    });
  });

  it('that matched nothing was over when it was routed', () => {
    expect(eventAnswer(event({ total_rules: 0 }), [])).toStrictEqual({
      id: ids.event,
      type: 'event',
      workspace: ids.workspace,
      event: 'lead.created',
      status: 'completed',
      total_rules: 0,
      completed_count: 0,
      failed_count: 0,
      overflow_count: 0,
      schema_problem: null,
      completed_at: '2026-01-01T00:00:01.000Z',
      trace_id: 'event-trace',
      created_by: 'mk_test',
      created_at: '2026-01-01T00:00:00.000Z',
      rule_events: [],
    });
  });

  it('says how many rules more it matched, and what its type found wrong', () => {
    const answer = eventAnswer(event({ overflow: 3, schema_problem: 'payload.email must be a string' }), []);
    expect(answer).toMatchObject({ overflow_count: 3, schema_problem: 'payload.email must be a string' });
  });

  it.each(['pending', 'processing', 'retrying'])('that is %s has no end yet, though a delivery has', (status) => {
    expect(eventAnswer(event({ status }), [delivery()])).not.toHaveProperty('completed_at');
  });

  it('that was not routed yet has no rules, no beginning and no end', () => {
    const answer = eventAnswer(event({ status: 'pending', routed_at: null, total_rules: null }), []);
    expect(answer).toMatchObject({ status: 'pending', total_rules: 0, rule_events: [] });
    for (const unknown of ['started_at', 'completed_at']) expect(answer).not.toHaveProperty(unknown);
  });

  it('counts what its rule events say, and answers in the shape that is published', () => {
    const row = fc.constantFrom(...states).map((state) => delivery({ state }));
    fc.assert(
      fc.property(fc.array(row), (deliveries) => {
        const answer = eventAnswer(event({ total_rules: deliveries.length }), deliveries);
        const counted = (status: string) => answer.rule_events.filter((each) => each.state === status).length;
        expect([answer.completed_count, answer.failed_count]).toEqual([counted('delivered'), counted('dead')]);
        expect(eventShape.strict().parse(answer)).toEqual(answer);
      }),
    );
  });
});

const attempt = (over: Partial<AttemptRow> = {}): AttemptRow => ({
  attempt: 2,
  trigger: 'retry',
  result: 'retryable',
  outcome_code: 'rejected_server_error',
  started_at: at(5),
  queued_ms: 3,
  connect_ms: 0.5,
  ttfb_ms: 10,
  total_ms: 12.5,
  http_status: 503,
  error: { layer: 'http', code: 'http_503', message: 'the destination answered 503' },
  request: { method: 'POST', url: 'https://example.com/', headers: {}, body_bytes: 2, body_sha256: 'x' },
  response: { status: 503, headers: {}, body: 'later', truncated: false },
  next_at: at(30),
  next_cause: 'backoff',
  trace_id: 't',
  span_id: 's',
  ...over,
});

describe('an attempt', () => {
  it('is told in the shape that is published, with what follows it', () => {
    const answer = attemptAnswer(attempt());
    expect(attemptShape.strict().parse(answer)).toEqual(answer);
    expect(answer).toMatchObject({
      id: 2,
      message: 'the destination answered 503',
      next: { at: '2026-01-01T00:00:30.000Z', cause: 'backoff' },
    });
  });

  it('that got through says so, and nothing follows', () => {
    const got = attempt({
      result: 'delivered',
      outcome_code: 'delivered',
      error: null,
      next_at: null,
      next_cause: null,
    });
    expect(attemptAnswer(got)).toMatchObject({ message: 'delivered', error: null, next: { at: null, cause: 'none' } });
  });
});
