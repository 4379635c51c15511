// What the event door takes and what it refuses: each bad input by its code and the field it names, each payload digit for digit.
import { describe, expect, it } from '@jest/globals';
import { ApiError } from '@sluice/api';
import fc from 'fast-check';
import { checkDraft, readBulk, readSingle, toAnswer, toEvent, type Caller, type SoundDraft } from './accept.ts';

const workspace = '11111111-1111-4111-8111-111111111111';
const otherWorkspace = '22222222-2222-4222-8222-222222222222';
const machine: Caller = { organizationId: 'o', workspace: null, by: 'mk_test' };
const browser: Caller = { organizationId: 'o', workspace, by: 'mesh_pub_a_b_c' };

const body = (over: object = {}): string =>
  JSON.stringify({ workspace, event: 'lead.created', payload: { email: 'jane@example.com' }, ...over });

/** What a whole body is refused for: the code, the status and the words for the caller. */
function refusal(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return `${error.status} ${error.code} ${error.data.map(({ param, msg }) => `${param} ${msg}`).join(', ')}`;
  }
  return 'accepted';
}

/** The sound draft of a body that must be one. */
function sound(text: string, caller = machine): SoundDraft {
  const draft = checkDraft(readSingle(text), caller);
  if (Array.isArray(draft)) throw new Error(`refused: ${JSON.stringify(draft)}`);
  return draft;
}

/** The fields a single event is refused at; none when it is sound. */
function wrongAt(text: string, caller = machine): string[] {
  const checked = checkDraft(readSingle(text), caller);
  return Array.isArray(checked) ? checked.map(({ param }) => param) : [];
}

describe('a body that is unfit as a whole', () => {
  const depth = 10_000;
  it.each([
    ['nothing', undefined, '400 field_invalid body must not be empty'],
    ['an empty text', '', '400 body_not_json body is not valid JSON'],
    ['a form', 'event=lead.created', '400 body_not_json body is not valid JSON'],
    ['JSON cut short', body().slice(0, -2), '400 body_not_json body is not valid JSON'],
    ['two documents', `${body()}${body()}`, '400 body_not_json body is not valid JSON'],
    ['a trailing comma', '{"event":"a","payload":{"b":1},}', '400 body_not_json body is not valid JSON'],
    ['10,000 open brackets', '['.repeat(depth), '400 json_too_deep body JSON may be nested 64 deep at most'],
    [
      'a payload nested 10,000 deep',
      `{"event":"a","payload":{"b":${'['.repeat(depth)}${']'.repeat(depth)}}}`,
      '400 json_too_deep body JSON may be nested 64 deep at most',
    ],
    [
      'more than 10,000 keys',
      body({ payload: Object.fromEntries(Array.from({ length: 10_001 }, (_, at) => [`k${at}`, at])) }),
      '400 json_too_many_keys body JSON may have 10000 keys at most',
    ],
    [
      'the key __proto__ in the payload',
      '{"event":"a","payload":{"b":[{"__proto__":{"admin":true}}]}}',
      '400 json_forbidden_key body the key __proto__ is not allowed',
    ],
    [
      'the key __proto__ beside the payload',
      '{"event":"a","__proto__":{"workspace":"x"},"payload":{"b":1}}',
      '400 json_forbidden_key body the key __proto__ is not allowed',
    ],
    [
      '__proto__ behind an escape',
      String.raw`{"event":"a","payload":{"\u005f_proto__":1}}`,
      '400 json_forbidden_key body the key __proto__ is not allowed',
    ],
    [
      'the key constructor',
      '{"payload":{"constructor":1}}',
      '400 json_forbidden_key body the key constructor is not allowed',
    ],
    [
      'the key prototype',
      '{"payload":{"prototype":1}}',
      '400 json_forbidden_key body the key prototype is not allowed',
    ],
  ])('is refused: %s', (_what, text, expected) => {
    expect(refusal(() => readSingle(text))).toBe(expected);
    expect(refusal(() => readBulk(text))).toBe(expected);
  });

  it('is refused at the single door when it is an array', () => {
    expect(refusal(() => readSingle(`[${body()}]`))).toBe(
      '400 field_invalid body must be one object; arrays go to /events/bulk',
    );
  });

  it.each([
    ['one object', body()],
    ['a wrapped array', `{"events":[${body()}]}`],
    ['an empty array', '[]'],
    ['101 events', `[${Array.from({ length: 101 }, () => body()).join(',')}]`],
    ['null', 'null'],
  ])('is refused at the bulk door: %s', (_what, text) => {
    expect(refusal(() => readBulk(text))).toBe('400 field_invalid body must be an array of 1 to 100 events');
  });
});

