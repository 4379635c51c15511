// The main story: what a product emits arrives, in the shape and with the proofs the customer asked for, and can be seen.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { call, facts, isOver, must, Sink, Workspace, type Json } from './harness.ts';

describe('an accepted event', () => {
  let sink: Sink;
  let workspace: Workspace;
  beforeAll(async () => {
    sink = await Sink.start();
    workspace = await Workspace.create('deliver');
  });
  afterAll(() => sink.stop());

  it('is delivered to every matching rule, signed, and shown with its attempts', async () => {
    const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    const signed = await workspace.connection(sink.url('/signed'), { metadata: { signing_secret: secret } });
    const plain = await workspace.connection(sink.url('/plain'), { metadata: { signing: false } });
    const rules = [await workspace.rule(signed, 'lead.created'), await workspace.rule(plain, 'lead.created')];
    const id = await workspace.emit(
      'lead.created',
      { email: 'ada@example.com', score: 7 },
      { resource: 'lead', resource_id: 'l1' },
    );

    const [request] = await sink.received('/signed', 1);
    const body = JSON.parse(request?.body ?? '') as Json;
    expect(body).toMatchObject({
      type: 'lead.created',
      id,
      workspace: workspace.id,
      resource: 'lead',
      resource_id: 'l1',
    });
    expect(body['data']).toEqual({ email: 'ada@example.com', score: 7 });
    const {
      'webhook-id': webhookId,
      'webhook-timestamp': timestamp,
      'webhook-signature': signature,
    } = request?.headers ?? {};
    const expected = createHmac('sha256', Buffer.alloc(32, 7)).update(
      `${String(webhookId)}.${String(timestamp)}.${request?.body}`,
    );
    expect(signature).toBe(`v1,${expected.digest('base64')}`);
    const [unsigned] = await sink.received('/plain', 1);
    expect(unsigned?.headers['webhook-signature']).toBeUndefined();

    const event = await workspace.event(id, isOver);
    expect(event).toMatchObject({ status: 'completed', total_rules: 2, completed_count: 2, failed_count: 0 });
    expect(event.rule_events.map(({ rule }) => rule).sort()).toEqual([...rules].sort());
    const delivery = event.rule_events.find(({ connection }) => connection === signed);
    expect(delivery).toMatchObject({
      id: webhookId,
      state: 'delivered',
      attempt_count: 1,
      rule_version: 1,
      connection_version: 1,
    });
    const [attempt] = await workspace.attempts(id, delivery?.rule ?? '');
    expect(attempt).toMatchObject({ attempt: 1, outcome_code: 'delivered', http_status: 200, trigger: 'initial' });
    expect(attempt?.response).toMatchObject({ status: 200, body: 'ok' });
  });

  it('keeps every digit of its payload, at the destination and in history', async () => {
    const connection = await workspace.connection(sink.url('/raw'), {
      metadata: { payload_mode: 'raw', http_method: 'PUT' },
    });
    await workspace.rule(connection, 'digits.counted');
    const payload = '{"id":"a","n":12345678901234567890.10,"note":"\\u00e9 é"}';
    const answer = await must<{ event: { id: string } }>({
      path: '/events',
      body: `{"workspace":"${workspace.id}","event":"digits.counted","payload":${payload}}`,
    });
    const [request] = await sink.received('/raw', 1);
    expect(request).toMatchObject({ method: 'PUT', body: payload });
    expect(request?.headers['x-sluice-event']).toBe('digits.counted');
    await workspace.event(answer.event.id, isOver);
    expect((await call({ path: `/events/${answer.event.id}/payload` })).text).toBe(payload);
  });

  it.each([
    [
      'basic',
      { auth_username: 'u', auth_password: 'p' },
      { authorization: `Basic ${Buffer.from('u:p').toString('base64')}` },
    ],
    ['bearer', { auth_token: 't0ken' }, { authorization: 'Bearer t0ken' }],
    ['header', { auth_header_name: 'X-Api-Key', auth_header_value: 'k' }, { 'x-api-key': 'k' }],
  ])('proves itself by %s, with headers of the customer', async (scheme, credentials, proof) => {
    const path = `/auth/${scheme}`;
    const metadata = { auth_scheme: scheme, ...credentials, headers: { 'X-Team': 'red' } };
    const connection = await workspace.connection(sink.url(path), { metadata });
    await workspace.rule(connection, `auth.${scheme}`);
    await workspace.emit(`auth.${scheme}`, { a: 1 });
    const [request] = await sink.received(path, 1);
    expect(request?.headers).toMatchObject({ ...proof, 'x-team': 'red' });
    const shown = await must<{ metadata: Json }>({ path: `/connections/${connection}` });
    for (const secret of Object.keys(credentials).filter((name) => /password|token|value/.test(name))) {
      expect(shown.metadata[secret]).toBe('********');
    }
  });

  it('may come from a browser with a publishable key, and in bulk', async () => {
    const connection = await workspace.connection(sink.url('/bulk'));
    await workspace.rule(connection, 'page.viewed');
    const headers = { 'x-meshes-publishable-key': workspace.publishableKey };
    const one = await call<{ event: Json }>({
      path: '/events',
      body: { event: 'page.viewed', payload: { n: 0 } },
      headers,
      as: null,
    });
    expect([one.status, one.body.event['workspace']]).toEqual([201, workspace.id]);
    const bulk = [
      { event: 'page.viewed', payload: { n: 1 } },
      { event: 'page.viewed', payload: { email: 'no' } },
      { event: 'page.viewed', payload: { n: 2 } },
    ];
    const many = await call<{ count: number; error_count: number; records: Json[] }>({
      path: '/events/bulk',
      body: bulk,
      headers,
      as: null,
    });
    expect(many.status).toBe(207);
    expect(many.body).toMatchObject({ count: 3, error_count: 1 });
    expect(many.body.records[1]).toMatchObject({
      message: 'Bad Request',
      error: { data: [{ param: 'payload.email' }] },
    });
    const requests = await sink.received('/bulk', 3);
    const numbers = requests.map(({ body }) => (JSON.parse(body) as { data: { n: number } }).data.n);
    expect(numbers.sort()).toEqual([0, 1, 2]);
  });

  it('that matches no rule is completed, and says so', async () => {
    const id = await workspace.emit('nobody.listens', { a: 1 });
    expect(await workspace.event(id, isOver)).toMatchObject({ status: 'completed', total_rules: 0, rule_events: [] });
  });

  it('leaves one wide log line for each unit of work, and no line but JSON', async () => {
    const id = await workspace.emit('lead.created', { email: 'log@example.com' });
    await workspace.event(id, isOver);
    const { logLines, until } = await import('./harness.ts');
    const linesOf = (name: string) => logLines(name).filter((line) => line['event_id'] === id);
    await until('the lines are written', () => linesOf('connector-webhook').length === 2);
    expect(linesOf('ingest').map((line) => line['event'])).toEqual(['event.accepted']);
    expect(linesOf('router').map((line) => line['event'])).toEqual(['event.routed']);
    expect(linesOf('connector-webhook').map((line) => line['event'])).toEqual([
      'delivery.attempted',
      'delivery.attempted',
    ]);
    for (const name of ['ingest', 'router', 'connector-webhook', 'retry', 'tracker', 'control']) {
      expect(logLines(name).filter((line) => 'text' in line)).toEqual([]);
    }
    expect(facts.api).toMatch(/^http:/);
  });
});
