// Many dead letters are replayed by a filter: counted first, at a rate, over a kill -9 of control; each arrives where it was missed, and nowhere else.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call, facts, killAndAwaitNext, must, quickPolicy, Sink, until, Workspace, type Json } from './harness.ts';

interface Replay extends Json {
  readonly id: string;
  readonly status: string;
  readonly total: number;
  readonly done: number;
  readonly delivered: number;
  readonly failed: number;
}

interface Refusal {
  readonly error: { data: { param: string }[] };
}

const letters = 300;
const rate = 100;
/** Dead letters of one step at this rate: what a kill may repeat. */
const stepSize = rate / 10;

describe('a replay of many', () => {
  let sink: Sink;
  let workspace: Workspace;
  beforeAll(async () => {
    sink = await Sink.start();
    workspace = await Workspace.create('replays');
  });
  afterAll(() => sink.stop());

  /** The id of a connection with so many dead letters of one event type. */
  async function withDeadLetters(path: string, event: string, count: number): Promise<string> {
    sink.answers(path, 400);
    const connection = await workspace.connection(sink.url(path), { policy: quickPolicy(1) });
    await workspace.rule(connection, event);
    for (let n = 0; n < count; n += 100) {
      const events = Array.from({ length: Math.min(100, count - n) }, (_, index) => ({
        workspace: workspace.id,
        event,
        payload: { n: n + index },
      }));
      await must({ path: '/events/bulk', body: events });
    }
    await until(`${count} are dead`, async () => (await waiting({ connection })) === count, { limitMs: 60_000 });
    return connection;
  }

  const waiting = async (filter: Json): Promise<number> =>
    (await must<{ count: number }>({ path: '/replays', body: { filter, dry_run: true } })).count;

  const begin = async (filter: Json, over: Json = {}): Promise<Replay> =>
    (await must<{ replay: Replay }>({ path: '/replays', body: { filter, ...over } })).replay;

  const seen = (id: string): Promise<Replay> => must<Replay>({ path: `/replays/${id}` });

  const replayed = (path: string, id: string) =>
    sink.requests(path).filter(({ headers }) => headers['x-sluice-replay'] === id);

  const reached = (id: string, is: (replay: Replay) => boolean): Promise<Replay> =>
    until(
      `replay ${id} is as expected`,
      async () => {
        const replay = await seen(id);
        return is(replay) && replay;
      },
      { limitMs: 90_000 },
    );

  it('delivers all that the filter names under their own ids, though control is killed in the middle', async () => {
    const well = await workspace.connection(sink.url('/well'));
    await workspace.rule(well, 'lead.many');
    const connection = await withDeadLetters('/missed', 'lead.many', letters);
    await withDeadLetters('/other', 'lead.other', 1);
    const filter = { workspace: workspace.id, connection, event: 'lead.many', from: '2020-01-01T00:00:00Z' };
    expect(await waiting(filter)).toBe(letters);
    expect(await waiting({ ...filter, to: '2020-01-02T00:00:00Z' })).toBe(0);

    sink.answers('/missed', 200);
    const ids = new Set(sink.requests('/missed').map(({ headers }) => headers['webhook-id']));
    const begun = await begin(filter, { rate });
    expect(begun).toMatchObject({ status: 'running', total: letters, rate, filter });
    await reached(begun.id, ({ done }) => done >= letters / 3);
    await killAndAwaitNext('control', { limitMs: 60_000 });
    const over = await reached(begun.id, ({ delivered }) => delivered === letters);

    expect(over).toMatchObject({ status: 'completed', total: letters, done: letters, failed: 0 });
    const requests = replayed('/missed', begun.id);
    expect(new Set(requests.map(({ headers }) => headers['webhook-id']))).toEqual(ids);
    const duplicates = requests.length - letters;
    process.stderr.write(`kill -9 of control in a replay: ${letters} delivered, ${duplicates} duplicates\n`);
    expect(duplicates).toBeLessThanOrEqual(stepSize);
    const stretchMs = Math.max(...requests.map(({ atMs }) => atMs)) - Math.min(...requests.map(({ atMs }) => atMs));
    expect(stretchMs).toBeGreaterThan(((letters - rate) / rate) * 1_000 - 500);
    expect(sink.requests('/well')).toHaveLength(letters);
    expect(await waiting({ workspace: workspace.id })).toBe(1);
  });

  it('shows what died again, and leaves it for another one', async () => {
    const connection = await withDeadLetters('/again', 'lead.again', 20);
    const { id } = await begin({ connection });
    const over = await reached(id, ({ failed, status }) => failed === 20 && status === 'completed');
    expect(over).toMatchObject({ total: 20, done: 20, delivered: 0 });
    expect(await waiting({ connection })).toBe(20);
    expect(replayed('/again', id)).toHaveLength(20);
    const list = await must<{ records: Replay[] }>({ path: '/replays' });
    expect(list.records).toContainEqual(over);
  });

  it('asks for nothing more once it is canceled', async () => {
    const connection = await withDeadLetters('/canceled', 'lead.canceled', 30);
    sink.answers('/canceled', 200);
    const { id } = await begin({ connection }, { rate: 3 });
    await reached(id, ({ done }) => done >= 2);
    const canceled = await must<Replay>({ method: 'POST', path: `/replays/${id}/cancel` });
    expect(canceled).toMatchObject({ status: 'canceled', total: 30 });
    expect(canceled.done).toBeLessThan(30);
    const { delivered } = await reached(id, (replay) => replay.delivered === canceled.done);

    // At its rate it would have gone on within this.
    const last = await begin({ connection });
    await reached(last.id, (replay) => replay.delivered === 30 - canceled.done);
    expect(await seen(id)).toEqual({ ...canceled, delivered });
    expect(replayed('/canceled', id)).toHaveLength(canceled.done);
    expect(await must({ method: 'POST', path: `/replays/${id}/cancel` })).toEqual({ ...canceled, delivered });
  });

  it('is refused without a filter, and to whom the dead letters do not belong', async () => {
    const refused = async (filter: Json) => {
      const { status, body } = await call<Refusal>({ path: '/replays', body: { filter }, as: facts.other });
      return [status, body.error.data.map(({ param }) => param)];
    };
    expect(await refused({})).toEqual([400, ['filter']]);
    expect(await refused({ connection: 'x', reason: '' })).toEqual([400, ['filter.connection', 'filter.reason']]);
    expect(await refused({ workspace: workspace.id })).toEqual([404, ['filter.workspace']]);
    const { id, total } = await begin({ workspace: workspace.id, event: 'lead.none' });
    expect(total).toBe(0);
    expect((await call({ path: `/replays/${id}`, as: facts.other })).status).toBe(404);
    expect((await call({ method: 'POST', path: `/replays/${id}/cancel`, as: facts.other })).status).toBe(404);
    const theirs = { path: '/replays', body: { filter: { from: '2020-01-01T00:00:00Z' }, dry_run: true } };
    expect(await call({ ...theirs, as: facts.other })).toMatchObject({ status: 200, body: { count: 0 } });
  });
});
