// Event types: discovered from traffic, registered with a schema, checked where their type says so, changed compatibly.
import { beforeAll, describe, expect, it } from '@jest/globals';
import { topics, type Event, type Poison } from '@sluice/contracts';
import { call, isOver, must, until, Workspace, type Answer, type Json } from './harness.ts';
import { produce, recordsOf, registry } from './kafka.ts';

describe('an event type', () => {
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = await Workspace.create('event types');
  });

  const schema = {
    type: 'object',
    properties: { email: { type: 'string', format: 'email' }, score: { type: 'integer', minimum: 0 } },
    required: ['email'],
  };
  const post = (
    name: string,
    payload: Json,
  ): Promise<Answer<{ event?: { id: string }; error?: Json & { data: Json[] } }>> =>
    call({ path: '/events', body: { workspace: workspace.id, event: name, payload } });

  it('that nobody registered is discovered, with a sample', async () => {
    const id = await workspace.emit('found.in.traffic', { a: 1, nested: { b: 2 } });
    await workspace.event(id, isOver);
    const { records } = await must<{ records: Json[] }>({ path: `/event-types/discovered?workspace=${workspace.id}` });
    expect(records).toEqual([
      expect.objectContaining({ name: 'found.in.traffic', sample: { event: id, payload: { a: 1, nested: { b: 2 } } } }),
    ]);
    expect(await must({ path: `/workspaces/${workspace.id}/event-types` })).toEqual(['found.in.traffic']);
  });

  it('that enforces refuses what does not fit, soon after its registration, at both doors', async () => {
    const body = { workspace: workspace.id, name: 'lead.typed', schema, example: { email: 'a@b.co' }, mode: 'enforce' };
    const { event_type: type } = await must<{ event_type: { id: string; version: number } }>({
      path: '/event-types',
      body,
    });
    const refused = await until('a misfit is refused', async () => {
      const answer = await post('lead.typed', { score: -1 });
      return answer.status === 422 && answer;
    });
    expect(refused.body.error).toMatchObject({ code: 'event_type_mismatch' });
    expect(refused.body.error?.data.map(({ param }) => param)).toEqual(
      expect.arrayContaining(['payload.email', 'payload.score']),
    );
    expect((await post('lead.typed', { email: 'a@b.co' })).status).toBe(201);

    const event: Event = {
      id: crypto.randomUUID(),
      workspace: workspace.id,
      event: 'lead.typed',
      payload: '{"score":1}',
      resource: null,
      resource_id: null,
      created_at: Date.now(),
      created_by: 'outsider',
      schema_problem: null,
    };
    await produce('events', { value: await registry.encode(await registry.getLatestSchemaId('events-value'), event) });
    const poison = await until('it is set aside', async () => {
      const records = await recordsOf<Poison>(topics.poison.name);
      return records.map(({ value }) => value).find(({ message }) => message.includes('payload.email'));
    });
    expect(poison).toMatchObject({ reason: 'event_invalid', topic: 'events' });
    expect(type.version).toBe(1);
  });

  it('that is tightened refuses no repeat of what was accepted under the same Idempotency-Key', async () => {
    const name = 'lead.repeated';
    const repeat = () =>
      call<{ event: { id: string } }>({
        path: '/events',
        body: { workspace: workspace.id, event: name, payload: { a: 1 } },
        headers: { 'idempotency-key': 'repeated' },
      });
    const first = await repeat();
    expect(first.status).toBe(201);
    await must({ path: '/event-types', body: { workspace: workspace.id, name, schema, mode: 'enforce' } });
    await until('another is refused', async () => (await post(name, { a: 1 })).status === 422);
    expect((await repeat()).body.event.id).toBe(first.body.event.id);
  });

  it('that warns takes everything, and the event says what does not fit', async () => {
    await must({ path: '/event-types', body: { workspace: workspace.id, name: 'lead.warned', schema, mode: 'warn' } });
    const event = await until('a note is made', async () => {
      const answer = await post('lead.warned', { score: 3 });
      expect(answer.status).toBe(201);
      const seen = await workspace.event(answer.body.event?.id ?? '', isOver);
      return seen['schema_problem'] !== null && seen;
    });
    expect(event['schema_problem']).toContain('payload.email');
  });

  it('changes compatibly, unless somebody insists; every change is a version', async () => {
    const made = await must<{ event_type: { id: string } }>({
      path: '/event-types',
      body: { name: `shared.type`, schema, mode: 'off' },
    });
    const path = `/event-types/${made.event_type.id}`;
    const breaking = { ...schema, required: ['email', 'score'] };
    const refused = await call<{ error: Json & { data: Json[] } }>({ method: 'PUT', path, body: { schema: breaking } });
    expect([refused.status, refused.body.error['code']]).toEqual([409, 'event_type_incompatible']);
    expect(refused.body.error.data.length).toBeGreaterThan(0);
    const wider = { ...schema, properties: { ...schema.properties, note: { type: 'string' } } };
    expect(await must({ method: 'PUT', path, body: { schema: wider, expected_version: 1 } })).toMatchObject({
      version: 2,
    });
    expect((await call({ method: 'PUT', path, body: { mode: 'warn', expected_version: 1 } })).status).toBe(409);
    expect(await must({ method: 'PUT', path, body: { schema: breaking, force: true } })).toMatchObject({ version: 3 });
    expect((await call({ path: '/event-types', body: { name: 'shared.type', schema } })).status).toBe(409);
    expect(await must({ method: 'DELETE', path })).toMatchObject({ deleted: true });
    expect((await call({ path })).status).toBe(404);
  });

  it.each<[what: string, bad: Json]>([
    ['no schema at all', { type: 'nonsense' }],
    ['a remote reference', { type: 'object', $ref: 'https://example.com/schema.json' }],
    [
      'a pattern that backtracks by reference',
      { type: 'object', properties: { a: { type: 'string', pattern: '(a)\\1' } } },
    ],
    ['references that double and double', doubling(30)],
  ])('is refused with 422 when its schema is %s', async (_what, bad) => {
    const answer = await call<{ error: Json & { data: Json[] } }>({
      path: '/event-types',
      body: { workspace: workspace.id, name: 'bad.type', schema: bad },
    });
    expect([answer.status, answer.body.error['code']]).toEqual([422, 'event_type_invalid']);
    expect(String(answer.body.error.data[0]?.['param'])).toMatch(/^schema/);
  });
});

function doubling(levels: number): Json {
  const $defs: Json = {};
  for (let n = 0; n < levels; n++)
    $defs[`d${n}`] = { allOf: [{ $ref: `#/$defs/d${n + 1}` }, { $ref: `#/$defs/d${n + 1}` }] };
  $defs[`d${levels}`] = { type: 'object' };
  return { type: 'object', allOf: [{ $ref: '#/$defs/d0' }], $defs };
}
