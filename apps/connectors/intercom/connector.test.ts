// The Intercom connector: what the conformance suite cannot say of it. Waits, questions, and inputs that mean harm.
import { describe, expect, it } from '@jest/globals';
import type { Action, Call, HttpResponse, Reading } from '@sluice/connector-kit';
import { answer } from '@sluice/connector-kit/fixtures.ts';
import type { Delivery } from '@sluice/contracts';
import fc from 'fast-check';
import { intercom } from './connector.ts';
import { metadata, type IntercomMetadata } from './metadata.ts';

const base = 'https://api.intercom.io';
const credentials = { metadata: metadata.parse({ access_token: 'canary' }), access: undefined };
const action = (name: string) => intercom.actions[name] as unknown as Action<IntercomMetadata, unknown, unknown>;

function callOf(fields: unknown, input: unknown): Call<IntercomMetadata> {
  return {
    ...credentials,
    delivery: { event: 'lead.created', created_at: 1_999 } as Delivery,
    fields,
    input,
    nowMs: 0,
  };
}

const conflict = (message: string) => answer(409, { errors: [{ code: 'conflict', message }] });

describe('a contact who is there', () => {
  const call = callOf({}, { email: 'ada@example.com' });
  const read = (response: HttpResponse): Reading => action('upsert_contact').read?.(response, call, 0) as Reading;
  const urlOf = (reading: Reading) => ('then' in reading ? reading.then.url : undefined);

  it('is whom Intercom names, and nothing else that it may say', () => {
    expect(urlOf(read(conflict('exists with id=abc/../../evil')))).toBe(`${base}/contacts/abc`);
    expect(read(conflict('exists with id=../evil'))).toMatchObject({ class: 'permanent' });
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (said) => {
        const url = urlOf(read(conflict(`exists with id=${said}`)));
        if (url !== undefined) expect(new URL(url).pathname).toMatch(/^\/contacts\/[\w-]+$/);
      }),
    );
  });

  it('is not known where Intercom creates one without saying who', () => {
    expect(read(answer(200, '<html/>'))).toMatchObject({ class: 'unknown' });
  });
});

describe('too many requests', () => {
  it.each([
    ['1767225610', 1_767_225_610_000],
    ['1', undefined],
    ['soon', undefined],
  ])('with a reset at %s wait until %s', (reset, expected) => {
    const nowMs = 1_767_225_600_000;
    const { class: answerClass, retryAtMs } = intercom.classify(answer(429, '', { 'x-ratelimit-reset': reset }), nowMs);
    expect([answerClass, retryAtMs]).toEqual(['throttle', expected]);
  });
});

describe('an event', () => {
  it('has the time at which it happened, whenever it is sent', () => {
    const { body } = action('track_event').build({
      ...callOf({}, { contact: { email: 'ada@example.com' } }),
      nowMs: Date.parse('2030-01-01'),
    });
    expect(JSON.parse(body)).toEqual({ event_name: 'lead.created', created_at: 1, email: 'ada@example.com' });
  });

  it('has ten members at most, and none in another', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (given) => {
        const input = { contact: { email: 'ada@example.com' }, metadata: given };
        const { metadata: made = {} } = JSON.parse(action('track_event').build(callOf({}, input)).body) as {
          metadata?: Record<string, unknown>;
        };
        expect(Object.keys(made).length).toBeLessThanOrEqual(10);
        expect(Object.values(made).filter((value) => value === null)).toEqual([]);
      }),
    );
  });
});

describe('a question', () => {
  it('goes to its place, with the version', () => {
    const asked = [intercom.test, intercom.recordFields, ...Object.values(intercom.choices ?? {})];
    const requests = asked.map((question) => question?.build(credentials));
    expect(requests.map((request) => request?.url)).toEqual(
      ['me', 'data_attributes?model=contact', 'tags', 'admins'].map((place) => `${base}/${place}`),
    );
    expect(requests.every((request) => request?.headers['intercom-version'] === '2.16')).toBe(true);
  });

  it('about the workspace is answered by whose it is, or by why not', () => {
    const app = { id_code: 'w1', name: 'Acme', region: 'US' };
    expect(intercom.test?.read(answer(200, { type: 'admin', email: 'x@y.z', app }))).toEqual({
      ok: true,
      message: 'Intercom workspace Acme, US, x@y.z',
    });
    expect(intercom.test?.read(answer(200, { app: { id_code: 'w1' } }))).toMatchObject({
      message: 'Intercom workspace w1',
    });
    expect(intercom.test?.read(answer(200, '<html/>'))).toMatchObject({ ok: false });
    const errors = [{ code: 'unauthorized', message: 'Access Token Invalid' }];
    expect(intercom.test?.read(answer(401, { errors }))).toEqual({
      ok: false,
      message: 'unauthorized: Access Token Invalid',
    });
  });

  it.each([
    ['tags', { data: [{ id: '81', name: 'vip' }, { id: '82' }, { name: 'none' }] }],
    ['admins', { admins: [{ id: '81', name: 'vip' }, { id: '82' }, {}] }],
  ])('for %s is answered by what there is to choose', (name, body) => {
    expect(intercom.choices?.[name]?.read(answer(200, body))).toEqual([
      { value: '81', label: 'vip' },
      { value: '82', label: '82' },
    ]);
  });

  it('for the fields of contacts is answered by their paths, without those that are archived', () => {
    const plan = {
      name: 'plan',
      full_name: 'custom_attributes.plan',
      label: 'Plan',
      data_type: 'string',
      options: ['a'],
    };
    const data = [
      { name: 'email', full_name: 'email', label: 'Email', data_type: 'string', description: 'An email' },
      { ...plan, api_writable: false },
      { ...plan, archived: true },
      {},
    ];
    expect(intercom.recordFields?.read(answer(200, { data }))).toEqual([
      { key: 'email', label: 'Email', type: 'string', description: 'An email', constraints: { required: true } },
      {
        key: 'custom_attributes.plan',
        label: 'Plan',
        type: 'string',
        description: '',
        constraints: { read_only: true, choices: [{ value: 'a', label: 'a' }] },
      },
    ]);
  });
});

describe('the metadata', () => {
  it.each([
    { access_token: 'a b' },
    { access_token: 'a\r\nb' },
    { region: 'evil.io/' },
    { base_url: 'ftp://x' },
    { no: 1 },
  ])('refuses %j', (given) => {
    expect(metadata.safeParse(given).success).toBe(false);
  });
});