describe('a draft', () => {
  it.each([
    ['null', 'null'],
    ['a number', '7'],
    ['a text', '"event"'],
    ['true', 'true'],
  ])('must be an object, not %s', (_what, text) => {
    expect(wrongAt(text)).toEqual(['body']);
  });

  it.each([
    ['no event type', { event: undefined }, ['event']],
    ['an empty event type', { event: ' ' }, ['event']],
    ['an event type that is no text', { event: 5 }, ['event']],
    ['an event type beyond 200 characters', { event: 'x'.repeat(201) }, ['event']],
    ['control characters in the event type', { event: 'lead\u0000created' }, ['event']],
    ['no payload', { payload: undefined }, ['payload']],
    ['a payload that is null', { payload: null }, ['payload']],
    ['a payload that is an array', { payload: [{ a: 1 }] }, ['payload']],
    ['a payload that is a text', { payload: '{"a":1}' }, ['payload']],
    ['an empty payload', { payload: {} }, ['payload']],
    ['a payload of empty values', { payload: { a: '', b: null } }, ['payload']],
    ['an email that is none', { payload: { email: 'jane' } }, ['payload.email']],
    ['an email that is no text', { payload: { email: { at: 'jane@example.com' } } }, ['payload.email']],
    ['a known key that is no text', { payload: { phone: 30, id: 7 } }, ['payload.id', 'payload.phone']],
    ['a type other than "event"', { type: 'message' }, ['type']],
    ['a type that is null', { type: null }, ['type']],
    ['a resource with a space', { resource: 'my contact' }, ['resource']],
    ['a resource id beyond 64 characters', { resource_id: 'x'.repeat(65) }, ['resource_id']],
    ['a resource id that is a number', { resource_id: 7 }, ['resource_id']],
    [
      'everything wrong at once',
      { workspace: 1, event: '', resource: '', type: 1, payload: [] },
      ['workspace', 'event', 'resource', 'type', 'payload'],
    ],
  ])('is refused with the field named: %s', (_what, over, params) => {
    expect(wrongAt(body(over))).toEqual(params);
  });

  it.each([
    ['a machine token without one', machine, undefined, ['workspace']],
    ['a machine token with null', machine, null, ['workspace']],
    ['a machine token with one that is no UUID', machine, 'mine', ['workspace']],
    ['a machine token with one that is no text', machine, [workspace], ['workspace']],
    ['a machine token with a UUID', machine, otherWorkspace, []],
    ["a publishable key with another's", browser, otherWorkspace, ['workspace']],
    ['a publishable key with one that is no text', browser, 7, ['workspace']],
    ['a publishable key with its own', browser, workspace, []],
    ['a publishable key without one', browser, undefined, []],
  ])('names its workspace as the caller may: %s', (_what, caller, named, params) => {
    expect(wrongAt(body({ workspace: named }), caller)).toEqual(params);
  });

  it('belongs to the workspace of the publishable key when it names none', () => {
    expect(sound(body({ workspace: undefined }), browser).workspace).toBe(workspace);
  });

  it('has its resource when one is given, and none when it is null or left out', () => {
    expect(sound(body({ resource: 'contact', resource_id: 'a:1', type: 'event' }))).toMatchObject({
      resource: 'contact',
      resource_id: 'a:1',
    });
    expect(sound(body({ resource: null }))).toMatchObject({ resource: null, resource_id: null });
  });
});

