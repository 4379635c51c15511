// The HubSpot connector: what the conformance suite cannot say of it. Batches, questions, and inputs that mean harm.
import { describe, expect, it } from '@jest/globals';
import type { Action, Call, HttpResponse, Reading } from '@sluice/connector-kit';
import { answer } from '@sluice/connector-kit/fixtures.ts';
import type { Delivery } from '@sluice/contracts';
import fc from 'fast-check';
import { hubspot } from './connector.ts';
import { metadata, type HubspotMetadata } from './metadata.ts';

const nowMs = 1_700_000_000_000;
const trace = (number: number) => `8ebca8d3-ceea-55df-adfb-${String(number).padStart(12, '0')}`;
const action = (name: string) => hubspot.actions[name] as unknown as Action<HubspotMetadata, unknown, unknown>;

/** A delivery with its number in its id; fields and input parsed by the action's shapes, as the host does. */
function callOf(name: string, given: { fields?: object; input: object; number?: number; metadata?: object }) {
  return {
    metadata: metadata.parse({ access_token: 'pat-canary', ...given.metadata }),
    access: undefined,
    delivery: { id: trace(given.number ?? 1), created_at: nowMs } as Delivery,
    fields: action(name).fields?.parse(given.fields ?? {}) ?? {},
    input: action(name).input?.parse(given.input),
    nowMs,
  } satisfies Call<HubspotMetadata>;
}

const written = answer(200, { results: [{ id: '501' }] });

/** Reads answers one after the other, as the host does. */
function readAll(name: string, call: ReturnType<typeof callOf>, answers: readonly HttpResponse[]): Reading {
  const [first = written, ...others] = answers;
  let reading = action(name).read?.(first, call, nowMs) as Reading;
  for (const each of others) reading = 'then' in reading ? reading.read(each, nowMs) : reading;
  return reading;
}

describe('a contact taken off a list', () => {
  const call = callOf('remove_from_list', { fields: { id: '42' }, input: { email: 'ada@example.com' } });

  it('is found by its email first, then named by its id', () => {
    const reading = readAll('remove_from_list', call, [written]);
    expect(reading).toMatchObject({
      why: 'step',
      then: {
        method: 'PUT',
        url: 'https://api.hubapi.com/crm/lists/2026-09/42/memberships/remove',
        body: '["501"]',
      },
    });
  });

  it('is off it also where HubSpot does not find it there', () => {
    const missing = answer(200, { recordIdsRemoved: [], recordIdsMissing: ['501'] });
    expect(readAll('remove_from_list', call, [written, missing])).toMatchObject({ class: 'delivered' });
  });
});

describe('a record that HubSpot has already', () => {
  const refusal = answer(400, { message: 'sluice_delivery: 1 already has that value (CONFLICTING_UNIQUE_VALUE)' });
  const input = { contact: { email: 'ada@example.com' }, note: { hs_note_body: 'Hello' } };

  it('is delivered where its own property says so, and refused for any other', () => {
    const marked = callOf('create_note', { fields: { delivery_id_property: 'sluice_delivery' }, input });
    expect(readAll('create_note', marked, [written, refusal])).toMatchObject({ class: 'delivered' });
    const other = callOf('create_note', { fields: { delivery_id_property: 'other' }, input });
    expect(readAll('create_note', other, [written, refusal])).toMatchObject({ class: 'permanent' });
    expect(readAll('create_note', callOf('create_note', { input }), [written, refusal])).toMatchObject({
      class: 'permanent',
    });
  });
});

