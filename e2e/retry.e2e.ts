// A destination that fails for a while: attempts with growing waits, all visible, and the delivery arrives.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isOver, quickPolicy, Sink, Workspace } from './harness.ts';

describe('a failing destination', () => {
  let sink: Sink;
  let workspace: Workspace;
  beforeAll(async () => {
    sink = await Sink.start();
    workspace = await Workspace.create('retry');
  });
  afterAll(() => sink.stop());

  it('that answers 503 twice and then 200 is tried three times with growing waits', async () => {
    sink.answers('/flaky', { status: 503, body: 'busy' }, 503, 200);
    const connection = await workspace.connection(sink.url('/flaky'), { policy: quickPolicy(5, 1_500) });
    const rule = await workspace.rule(connection, 'lead.created');
    const id = await workspace.emit('lead.created', { email: 'ada@example.com' });

    const waiting = await workspace.event(id, (event) => event.status === 'retrying');
    expect(waiting.rule_events[0]).toMatchObject({ state: 'waiting_retry', state_reason: 'backoff', attempt_count: 1 });
    expect(Date.parse(String(waiting.rule_events[0]?.['next_attempt_at']))).toBeGreaterThan(Date.now() - 2_000);

    const event = await workspace.event(id, isOver);
    expect(event).toMatchObject({ status: 'completed', rule_events: [{ state: 'delivered', attempt_count: 3 }] });
    const requests = sink.requests('/flaky');
    expect(new Set(requests.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([event.rule_events[0]?.id]));
    const attempts = await workspace.attempts(id, rule);
    expect(attempts.map(({ http_status }) => http_status)).toEqual([503, 503, 200]);
    expect(attempts.map(({ outcome_code }) => outcome_code)).toEqual([
      'rejected_server_error',
      'rejected_server_error',
      'delivered',
    ]);
    expect(attempts.map(({ next }) => next.cause)).toEqual(['backoff', 'backoff', 'none']);
    expect(attempts[0]?.error).toMatchObject({ layer: 'http', code: 'http_503' });
    expect(attempts[0]?.response?.body).toBe('busy');
    const [first = 0, second = 0, third = 0] = attempts.map(({ started_at }) => Date.parse(started_at));
    expect(second - first).toBeGreaterThanOrEqual(1_500 * 0.9);
    expect(third - second).toBeGreaterThan(second - first);
  });

  it('is believed when it says how long to wait', async () => {
    sink.answers('/throttled', { status: 429, headers: { 'retry-after': '3' } }, 200);
    const connection = await workspace.connection(sink.url('/throttled'), { policy: quickPolicy(5, 100) });
    const rule = await workspace.rule(connection, 'lead.throttled');
    const id = await workspace.emit('lead.throttled', { a: 1 });
    await workspace.event(id, isOver);
    const [first, second] = sink.requests('/throttled');
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(3_000);
    const attempts = await workspace.attempts(id, rule);
    expect(attempts[0]).toMatchObject({ outcome_code: 'rate_limited', next: { cause: 'retry_after' } });
  });

  it('that takes too long, or hangs up, is a failure with its reason, and holds up no other', async () => {
    sink.answers('/slow', { status: 200, afterMs: 5_000 }, 200);
    const slow = await workspace.connection(sink.url('/slow'), { policy: { ...quickPolicy(2, 100), timeout_ms: 500 } });
    const gone = await Sink.start();
    await gone.stop();
    const nobody = await workspace.connection(gone.url('/'), { policy: quickPolicy(1) });
    const healthy = await workspace.connection(sink.url('/healthy'));
    const rules = [];
    for (const connection of [slow, nobody, healthy]) rules.push(await workspace.rule(connection, 'lead.mixed'));
    const id = await workspace.emit('lead.mixed', { a: 1 });
    await sink.received('/healthy', 1, { limitMs: 2_000 });
    const event = await workspace.event(id, isOver);
    expect(event.status).toBe('failed');
    expect((await workspace.attempts(id, rules[0] ?? ''))[0]).toMatchObject({
      outcome_code: 'timeout',
      error: { layer: 'timeout' },
    });
    expect((await workspace.attempts(id, rules[1] ?? ''))[0]).toMatchObject({
      outcome_code: 'network_error',
      error: { layer: 'tcp' },
    });
  });

  it('that redirects is not followed', async () => {
    sink.answers('/moved', { status: 302, headers: { location: sink.url('/elsewhere') } });
    const connection = await workspace.connection(sink.url('/moved'), { policy: quickPolicy(1) });
    await workspace.rule(connection, 'lead.moved');
    const id = await workspace.emit('lead.moved', { a: 1 });
    expect(await workspace.event(id, isOver)).toMatchObject({ status: 'failed' });
    expect(sink.requests('/elsewhere')).toEqual([]);
  });
});
