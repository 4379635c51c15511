// What is changed through the API takes effect within two seconds on the running services, and what was before stays known.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { call, facts, isOver, must, pidOf, Sink, Workspace, type Json } from './harness.ts';

describe('a change of configuration', () => {
  let sink: Sink;
  let workspace: Workspace;
  beforeAll(async () => {
    sink = await Sink.start();
    workspace = await Workspace.create('configuration');
  });
  afterAll(() => sink.stop());

  it('takes effect within two seconds, without a restart', async () => {
    const pids = ['router', 'connector-webhook', 'retry'].map(pidOf);
    const connection = await workspace.connection(sink.url('/a'));
    const rule = await workspace.rule(connection, 'lead.created');
    const emitUntil = async (path: string, count: number) => {
      const startedAtMs = Date.now();
      while (sink.requests(path).length < count) {
        const id = await workspace.emit('lead.created', { a: 1 });
        await workspace.event(id, isOver);
        if (Date.now() - startedAtMs > 10_000) throw new Error(`nothing came to ${path}`);
      }
      return Date.now() - startedAtMs;
    };
    expect(await emitUntil('/a', 1)).toBeLessThan(2_000);
    await must({ method: 'PUT', path: `/connections/${connection}`, body: { metadata: { url: sink.url('/b') } } });
    expect(await emitUntil('/b', 1)).toBeLessThan(2_000);
    await must({ method: 'PATCH', path: `/rules/${rule}`, body: { active: false } });
    const startedAtMs = Date.now();
    for (;;) {
      const event = await workspace.event(await workspace.emit('lead.created', { a: 1 }), isOver);
      if (event.total_rules === 0) break;
      expect(Date.now() - startedAtMs).toBeLessThan(2_000);
    }
    expect(['router', 'connector-webhook', 'retry'].map(pidOf)).toEqual(pids);
  });

  it('is a new version, kept, and deliveries name the one that made them', async () => {
    const connection = await workspace.connection(sink.url('/versions'));
    const rule = await workspace.rule(connection, 'version.asked');
    const first = await workspace.event(await workspace.emit('version.asked', { a: 1 }), isOver);
    const changed = await must<Json>({ method: 'PUT', path: `/rules/${rule}`, body: { resource: 'deal' } });
    expect(changed).toMatchObject({ version: 2, resource: 'deal' });
    await must({ method: 'PUT', path: `/connections/${connection}`, body: { name: 'Renamed' } });
    const second = await workspace.event(await workspace.emit('version.asked', { a: 1 }, { resource: 'deal' }), isOver);
    expect(first.rule_events[0]).toMatchObject({ rule_version: 1, connection_version: 1 });
    expect(second.rule_events[0]).toMatchObject({ rule_version: 2, connection_version: 2 });

    const client = new pg.Client({ connectionString: facts.postgres });
    await client.connect();
    const kept = await client.query<{ version: number; snapshot: Json }>(
      'select version, snapshot from rule_versions where rule_id = $1 order by version',
      [rule],
    );
    await client.end();
    expect(kept.rows.map(({ version, snapshot }) => [version, snapshot['resource']])).toEqual([
      [1, null],
      [2, 'deal'],
    ]);
  });

  it('that deletes a connection is refused while rules use it, and forced takes them along', async () => {
    const connection = await workspace.connection(sink.url('/deleted'));
    const rule = await workspace.rule(connection, 'lead.deleted');
    expect(await call({ method: 'DELETE', path: `/connections/${connection}` })).toMatchObject({ status: 409 });
    expect(
      await call({ method: 'DELETE', path: `/connections/${connection}`, body: { force_delete: true } }),
    ).toMatchObject({ status: 200 });
    expect(await call({ path: `/rules/${rule}` })).toMatchObject({ status: 404 });
    const event = await workspace.event(await workspace.emit('lead.deleted', { a: 1 }), isOver);
    expect(event.total_rules).toBe(0);
  });

  it('lists what there is in pages, newest first, each record once', async () => {
    const other = await Workspace.create('pages');
    const connection = await other.connection(sink.url('/pages'));
    const made: string[] = [];
    for (let n = 0; n < 7; n++) made.unshift(await other.rule(connection, `page.${n}`));
    const seen: unknown[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: { next_cursor: string | null; records: Json[] } = await must({
        path: `/workspaces/${other.id}/rules?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`,
      });
      if (page.next_cursor !== null) expect(page.next_cursor).toMatch(/^[A-Za-z0-9_-]+$/);
      seen.push(...page.records.map(({ id }) => id));
      cursor = page.next_cursor;
    }
    expect(seen).toEqual(made);
  });

  it('is documented: the OpenAPI document names every call, and nobody needs a token to read it', async () => {
    const { status, body } = await call<{ openapi: string; paths: Json }>({ path: '/openapi.json', as: null });
    expect([status, body.openapi]).toEqual([200, '3.1.0']);
    expect(Object.keys(body.paths)).toEqual(
      expect.arrayContaining(['/api/v1/events', '/api/v1/rules/{id}', '/api/v1/dead-letters/{id}/replay']),
    );
  });
});
