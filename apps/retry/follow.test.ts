// What is appended because of an outcome: nothing, a retry that remembers, or a dead letter that stands alone.
import { describe, expect, it } from '@jest/globals';
import { firstAttempt, defaultPolicy, retryTiers, type Delivery, type Outcome, type Policy } from '@sluice/contracts';
import fc from 'fast-check';
import { expired, follow } from './follow.ts';

const nowMs = 1_700_000_000_000;
const policy: Policy = { ...defaultPolicy, max_attempts: 3, backoff_ms: 4_000, backoff_factor: 2, jitter: 0 };

const delivery = (over: Partial<Delivery> = {}): Delivery => ({
  id: '8ebca8d3-ceea-55df-adfb-2ef1cc11a4a8',
  event_id: '6ba7b810-9dad-41d1-80b4-00c04fd430c8',
  workspace: '11111111-1111-4111-8111-111111111111',
  rule_id: 'f47ac10b-58cc-4372-a567-0e02b2c3d479',
  rule_version: 1,
  connection_id: '22222222-2222-4222-8222-222222222222',
  connection_version: 1,
  mapping_version: null,
  connector: 'webhook',
  action: 'send_webhook',
  action_settings: '{}',
  event: 'lead.created',
  resource: null,
  resource_id: null,
  payload: '{"email":"jane@example.com"}',
  created_at: nowMs - 1_000,
  created_by: 'mk_test',
  queued_at: nowMs - 500,
  ...firstAttempt,
  ...over,
});

/** The outcome of the attempt a delivery asked for. */
function outcome(tried: Delivery, over: Partial<Outcome> = {}): Outcome & { delivery: Delivery } {
  return {
    delivery_id: tried.id,
    event_id: tried.event_id,
    workspace: tried.workspace,
    event: tried.event,
    rule_id: tried.rule_id,
    rule_version: 1,
    connection_id: tried.connection_id,
    connection_version: 1,
    mapping_version: null,
    connector: tried.connector,
    action: tried.action,
    attempt: tried.attempt,
    trigger: tried.trigger,
    replay_id: tried.replay_id,
    result: 'retryable',
    outcome_code: 'rejected_server_error',
    retry_at: null,
    started_at: nowMs - 100,
    queued_ms: 1,
    connect_ms: 1,
    ttfb_ms: 50,
    total_ms: 60,
    http_status: 503,
    error: { layer: 'http', code: 'http_503', message: 'the destination answered 503' },
    request: null,
    response: null,
    trace_id: null,
    span_id: null,
    ...over,
    delivery: tried,
  };
}

const summary = (attempt: number, trigger: Delivery['trigger'] = 'initial') => ({
  attempt,
  trigger,
  started_at: nowMs - 100,
  total_ms: 60,
  outcome_code: 'rejected_server_error',
  http_status: 503,
  message: 'the destination answered 503',
});

