// Records to bytes and back for every contract; and whatever bytes come instead, a poison record, never a mistake of ours.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  allTopics,
  deliveriesTopic,
  schemaTexts,
  topics,
  type Delivery,
  type Event,
  type SchemaName,
  type Topic,
} from '@sluice/contracts';
import fc from 'fast-check';
import { runInNewContext } from 'node:vm';
import { FakeRegistry } from '../testing/fake-registry.ts';
import { valuesOf } from '../testing/values.ts';
import { Codec } from './codec.ts';
import { PoisonError, UnavailableError } from './errors.ts';

const registry = new FakeRegistry();
const names = Object.keys(schemaTexts) as SchemaName[];
const written = allTopics(['webhook']);
/** One topic of each contract. */
const contracts = [...new Map(written.map((topic): [SchemaName, Topic] => [topic.schema, topic]))];
const idOf = (name: SchemaName): number => names.indexOf(name) + 1;
let url = '';
/** Can write and read all contracts. */
let codec: Codec;

beforeAll(async () => {
  url = await registry.listen();
  for (const name of names) registry.put(idOf(name), { schema: schemaTexts[name] });
  for (const { name, schema } of written) registry.put(idOf(schema), { schema: schemaTexts[schema] }, `${name}-value`);
  codec = new Codec(url);
  await codec.prepareToWrite(written);
  for (const name of names) await codec.prepareToRead(name, idOf(name));
});
afterAll(() => registry.close());
beforeEach(() => {
  registry.calls.length = 0;
  registry.failsWith = undefined;
});

const schemaOf = (name: SchemaName) => JSON.parse(schemaTexts[name]) as Parameters<typeof valuesOf>[0];
const framed = (id: number, data: Uint8Array = Buffer.alloc(0)): Buffer => {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(id, 1);
  return Buffer.concat([head, data]);
};

/** What reading bytes comes to: the value, or the code of the poison. Anything else is thrown on. */
function read(reader: Codec, name: SchemaName, bytes: Buffer | null): unknown {
  try {
    reader.writerId(bytes);
    return reader.decode(name, bytes ?? Buffer.alloc(0));
  } catch (error) {
    if (error instanceof PoisonError) return error.code;
    throw error;
  }
}

const event: Event = {
  id: '6ba7b810-9dad-41d1-80b4-00c04fd430c8',
  workspace: '11111111-1111-4111-8111-111111111111',
  event: 'lead.created',
  payload: '{"n": 12345678901234567890.10}',
  resource: null,
  resource_id: '7',
  created_at: 1_700_000_000_000,
  created_by: null,
  schema_problem: null,
};

describe('a record', () => {
  it.each(contracts)('that holds a %s comes back as it was written', (_name, topic) => {
    fc.assert(
      fc.property(valuesOf(schemaOf(topic.schema)), (value) => {
        const bytes = codec.encode(topic, value);
        expect([bytes[0], codec.writerId(bytes)]).toEqual([0, idOf(topic.schema)]);
        expect(codec.decode(topic.schema, bytes)).toEqual(value);
      }),
      { numRuns: 25 },
    );
  });

  it('keeps its bytes when others are written after it, however large', () => {
    const sizes = [10, 70_000, 5, 900_000, 64 * 1024, 1];
    const all = sizes.map((size) => codec.encode(topics.events, { ...event, payload: 'é'.repeat(size) }));
    expect(all.map((bytes) => (codec.decode('Event', bytes) as Event).payload.length)).toEqual(sizes);
  });

  it('that does not fit its schema is a mistake of ours, not poison', () => {
    expect(() => codec.encode(topics.events, { ...event, payload: 7 })).toThrow();
    expect(() => codec.encode(topics.events, { ...event, payload: 7 })).not.toThrow(PoisonError);
  });

  it('can be written only once its topic is prepared', () => {
    expect(() => new Codec(url).encode(topics.events, event)).toThrow('topic events was not prepared for writing');
  });
});

describe('the registry', () => {
  it('is asked for each schema once, to write and to read', async () => {
    const fresh = new Codec(url);
    await fresh.prepareToWrite([topics.events]);
    await fresh.prepareToWrite([topics.events]);
    for (let round = 0; round < 3; round++) await fresh.prepareToRead('Event', idOf('Event'));
    expect(registry.calls).toEqual(['POST /subjects/events-value', `GET /schemas/ids/${idOf('Event')}`]);
    expect([fresh.canRead('Event', idOf('Event')), fresh.canRead('Event', 999)]).toEqual([true, false]);
  });

  it('that cannot be asked says nothing against the record: it is asked again', async () => {
    const fresh = new Codec(url);
    registry.failsWith = 403;
    await expect(fresh.prepareToRead('Event', idOf('Event'))).rejects.toBeInstanceOf(UnavailableError);
    await expect(fresh.prepareToWrite([topics.events])).rejects.toBeInstanceOf(UnavailableError);
    registry.failsWith = undefined;
    await fresh.prepareToRead('Event', idOf('Event'));
    await fresh.prepareToWrite([topics.events]);
    expect(read(fresh, 'Event', fresh.encode(topics.events, event))).toEqual(event);
  });

  it('that does not know the schema of a topic to write says what to do', async () => {
    const unknown = { ...topics.events, name: 'never-set-up' };
    await expect(new Codec(url).prepareToWrite([unknown])).rejects.toThrow(
      'the schema of topic never-set-up is not registered; run the setup app first',
    );
  });
});

