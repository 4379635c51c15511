// Rules with conditions: only what matches is delivered, and for everything else somebody can see why not.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call, isOver, must, quickPolicy, Sink, Workspace, type Json } from './harness.ts';

interface Decision extends Json {
  rule: string;
  reason: string;
  matched: boolean;
  failed_leaves: number;
  explanation: { path: string; ok: boolean; value?: unknown }[];
  rule_event: Json | null;
}

describe('conditions', () => {
  let sink: Sink;
  let workspace: Workspace;
  beforeAll(async () => {
    sink = await Sink.start();
    workspace = await Workspace.create('conditions');
  });
  afterAll(() => sink.stop());

  const big = { payload: { amount: [{ numeric: ['>=', 1_000] }], country: ['DE', 'AT'] } };

  it('decide which events a rule takes, and the decisions say why, leaf by leaf', async () => {
    const connection = await workspace.connection(sink.url('/big'));
    const rule = await workspace.rule(connection, 'deal.*', { conditions: big });
    const { id: large, ...taken } = await workspace.emitted('deal.won', { amount: 5_000, country: 'AT' });
    expect(taken).toMatchObject({ total_rules: 1, completed_count: 1 });
    const small = await workspace.emit('deal.won', { amount: 10, country: 'DE' });
    expect(await workspace.event(small, isOver)).toMatchObject({ total_rules: 0 });
    expect(sink.requests('/big')).toHaveLength(1);

    const why = await must<{ summary: string; records: Decision[] }>({ path: `/events/${small}/decisions` });
    expect(why.records).toEqual([
      expect.objectContaining({ rule, reason: 'conditions_false', matched: false, failed_leaves: 1, rule_event: null }),
    ]);
    expect(why.records[0]?.explanation).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ path: 'payload.amount', value: 10, ok: false }),
        expect.objectContaining({ path: 'payload.country', value: 'DE', ok: true }),
      ]),
    );
    const delivered = await must<{ records: Decision[] }>({ path: `/events/${large}/decisions?rule=${rule}` });
    expect(delivered.records[0]).toMatchObject({ reason: 'matched', rule_event: { state: 'delivered' } });
  });

  it('are explained by the rule as it stood then, or as it stands now', async () => {
    const connection = await workspace.connection(sink.url('/then'));
    const rule = await workspace.rule(connection, 'then.asked', { conditions: { payload: { a: [1] } } });
    const id = await workspace.emit('then.asked', { a: 2 });
    await workspace.event(id, isOver);
    await must({ method: 'PATCH', path: `/rules/${rule}`, body: { conditions: { payload: { a: [2] } } } });
    const path = `/events/${id}/decisions?rule=${rule}`;
    expect((await must<{ records: Decision[] }>({ path })).records[0]).toMatchObject({
      rule_version: 1,
      matched: false,
    });
    expect((await must<{ records: Decision[] }>({ path: `${path}&at=now` })).records[0]).toMatchObject({
      rule_version: 2,
      matched: true,
    });
    await must({ method: 'PATCH', path: `/rules/${rule}`, body: { active: false } });
    expect((await must<{ records: Decision[] }>({ path: `${path}&at=now` })).records[0]).toMatchObject({
      reason: 'rule_inactive',
    });
    await must({ method: 'DELETE', path: `/rules/${rule}` });
    expect((await must<{ records: Decision[] }>({ path: `${path}&at=now` })).records[0]).toMatchObject({
      reason: 'rule_deleted',
    });
  });

  it('can be tried without sending anything, stored or not', async () => {
    const connection = await workspace.connection(sink.url('/tried'), {
      metadata: { auth_scheme: 'bearer', auth_token: 'very-secret' },
    });
    const rule = { connection, event: 'deal.*', metadata: { action: 'send_webhook' }, conditions: big };
    const event = { event: 'deal.won', payload: { amount: 1_500, country: 'DE' } };
    const answer = await must<Json>({ path: '/rules/test', body: { workspace: workspace.id, rule, event } });
    expect(answer).toMatchObject({
      matched: true,
      payload: event.payload,
      request: { method: 'POST', url: sink.url('/tried') },
    });
    expect((answer['request'] as { headers: Json }).headers).toMatchObject({ authorization: '[redacted]' });
    expect(JSON.stringify(answer)).not.toContain('very-secret');
    const other = { event: 'deal.won', payload: { amount: 1, country: 'FR' } };
    const id = await workspace.rule(connection, 'deal.*', { conditions: big });
    const refused = await must<Json>({ path: `/rules/${id}/test`, body: { event: other } });
    expect(refused).toMatchObject({ matched: false });
    expect(refused).not.toHaveProperty('request');
    await workspace.emitted('deal.lost', { amount: 2_000, country: 'AT' }, ({ total_rules }) => total_rules === 2);
    expect(sink.requests('/tried')).toHaveLength(1);
  });

  it.each<[what: string, conditions: Json, param: string]>([
    ['an unknown operator', { payload: { a: [{ looks_like: 'x' }] } }, 'conditions.payload.a[0]'],
    ['5 kB', { payload: { a: ['x'.repeat(5_000)] } }, 'conditions'],
    ['60 leaves', { payload: Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`k${n}`, [n]])) }, 'conditions'],
    ['a literal that is no list', { payload: { a: 1 } }, 'conditions.payload.a'],
    ['a $or that expands to thousands', { $or: undefined, payload: ors(5) }, 'conditions'],
  ])('that are not sound are refused with 422 naming the place: %s', async (_what, conditions, param) => {
    const connection = await workspace.connection(sink.url('/never'));
    const body = { workspace: workspace.id, connection, event: 'e', metadata: { action: 'send_webhook' }, conditions };
    const answer = await call<{ error: { code: string; data: { param: string; msg: string }[] } }>({
      path: '/rules',
      body,
    });
    expect([answer.status, answer.body.error.code]).toEqual([422, 'conditions_invalid']);
    expect(answer.body.error.data[0]?.param.startsWith(param)).toBe(true);
    expect(answer.body.error.data[0]?.msg).not.toBe('');
  });

  it('leave matches beyond the limit of one event uncounted by none: they are shown', async () => {
    const many = await Workspace.create('overflow');
    const connection = await many.connection(sink.url('/many'), { policy: quickPolicy(1) });
    for (let n = 0; n < 105; n += 15)
      await Promise.all(Array.from({ length: 15 }, () => many.rule(connection, 'fan.out')));
    const event = await many.emitted('fan.out', { a: 1 }, ({ overflow_count }) => overflow_count === 5);
    expect(event).toMatchObject({ total_rules: 100, completed_count: 100, overflow_count: 5 });
    const why = await must<{ records: Decision[] }>({ path: `/events/${event.id}/decisions?limit=200` });
    expect(why.records.filter(({ reason }) => reason === 'beyond_match_limit')).toHaveLength(5);
  });
});

/** Five places with eleven alternatives each: 161,051 conjunctions. */
function ors(places: number): Json {
  const alternatives = (name: string) => Array.from({ length: 11 }, (_, n) => ({ [name]: [n] }));
  return Object.fromEntries(Array.from({ length: places }, (_, n) => [`p${n}`, { $or: alternatives(`q${n}`) }]));
}