describe('following up', () => {
  it('appends nothing when the delivery got through', () => {
    const got = outcome(delivery(), { result: 'delivered', outcome_code: 'delivered' });
    expect(follow(got, policy, { nowMs, random: 0 })).toEqual({ kind: 'nothing' });
  });

  it('lets a failed delivery wait in the tier its wait asks for, the next attempt counted and the last one remembered', () => {
    const tried = delivery();
    expect(follow(outcome(tried), policy, { nowMs, random: 0 })).toEqual({
      kind: 'retry',
      tier: retryTiers[0],
      retry: {
        due_at: nowMs + 4_000,
        cause: 'backoff',
        decided_at: nowMs,
        hop: 0,
        delivery: { ...tried, attempt: 2, trigger: 'retry', attempts: [summary(1)] },
      },
    });
  });

  it('waits as long as the destination asks, in the tier of that wait', () => {
    const asked = outcome(delivery(), { http_status: 429, outcome_code: 'rate_limited', retry_at: nowMs + 700_000 });
    expect(follow(asked, policy, { nowMs, random: 0 })).toMatchObject({
      kind: 'retry',
      tier: { name: '10m' },
      retry: { due_at: nowMs + 700_000, cause: 'retry_after' },
    });
  });

  it('gives up after the last attempt, with the whole delivery, its history, its origin, its trace and why', () => {
    const tried = delivery({ attempt: 3, trigger: 'retry', attempts: [summary(1), summary(2, 'retry')] });
    const last = outcome(tried, { trace_id: '0af7651916cd43dd8448eb211c80319c' });
    expect(follow(last, policy, { nowMs, random: 0 })).toEqual({
      kind: 'dead-letter',
      deadLetter: {
        reason: 'attempts_exhausted',
        outcome_code: 'rejected_server_error',
        http_status: 503,
        message: 'the destination answered 503',
        origin: 'deliveries.webhook',
        trace_id: '0af7651916cd43dd8448eb211c80319c',
        dead_at: nowMs,
        delivery: { ...tried, attempts: [summary(1), summary(2, 'retry'), summary(3, 'retry')] },
      },
    });
  });

  it.each([
    [{ layer: 'http', code: 'http_410', message: 'gone' }, 'rejected'],
    [{ layer: 'internal', code: 'connection_deleted', message: 'no longer exists' }, 'connection_deleted'],
    [{ layer: 'internal', code: 'connection_inactive', message: 'switched off' }, 'connection_inactive'],
    [null, 'rejected'],
  ])('gives up at once what was rejected: %j is %s', (error, reason) => {
    const refused = outcome(delivery(), { result: 'rejected', error });
    expect(follow(refused, policy, { nowMs, random: 0 })).toMatchObject({
      kind: 'dead-letter',
      deadLetter: { reason, message: error?.message ?? '', delivery: { attempt: 1 } },
    });
  });

  it('keeps its place in the line where the order is strict, until it is due', () => {
    const tried = delivery({ parking_id: '0000000000000042-d' });
    expect(follow(outcome(tried), { ...policy, order: 'strict' }, { nowMs, random: 0 })).toEqual({
      kind: 'parked',
      parked: {
        id: '0000000000000042-d',
        reason: 'strict_retry',
        not_before: nowMs + 4_000,
        parked_at: nowMs,
        delivery: { ...tried, attempt: 2, trigger: 'retry', attempts: [summary(1)] },
      },
    });
    for (const order of ['unordered', 'per_key'])
      expect(follow(outcome(tried), { ...policy, order }, { nowMs, random: 0 })).toMatchObject({ kind: 'retry' });
  });

  it('tries a replayed delivery by the policy from its beginning, its numbers and history going on', () => {
    const replayed = delivery({
      attempt: 4,
      cycle_start: 4,
      trigger: 'replay',
      replay_id: 'r',
      attempts: [summary(3)],
    });
    expect(follow(outcome(replayed), policy, { nowMs, random: 0 })).toMatchObject({
      kind: 'retry',
      retry: { due_at: nowMs + 4_000, delivery: { attempt: 5, cycle_start: 4, replay_id: 'r', trigger: 'retry' } },
    });
    const last = { ...replayed, attempt: 6 };
    expect(follow(outcome(last), policy, { nowMs, random: 0 })).toMatchObject({ kind: 'dead-letter' });
  });
});

describe('what expired in its parking lot', () => {
  it('is given up with what the last attempt said, if there was one', () => {
    const tried = delivery({ attempt: 2, attempts: [summary(1)] });
    const letter = { reason: 'too_old', origin: 'releases', trace_id: null, dead_at: nowMs };
    expect(expired(tried, nowMs)).toEqual({
      ...letter,
      outcome_code: 'rejected_server_error',
      http_status: 503,
      message: 'the destination answered 503',
      delivery: tried,
    });
    expect(expired(delivery(), nowMs)).toMatchObject({ ...letter, outcome_code: 'not_attempted', http_status: null });
  });
});

describe('a destination that never gets well', () => {
  it('is tried exactly as often as the policy says, ever later, with the same delivery each time', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (max_attempts, random) => {
          let tried = delivery();
          for (let attempts = 1; ; attempts++) {
            const next = follow(outcome(tried), { ...policy, max_attempts, jitter: 0.2 }, { nowMs, random });
            if (next.kind === 'nothing' || next.kind === 'parked') throw new Error('a failure must be followed up');
            if (next.kind === 'dead-letter') {
              expect(attempts).toBe(max_attempts);
              expect(next.deadLetter.delivery.attempts.map(({ attempt }) => attempt)).toEqual(
                Array.from({ length: max_attempts }, (_, at) => at + 1),
              );
              return;
            }
            expect(next.retry.due_at).toBeGreaterThan(nowMs);
            expect(next.tier.delayMs).toBeLessThanOrEqual(Math.max(next.retry.due_at - nowMs, retryTiers[0].delayMs));
            expect({ ...next.retry.delivery, attempt: 0, attempts: [], trigger: 'initial' }).toEqual({
              ...delivery(),
              attempt: 0,
            });
            tried = next.retry.delivery;
          }
        },
      ),
    );
  });
});