describe('the text of a payload', () => {
  it.each([
    '{"n": 12345678901234567890.10}',
    '{"n":9007199254740993,"m":[-9007199254740993, 1e400, 0.1000000000000000055511151231257827]}',
    '{ "a" : "}, \\"payload\\": {" }',
    '{"payload":{"payload":[1,2,{"payload":3}]}}',
    '{"text":"\\u0000\\ud83d\\ude00 größe","twice":1,"twice":2}',
  ])('is kept digit for digit: %s', (payload) => {
    const around = `{"workspace":"${workspace}", "event":"a", "payload": ${payload} ,"type":"event"}`;
    expect(sound(around).payloadText).toBe(payload);
    expect(readBulk(`[ ${body()} , ${around}]`)[1]?.payloadText).toBe(payload);
  });

  it('is that of the last payload where the key is given twice, as for the checks', () => {
    const twice = `{"workspace":"${workspace}","event":"a","payload":[],"payl\\u006fad":{"b":2}}`;
    expect(sound(twice).payloadText).toBe('{"b":2}');
  });

  it('says the same as what was checked, whatever the payload and whatever stands around it', () => {
    const tree = fc.jsonValue({ maxDepth: 4 });
    const noise = fc.dictionary(fc.string(), tree, { maxKeys: 3 });
    fc.assert(
      fc.property(noise, fc.dictionary(fc.string(), tree), fc.constantFrom(0, 1, '\t'), (around, payload, space) => {
        const text = JSON.stringify({ ...around, workspace, event: 'a', type: 'event', payload }, null, space);
        const parsed = JSON.parse(text) as { payload: unknown };
        for (const read of [() => readSingle(text), () => readBulk(`[${body()},${text},${body()}]`)[1]]) {
          if (refusal(read).startsWith('400 json_forbidden_key')) continue;
          const draft = read();
          const checked = draft && checkDraft(draft, machine);
          if (checked && !Array.isArray(checked)) expect(JSON.parse(checked.payloadText)).toEqual(parsed.payload);
        }
      }),
    );
  });

  it('never makes the reading throw anything but a refusal, whatever the body', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        for (const read of [() => [readSingle(text)], () => readBulk(text)]) {
          expect(refusal(() => read().forEach((draft) => checkDraft(draft, machine)))).toMatch(/^(400 |accepted)/);
        }
      }),
    );
  });
});

describe('an accepted event', () => {
  const stamp = { id: '33333333-3333-4333-8333-333333333333', createdAtMs: Date.parse('2026-01-02T03:04:05.678Z') };

  it('is what was sent, with its id, time and caller', () => {
    expect(toEvent(sound(body({ resource_id: '7' })), machine, stamp)).toEqual({
      id: stamp.id,
      workspace,
      event: 'lead.created',
      payload: '{"email":"jane@example.com"}',
      resource: null,
      resource_id: '7',
      created_at: stamp.createdAtMs,
      created_by: 'mk_test',
      schema_problem: null,
    });
  });

  it('keeps what its type warns of', () => {
    const warned = { ...sound(body()), schemaProblem: 'payload.email must be a string' };
    expect(toEvent(warned, machine, stamp).schema_problem).toBe('payload.email must be a string');
  });

  it('is answered without its payload, and without what was not given', () => {
    const answer = {
      id: stamp.id,
      event: 'lead.created',
      workspace,
      created_by: 'mk_test',
      created_at: '2026-01-02T03:04:05.678Z',
      type: 'event',
    };
    expect(toAnswer(toEvent(sound(body()), machine, stamp))).toStrictEqual(answer);
    const whole = sound(body({ resource: 'contact', resource_id: '7' }));
    expect(toAnswer(toEvent(whole, machine, stamp))).toStrictEqual({
      ...answer,
      resource: 'contact',
      resource_id: '7',
    });
  });
});