describe('a batch', () => {
  const batch = action('upsert_contact').batch;
  const calls = ['A@x.io', 'b@x.io', 'a@x.io'].map((email, index) =>
    callOf('upsert_contact', { number: index, input: { email, [`from_${index}`]: index } }),
  );
  const read = (response: HttpResponse) => batch?.read(response, calls, nowMs).map((each) => each.class);

  it('names each contact once, with what all its deliveries want', () => {
    expect(JSON.parse(batch?.build(calls).body ?? '')).toEqual({
      inputs: [
        {
          id: 'a@x.io',
          idProperty: 'email',
          objectWriteTraceId: trace(0),
          properties: { email: 'a@x.io', from_0: '0', from_2: '2' },
        },
        {
          id: 'b@x.io',
          idProperty: 'email',
          objectWriteTraceId: trace(1),
          properties: { email: 'b@x.io', from_1: '1' },
        },
      ],
    });
  });

  it('sets what the later delivery says', () => {
    const two = ['customer', 'lead'].map((value, number) =>
      callOf('update_property', { number, fields: { id: 'stage', value }, input: { email: 'a@x.io' } }),
    );
    const { body } = action('update_property').batch?.build(two) ?? {};
    expect(JSON.parse(body ?? '')).toMatchObject({ inputs: [{ properties: { stage: 'lead' } }] });
  });

  it('is read in whatever order HubSpot answers, by trace id or email', () => {
    const b = { id: '2', objectWriteTraceId: trace(1), properties: { email: 'old@x.io' } };
    const a = { id: '1', properties: { email: 'A@X.io' } };
    expect(read(answer(200, { results: [b, a] }))).toEqual(['delivered', 'delivered', 'delivered']);
  });

  it('tells each delivery what became of its own contact', () => {
    const error = { category: 'VALIDATION_ERROR', message: 'no', context: { objectWriteTraceId: [trace(0)] } };
    const b = { id: '2', properties: { email: 'b@x.io' } };
    expect(read(answer(207, { results: [b], errors: [error] }))).toEqual(['permanent', 'delivered', 'permanent']);
  });

  it.each([
    ['refuses it as a whole', 400, { category: 'VALIDATION_ERROR' }, 'split'],
    ['names a contact in the way', 409, { message: 'Existing ID: 5' }, 'split'],
    ['takes it for too large', 413, {}, 'split'],
    ['is busy', 429, { policyName: 'SECONDLY' }, 'throttle'],
    ['does not know the address', 404, {}, 'permanent'],
    ['wrote nothing and says nothing', 207, { results: [] }, 'permanent'],
    ['tells of others only', 200, { results: [{ id: '9', properties: { email: 'z@x.io' } }] }, 'unknown'],
  ])('when HubSpot %s', (_, status, body, expected) => {
    expect(read(answer(status, body))).toEqual([expected, expected, expected]);
  });

  it('of one has nothing to split', () => {
    expect(batch?.read(answer(400, {}), calls.slice(0, 1), nowMs)).toMatchObject([{ class: 'permanent' }]);
  });
});