describe('a record of another schema', () => {
  /** What reading a record written with this schema, registered under this id, comes to. */
  async function readWritten(
    id: number,
    schema: object | string,
    data: Uint8Array,
    schemaType?: string,
  ): Promise<unknown> {
    registry.put(id, { schema: typeof schema === 'string' ? schema : JSON.stringify(schema), schemaType });
    const fresh = new Codec(url);
    await fresh.prepareToRead('Workspace', id);
    return read(fresh, 'Workspace', framed(id, data));
  }
  const workspace = (fields: object[]) => ({ type: 'record', name: 'Workspace', namespace: 'sluice', fields });
  const [id, organization] = [
    { name: 'id', type: 'string' },
    { name: 'organization_id', type: 'string' },
  ];
  const twoTexts = Buffer.from([2, 97, 2, 98]);

  it('that is unknown is poison: schema_unknown, whatever the id', async () => {
    const fresh = new Codec(url);
    for (const unknown of [0, 999, 2 ** 31, 2 ** 32 - 1]) {
      await fresh.prepareToRead('Event', unknown);
      expect(read(fresh, 'Event', framed(unknown))).toBe('schema_unknown');
    }
  });

  it('that is a later or an earlier version of ours is read as ours', async () => {
    const more = workspace([id, { name: 'colour', type: 'string' }, organization]);
    expect(await readWritten(100, more, Buffer.from([2, 97, 2, 120, 2, 98]))).toEqual({
      id: 'a',
      organization_id: 'b',
    });
    expect(await readWritten(101, workspace([organization, id]), twoTexts)).toEqual({ id: 'b', organization_id: 'a' });
  });

  it.each([
    ['lacks a field of ours', workspace([id])],
    ['has another type in a field of ours', workspace([id, { name: 'organization_id', type: 'int' }])],
    ['is of another name', { ...workspace([id, organization]), name: 'Other' }],
    ['is no record', { type: 'string' }],
  ])('that %s is poison: schema_incompatible', async (_what, schema) => {
    expect(await readWritten(200, schema, twoTexts)).toBe('schema_incompatible');
  });

  it.each([
    ['is JSON Schema', '{"type":"object"}', 'JSON'],
    ['is Protobuf', 'syntax = "proto3"; message A { string id = 1; }', 'PROTOBUF'],
    ['is no schema at all', '{"type":"sluice.Nothing"}', undefined],
  ])('that %s is poison too: the registry answered', async (_what, schema, schemaType) => {
    expect(await readWritten(300, schema, twoTexts, schemaType)).toBe('schema_incompatible');
  });
});

describe('bytes that are no record', () => {
  it.each([
    ['no value', null, 'record_empty'],
    ['no bytes', Buffer.alloc(0), 'record_not_avro'],
    ['fewer bytes than a head', Buffer.alloc(4), 'record_not_avro'],
    ['JSON', Buffer.from('{"event":"lead.created"}'), 'record_not_avro'],
    ['another magic byte', Buffer.from([1, 0, 0, 0, 1, 2, 97]), 'record_not_avro'],
    ['a head alone', framed(idOf('Event')), 'record_undecodable'],
  ])('are poison: %s', (_what, bytes, code) => {
    expect(read(codec, 'Event', bytes)).toBe(code);
  });

  it.each(names)('never throw anything but poison where a %s is expected', (name) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        // A value by chance, or poison; anything else is thrown on.
        read(codec, name, framed(idOf(name), bytes));
      }),
    );
  });

  it.each(contracts)('are poison: a %s cut short, or with something after it', (_name, topic) => {
    fc.assert(
      fc.property(valuesOf(schemaOf(topic.schema)), fc.nat(), (value, cut) => {
        const bytes = codec.encode(topic, value);
        const cutShort = bytes.subarray(0, 5 + (cut % Math.max(1, bytes.length - 5)));
        expect(read(codec, topic.schema, cutShort)).toBe('record_undecodable');
        expect(read(codec, topic.schema, Buffer.concat([bytes, Buffer.from([0])]))).toBe('record_undecodable');
      }),
      { numRuns: 10 },
    );
  });

  it('cannot keep us busy: a count far beyond the bytes there are is refused at once', () => {
    const [value] = fc.sample(valuesOf(schemaOf('Delivery')), 1) as Delivery[];
    const bytes = codec.encode(deliveriesTopic('webhook'), { ...value, attempts: [] });
    // The list of attempts is the last member: in place of its end it claims 2^30 attempts.
    const claims = Buffer.concat([bytes.subarray(0, -1), Buffer.from('8080808008', 'hex')]);
    const decode = (): unknown => read(codec, 'Delivery', claims);
    expect(runInNewContext('decode()', { decode }, { timeout: 200 })).toBe('record_undecodable');
  });
});
