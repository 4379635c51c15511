// The same Idempotency-Key is the same event, however often and however simultaneously it comes.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call, isOver, killAndAwaitNext, must, Sink, until, Workspace, type Json } from './harness.ts';

describe('an Idempotency-Key', () => {
  let sink: Sink;
  let workspace: Workspace;
  beforeAll(async () => {
    sink = await Sink.start();
    workspace = await Workspace.create('idempotency');
    await workspace.rule(await workspace.connection(sink.url('/once')), 'lead.created');
  });
  afterAll(() => sink.stop());

  const post = (key: string, payload: Json = { a: 1 }) =>
    call<{ event: { id: string } }>({
      path: '/events',
      body: { workspace: workspace.id, event: 'lead.created', payload },
      headers: { 'idempotency-key': key },
    });

  it('sent 300 times at once makes one event and one delivery', async () => {
    const answers = await Promise.all(Array.from({ length: 300 }, () => post('storm')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    const ids = new Set(answers.map(({ body }) => body.event.id));
    expect(ids.size).toBe(1);
    await workspace.event([...ids][0] ?? '', isOver);
    // One that comes later and arrives proves that no second delivery was still on its way.
    const later = await post('later', { a: 2 });
    await workspace.event(later.body.event.id, isOver);
    expect(sink.requests('/once')).toHaveLength(2);
  });

  it('with another body is refused with 422', async () => {
    await post('body', { a: 1 });
    const other = await call({
      path: '/events',
      body: { workspace: workspace.id, event: 'lead.created', payload: { a: 2 } },
      headers: { 'idempotency-key': 'body' },
    });
    expect([other.status, (other.body['error'] as Json)['code']]).toEqual([422, 'idempotency_key_reused']);
  });

  it('is remembered when ingest is killed', async () => {
    const before = await post('survives');
    expect(before.status).toBe(201);
    await killAndAwaitNext('ingest');
    const after = await until('ingest answers again', async () => {
      const answer = await post('survives');
      return answer.status === 201 && answer;
    });
    expect(after.body.event.id).toBe(before.body.event.id);
    await workspace.event(before.body.event.id, isOver);
    const { records } = await must<{ records: Json[] }>({ path: `/workspaces/${workspace.id}/events?limit=200` });
    expect(records.filter(({ id }) => id === before.body.event.id)).toHaveLength(1);
  });
});
