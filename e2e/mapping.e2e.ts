// Mappings: each destination gets its own shape, a mistake is one failed delivery with its reason, and a new version can be looked at first.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call, isOver, must, quickPolicy, Sink, Workspace, type Json } from './harness.ts';

describe('a mapping', () => {
  let sink: Sink;
  let workspace: Workspace;
  beforeAll(async () => {
    sink = await Sink.start();
    workspace = await Workspace.create('mapping');
  });
  afterAll(() => sink.stop());

  const rawHook = (path: string) =>
    workspace.connection(sink.url(path), { metadata: { payload_mode: 'raw' }, policy: quickPolicy(1) });
  const bodyAt = async (path: string, index = 0) =>
    JSON.parse((await sink.received(path, index + 1))[index]?.body ?? '') as Json;

  it('of the connection shapes what rules without their own send; a rule may have its own', async () => {
    const connection = await rawHook('/shaped');
    const path = `/connections/${connection}/mappings/default`;
    expect(await must({ path })).toMatchObject({ status: 'generated', mapping: { version: 0 } });
    const schema = {
      schema_version: 2,
      map: {
        mail: { '@path': 'email' },
        hello: { '@template': 'Hello {{first_name}} of {{company.name}}' },
        kind: { '@event': 'type' },
      },
    };
    const put = await must({ method: 'PUT', path, body: { schema, expected_version: 0 } });
    expect(put).toMatchObject({ status: 'stored', mapping: { version: 1, schema } });
    expect((await call({ method: 'PUT', path, body: { schema, expected_version: 0 } })).status).toBe(409);

    await workspace.rule(connection, 'lead.shaped');
    const own = {
      schema_version: 1,
      fields: [{ dest: 'contact.email', source: { type: 'path', value: 'email' }, transforms: ['upper'] }],
    };
    await workspace.rule(connection, 'lead.own', { mapping: own });
    const payload = { email: 'ada@example.com', first_name: 'Ada', company: { name: 'Engines' } };
    const first = await workspace.emitted('lead.shaped', payload);
    expect(await bodyAt('/shaped')).toEqual({
      mail: 'ada@example.com',
      hello: 'Hello Ada of Engines',
      kind: 'lead.shaped',
    });
    expect(first.rule_events[0]).toMatchObject({ mapping_version: 1 });
    await workspace.emitted('lead.own', payload);
    expect(await bodyAt('/shaped', 1)).toEqual({ contact: { email: 'ADA@EXAMPLE.COM' } });
    const versions = await must<{ records: Json[] }>({ path: `${path}/versions` });
    expect(versions.records.map(({ version }) => version)).toEqual([1]);
  });

  it('that fails is one failed delivery that names the field, and nothing is sent', async () => {
    const connection = await rawHook('/required');
    const mapping = { schema_version: 2, map: { mail: { '@required': { '@path': 'email' } } } };
    const rule = await workspace.rule(connection, 'lead.required', { mapping });
    const event = await workspace.emitted('lead.required', { name: 'nobody' });
    expect(event).toMatchObject({ status: 'failed', rule_events: [{ state: 'dead' }] });
    const [attempt] = await workspace.attempts(event.id, rule);
    expect(attempt).toMatchObject({
      outcome_code: 'mapping_error',
      error: { layer: 'mapping', code: 'mapping_failed' },
    });
    expect(attempt?.message).toContain('mail');
    await workspace.emit('lead.required', { email: 'a@b.co' });
    expect(await bodyAt('/required')).toEqual({ mail: 'a@b.co' });
    expect(sink.requests('/required')).toHaveLength(1);
  });

  it('of the expert tier is evaluated apart: one that loops fails its own delivery, and others go on', async () => {
    const connection = await rawHook('/expert');
    const good = { schema_version: 2, jsonata: '{% {"total": $sum(items.price), "names": items.name} %}' };
    await workspace.rule(connection, 'order.placed', { mapping: good });
    const bad = { schema_version: 2, jsonata: '{% ($f := function($n) { $f($n + 1) }; $f(0)) %}' };
    const loops = await workspace.rule(connection, 'order.looped', { mapping: bad });
    const order = {
      items: [
        { name: 'a', price: 2 },
        { name: 'b', price: 3 },
      ],
    };
    await workspace.emitted('order.placed', order);
    expect(await bodyAt('/expert')).toEqual({ total: 5, names: ['a', 'b'] });
    const hanging = await workspace.emit('order.looped', { a: 1 });
    await workspace.emit('order.placed', order);
    expect(await bodyAt('/expert', 1)).toEqual({ total: 5, names: ['a', 'b'] });
    const event = await workspace.event(hanging, isOver, { limitMs: 30_000 });
    expect(event.status).toBe('failed');
    const [attempt] = await workspace.attempts(hanging, loops);
    expect(attempt?.message).toContain('expression_');
  });

  it.each<[what: string, mapping: Json, place: string]>([
    [
      'a target __proto__',
      JSON.parse(
        '{"schema_version":1,"fields":[{"dest":"a.__proto__.b","source":{"type":"literal","value":1}}]}',
      ) as Json,
      'mapping.fields[0].dest',
    ],
    ['an unknown directive', { schema_version: 2, map: { a: { '@exec': 'rm' } } }, 'mapping.map.a'],
    ['a template that does not close', { schema_version: 2, map: { a: { '@template': '{{a' } } }, 'mapping.map.a'],
    ['JSONata that does not parse', { schema_version: 2, jsonata: '{% (( %}' }, 'mapping.jsonata'],
    ['JSONata that evaluates text', { schema_version: 2, jsonata: '{% $eval("1") %}' }, 'mapping.jsonata'],
  ])('that is not sound is refused with 422 naming the place: %s', async (_what, mapping, place) => {
    const connection = await rawHook('/never');
    const body = { workspace: workspace.id, connection, event: 'e', metadata: { action: 'send_webhook' }, mapping };
    const answer = await call<{ error: { code: string; data: { param: string }[] } }>({ path: '/rules', body });
    expect([answer.status, answer.body.error.code]).toEqual([
      answer.body.error.code === 'json_forbidden_key' ? 400 : 422,
      answer.body.error.code,
    ]);
    expect(answer.body.error.data[0]?.param ?? place).toContain(place.split('.')[0] === 'mapping' ? '' : place);
  });

  it('can be compared with the present one on real events before it is stored', async () => {
    const connection = await rawHook('/preview');
    const rule = await workspace.rule(connection, 'lead.previewed');
    for (const email of ['a@b.co', 'c@d.co']) await workspace.emitted('lead.previewed', { email, n: 1 });
    const schema = { schema_version: 2, map: { email: { '@path': 'email' }, n: { '@string': { '@path': 'n' } } } };
    const preview = await must<{ count: number; changed: number; records: { diff: Json[] }[] }>({
      path: '/mappings/preview',
      body: { workspace: workspace.id, rule, schema },
    });
    expect(preview.count).toBeGreaterThanOrEqual(2);
    expect(preview).toMatchObject({ changed: preview.count, failed: 0 });
    expect(preview.records[0]?.diff).toEqual([{ path: 'n', before: 1, after: '1' }]);
    expect((await must<{ mapping: unknown }>({ path: `/rules/${rule}` })).mapping).toBeNull();
    expect(sink.requests('/preview')).toHaveLength(2);
  });

  it('is used soon after it was stored, without a restart', async () => {
    const connection = await rawHook('/soon');
    const rule = await workspace.rule(connection, 'lead.soon');
    await workspace.emitted('lead.soon', { a: 1 });
    const mapping = { schema_version: 2, map: { new: true } };
    await must({ method: 'PATCH', path: `/rules/${rule}`, body: { mapping } });
    await workspace.emitted('lead.soon', { a: 1 }, (event) => event.rule_events[0]?.rule_version === 2);
    expect(JSON.parse(sink.requests('/soon').at(-1)?.body ?? '')).toEqual({ new: true });
  });
});