describe('a question', () => {
  const credentials = { metadata: metadata.parse({ access_token: 'pat-canary' }), access: undefined };
  const pipeline = { id: 'p1', label: 'Sales', stages: [{ id: 's1', label: 'Won' }, { label: 'without an id' }] };
  const readOnly = { name: 'createdate', type: 'datetime', modificationMetadata: { readOnlyValue: true } };
  const stage = { name: 'stage', label: 'Stage', type: 'enumeration', options: [{ value: 'a', label: 'A' }] };

  it.each([
    ['lists', { lists: [{ listId: '42', name: 'New' }] }, [{ value: '42', label: 'New' }]],
    ['pipelines', { results: [pipeline] }, [{ value: 'p1', label: 'Sales' }]],
    ['deal_stages', { results: [pipeline] }, [{ value: 's1', label: 'Sales: Won' }]],
    ['properties', { results: [readOnly, stage] }, [{ value: 'stage', label: 'Stage' }]],
    ['properties', { results: 'none' }, []],
  ])('for %s is answered by what there is to choose', (name, body, expected) => {
    expect(hubspot.choices?.[name]?.read(answer(200, body))).toEqual(expected);
  });

  it('goes to where the version has it', () => {
    const asked = [hubspot.test, hubspot.recordFields, ...Object.values(hubspot.choices ?? {})];
    expect(asked.map((question) => question?.build(credentials).url)).toEqual(
      [
        'account-info/2026-09/details',
        'crm/properties/2026-09/contacts',
        'crm/lists/2026-09/search',
        'crm/properties/2026-09/contacts',
        'crm/pipelines/2026-09/deals',
        'crm/pipelines/2026-09/deals',
      ].map((place) => `https://api.hubapi.com/${place}`),
    );
  });

  it('about the account is answered by its number, or by why not', () => {
    const read = (status: number, body: object) => hubspot.test?.read(answer(status, body));
    expect(read(200, { portalId: 7, portalName: 'Acme' })).toEqual({ ok: true, message: 'HubSpot account 7, Acme' });
    expect(read(401, { category: 'INVALID_AUTHENTICATION', message: 'not found' })).toEqual({
      ok: false,
      message: 'INVALID_AUTHENTICATION: not found',
    });
    expect(read(200, {})).toMatchObject({ ok: false });
  });

  it('about the fields of contacts is answered with what may be put in them', () => {
    expect(hubspot.recordFields?.read(answer(200, { results: [readOnly, stage] }))).toMatchObject([
      { key: 'createdate', label: 'createdate', type: 'datetime', constraints: { read_only: true } },
      { key: 'stage', label: 'Stage', constraints: { choices: [{ value: 'a', label: 'A' }] } },
    ]);
  });
});

describe('the metadata', () => {
  it.each([
    [{ access_token: 'a b' }],
    [{ access_token: 'a\r\nb: c' }],
    [{ api_version: '../..' }],
    [{ api_version: 'v3' }],
    [{ base_url: 'ftp://example.com' }],
    [{ base_url: 'https://user:pass@example.com' }],
    [{ base_url: 'https://example.com/?x=' }],
    [{ surprise: 1 }],
  ])('refuses %j', (over) => {
    expect(metadata.safeParse({ access_token: 'pat', ...over }).success).toBe(false);
  });
});

describe('whatever it is given', () => {
  const anything = fc.string({ unit: 'binary', maxLength: 40 });
  const hostile = fc.oneof(anything, fc.constantFrom('..', '../..', '//evil', 'a\r\nb: c', '?#@', '%2e%2e'));

  it('a request stays on its path, and each header in its line', () => {
    fc.assert(
      fc.property(hostile, hostile, hostile, (text, name, id) => {
        const call = callOf('update_property', {
          fields: { id: 'stage', value: text },
          input: { email: 'a@x.io', [name]: text, nested: id },
        });
        const first = action('update_property').build(call);
        expect(first.url).toBe('https://api.hubapi.com/crm/objects/2026-09/contacts/batch/upsert');
        const conflict = readAll('update_property', call, [answer(409, { message: `Existing ID: ${id}` })]);
        const requests = 'then' in conflict ? [first, conflict.then] : [first];
        for (const { url, headers } of requests) {
          expect(new URL(url).href).toMatch(/^https:\/\/api\.hubapi\.com\/crm\/objects\/2026-09\/contacts\/[\w/]+$/);
          for (const value of Object.values(headers)) expect(value).not.toMatch(/\p{Cc}/u);
        }
      }),
    );
  });

  it('a list is a number or refused', () => {
    fc.assert(
      fc.property(hostile, (id) => {
        const parsed = action('add_to_list').fields?.safeParse({ id });
        expect(parsed?.success).toBe(/^\d{1,20}$/.test(id));
      }),
    );
  });

  it('an answer is read to something the host knows', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), fc.oneof(anything, fc.json()), (status, body) => {
        const call = callOf('upsert_contact', { input: { email: 'a@x.io' } });
        const response = { status, headers: {}, body };
        const read = [action('upsert_contact').read?.(response, call, nowMs)];
        expect(read).toHaveLength(1);
        expect(action('upsert_contact').batch?.read(response, [call, call], nowMs)).toHaveLength(2);
      }),
    );
  });
});
