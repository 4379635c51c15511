// While Kafka is away nothing is accepted that was not appended: 503 within five seconds, and afterwards everything goes on by itself.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call, isOver, signal, Sink, until, Workspace, type Json } from './harness.ts';

describe('while the broker stands still', () => {
  let sink: Sink;
  let workspace: Workspace;
  beforeAll(async () => {
    sink = await Sink.start();
    workspace = await Workspace.create('kafka away');
    await workspace.rule(await workspace.connection(sink.url('/away')), 'lead.created');
    await workspace.event(await workspace.emit('lead.created', { n: -1 }), isOver);
  });
  afterAll(() => sink.stop());

  it('events are answered 503 within five seconds, and what was answered 201 arrives', async () => {
    const accepted: number[] = [];
    const post = async (n: number) => {
      const startedAtMs = performance.now();
      const answer = await call({
        path: '/events',
        body: { workspace: workspace.id, event: 'lead.created', payload: { n } },
      });
      if (answer.status === 201) accepted.push(n);
      return {
        status: answer.status,
        code: (answer.body['error'] as Json | undefined)?.['code'],
        tookMs: performance.now() - startedAtMs,
      };
    };
    signal('kafka', 'SIGSTOP');
    try {
      const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => post(n)));
      expect(new Set(answers.map(({ status, code }) => `${status} ${String(code)}`))).toEqual(
        new Set(['503 log_unavailable']),
      );
      expect(Math.max(...answers.map(({ tookMs }) => tookMs))).toBeLessThan(5_000);
    } finally {
      signal('kafka', 'SIGCONT');
    }
    await until('events are accepted again', async () => (await post(100)).status === 201, { limitMs: 60_000 });
    await until(
      'the event after the outage arrives',
      () => sink.requests('/away').some(({ body }) => body.includes('"n":100')),
      { limitMs: 60_000 },
    );
    const arrived = new Set(
      sink.requests('/away').map(({ body }) => (JSON.parse(body) as { data: { n: number } }).data.n),
    );
    for (const n of accepted) expect(arrived).toContain(n);
  });
});
