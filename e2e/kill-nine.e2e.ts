// 2,000 events while router, connector, retry and broker are each killed with -9 once: nothing accepted is lost.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call, isOver, killAndAwaitNext, must, quickPolicy, Sink, until, Workspace, type Json } from './harness.ts';

const events = 2_000;
const senders = 8;

describe('2,000 events under four kills', () => {
  let sink: Sink;
  let workspace: Workspace;
  beforeAll(async () => {
    sink = await Sink.start();
    workspace = await Workspace.create('kill nine');
  });
  afterAll(() => sink.stop());

  it('all arrive, each at least once, and history tells the same', async () => {
    // Every tenth event fails at first, so that retry has work to lose.
    const failedOnce = new Set<number>();
    sink.answers('/killed', ({ body }) => {
      const n = numberOf(body);
      if (n % 10 !== 0 || failedOnce.has(n)) return { status: 200 };
      failedOnce.add(n);
      return { status: 503 };
    });
    const connection = await workspace.connection(sink.url('/killed'), { policy: quickPolicy(20, 500) });
    await workspace.rule(connection, 'lead.created');

    const accepted = new Set<number>();
    const kills: Promise<void>[] = [];
    const killAt = new Map([
      [300, 'router'],
      [700, 'connector-webhook'],
      [1_100, 'retry'],
      [1_500, 'kafka'],
    ]);
    let next = 0;
    const sender = async () => {
      while (next < events) {
        const n = next++;
        const victim = killAt.get(n);
        if (victim !== undefined) kills.push(killAndAwaitNext(victim, { limitMs: 60_000 }));
        await untilAccepted(n);
        accepted.add(n);
      }
    };
    // A client that hears 503, or nothing, sends again; the key makes that the same event.
    const untilAccepted = (n: number) =>
      until(
        `event ${n} is accepted`,
        async () => {
          const body = { workspace: workspace.id, event: 'lead.created', payload: { n } };
          const answer = await call({ path: '/events', body, headers: { 'idempotency-key': `kill-${n}` } });
          return answer.status === 201;
        },
        { limitMs: 90_000 },
      );
    await Promise.all(Array.from({ length: senders }, sender));
    await Promise.all(kills);
    expect(accepted.size).toBe(events);

    const delivered = () => new Set(sink.requests('/killed').map(({ body }) => numberOf(body)));
    await until(`all are delivered (${delivered().size} are)`, () => delivered().size === events, { limitMs: 90_000 });

    const last = await workspace.emit('lead.created', { n: events + 1 });
    await workspace.event(last, isOver, { limitMs: 60_000 });
    await until('history tells the same', async () => (await count('completed')) === events + 1, { limitMs: 60_000 });
    const attempts = sink.requests('/killed').length - 1;
    const duplicates = attempts - events - failedOnce.size;
    process.stderr.write(
      `kill -9 of router, connector, retry, broker: ${events} accepted, 0 lost, ${duplicates} duplicates\n`,
    );
    const idsOf = Map.groupBy(sink.requests('/killed'), ({ body }) => numberOf(body));
    for (const [n, requests] of idsOf) {
      expect([n, new Set(requests.map(({ headers }) => headers['webhook-id'])).size]).toEqual([n, 1]);
      expect([n, new Set(requests.map(({ body }) => body)).size]).toEqual([n, 1]);
    }
  });

  async function count(status: string): Promise<number> {
    let found = 0;
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: { count: number; next_cursor: string | null; records: Json[] } = await must({
        path: `/workspaces/${workspace.id}/events?limit=200&status=${status}${cursor === '' ? '' : `&cursor=${cursor}`}`,
      });
      found += page.count;
      cursor = page.next_cursor;
    }
    return found;
  }
});

const numberOf = (body: string): number => (JSON.parse(body) as { data: { n: number } }).data.n;
