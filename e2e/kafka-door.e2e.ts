// The Kafka door: any producer may append events in the published schema; what is no event is set aside with its reason and its bytes.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { topics, type Event, type Poison } from '@sluice/contracts';
import { isOver, Sink, until, Workspace } from './harness.ts';
import { produce, recordsOf, registry } from './kafka.ts';

describe('the Kafka door', () => {
  let sink: Sink;
  let workspace: Workspace;
  beforeAll(async () => {
    sink = await Sink.start();
    workspace = await Workspace.create('kafka door');
    await workspace.rule(await workspace.connection(sink.url('/door')), 'lead.created');
  });
  afterAll(() => sink.stop());

  const anEvent = (over: Partial<Event> = {}): Event => ({
    id: crypto.randomUUID(),
    workspace: workspace.id,
    event: 'lead.created',
    payload: '{"email":"ada@example.com"}',
    resource: null,
    resource_id: null,
    created_at: Date.now(),
    created_by: 'outsider',
    schema_problem: null,
    ...over,
  });

  async function encoded(event: Event): Promise<Buffer> {
    return registry.encode(await registry.getLatestSchemaId('events-value'), event);
  }

  it('takes an event of any Avro producer and continues its trace', async () => {
    const event = anEvent();
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    await produce('events', {
      value: await encoded(event),
      headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-01` },
    });
    const seen = await workspace.event(event.id, isOver);
    expect(seen).toMatchObject({ status: 'completed', created_by: 'outsider', trace_id: traceId });
    expect(sink.requests('/door').map(({ headers }) => headers['x-sluice-event-id'])).toContain(event.id);
  });

  it('takes an event of an older producer whose schema lacked the optional fields', async () => {
    const { id, workspace: workspaceId, event, payload, created_at } = anEvent();
    const schema = {
      type: 'record',
      name: 'Event',
      namespace: 'sluice',
      fields: [
        ...['id', 'workspace', 'event', 'payload'].map((name) => ({ name, type: 'string' })),
        { name: 'created_at', type: { type: 'long', logicalType: 'timestamp-millis' } },
      ],
    };
    const { id: schemaId } = await registry.register({ type: 'AVRO', schema: JSON.stringify(schema) } as never, {
      subject: 'older-producer-value',
    });
    const value = await registry.encode(schemaId, { id, workspace: workspaceId, event, payload, created_at });
    await produce('events', { value });
    expect(await workspace.event(id, isOver)).toMatchObject({ status: 'completed' });
  });

  it('sets every bad record aside with its reason and its bytes, and goes on with the next', async () => {
    const unknownSchema = Buffer.concat([Buffer.from([0, 0x7f, 0xff, 0xff, 0xff]), Buffer.from('x')]);
    const good = await encoded(anEvent());
    const bad: [reason: string, value: Buffer | null][] = [
      ['record_empty', null],
      ['record_not_avro', Buffer.from('{"id":"1"}')],
      ['schema_unknown', unknownSchema],
      ['record_undecodable', good.subarray(0, 20)],
      ['event_invalid', await encoded(anEvent({ payload: 'not json' }))],
      ['event_invalid', await encoded(anEvent({ payload: '['.repeat(10_000) }))],
      ['event_invalid', await encoded(anEvent({ payload: '{"email":"nobody"}' }))],
      ['event_invalid', await encoded(anEvent({ payload: '{"__proto__":{"a":1}}' }))],
      ['event_invalid', await encoded(anEvent({ event: '' }))],
      ['event_invalid', await encoded(anEvent({ id: 'not a uuid' }))],
      ['workspace_unknown', await encoded(anEvent({ workspace: crypto.randomUUID() }))],
    ];
    const mark = crypto.randomUUID();
    for (const [, value] of bad) await produce('events', { key: mark, value, headers: { mark } });
    // The same key, so the same partition: that it arrives proves that the bad ones before it were passed.
    const after = anEvent();
    await produce('events', { key: mark, value: await encoded(after) });
    await workspace.event(after.id, isOver);

    const poison = await until('all are set aside', async () => {
      const records = await recordsOf<Poison>(topics.poison.name);
      const mine = records.filter(({ value }) => value.headers['mark'] === mark && value.group.endsWith('router'));
      return mine.length >= bad.length && mine;
    });
    const asRead = poison.map(({ value }) => value).sort((a, b) => Number(a.offset) - Number(b.offset));
    expect(asRead.map(({ reason }) => reason)).toEqual(bad.map(([reason]) => reason));
    expect(asRead.map(({ value }) => value?.toString('base64'))).toEqual(
      bad.map(([, value]) => value?.toString('base64')),
    );
    expect(asRead.every(({ topic, message }) => topic === 'events' && message !== '')).toBe(true);
  });
});
