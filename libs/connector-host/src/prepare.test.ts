// What stands between a delivery and its request: each refusal, and the place it names.
import { describe, expect, it } from '@jest/globals';
import { InputError } from '@sluice/connector-kit';
import * as z from 'zod';
import { connection, connector, delivery, nowMs, type Case, type Metadata } from '../testing/attempted.ts';
import { built, metadataOf, prepare, withAccess } from './prepare.ts';

const shaped: typeof connector = {
  ...connector,
  actions: {
    ...connector.actions,
    tag: {
      ...connector.actions.send,
      fields: z.strictObject({ list: z.strictObject({ id: z.string().min(2) }) }),
      input: z.strictObject({ email: z.string().min(3), tags: z.array(z.string()).optional() }),
    } as unknown as (typeof connector)['actions'][string],
  },
};

const prepared = (given: Case) =>
  prepare<Metadata>(delivery(given.delivery), {
    connector: shaped,
    connection: 'connection' in given ? given.connection : connection(),
    nowMs,
  });

const tag = { action: 'tag', action_settings: '{"list":{"id":"l1"}}', payload: '{"email":"a@b"}' };

describe('a delivery that can be sent', () => {
  it('has everything that its request is built from', () => {
    const {
      connection: found,
      action,
      call,
    } = prepared({ delivery: tag }) as Exclude<ReturnType<typeof prepared>, { code: string }>;
    expect(found).toEqual(connection());
    expect(action).toBe(shaped.actions.tag);
    expect(call).toEqual({
      delivery: delivery(tag),
      metadata: { url: 'https://example.com/hook', token: 'canary' },
      fields: { list: { id: 'l1' } },
      input: { email: 'a@b' },
      nowMs,
    });
  });

  it('is not read where its action describes neither fields nor input', () => {
    const unread = { payload: '{"n":1e999}', action_settings: 'not even JSON' };
    expect(prepared({ delivery: unread })).toMatchObject({ call: { fields: undefined, input: undefined } });
  });

  it('has its access token last', () => {
    const access = { token: 't', baseUrl: null };
    const whole = withAccess(prepared({ delivery: tag }) as Parameters<typeof withAccess>[0], access);
    expect(whole).toMatchObject({ access, input: { email: 'a@b' } });
  });
});

describe('a delivery that cannot be sent', () => {
  const inactive = connection({ active: false });
  const sealed = connection({ isSealed: true, metadata: {} });
  const unusable = connection({ metadata: { url: 'https://example.com/hook', token: 7 } });
  const failed = { mapping_error: { field: 'map.email', message: 'is missing' } };
  const rejected = { result: 'rejected', outcomeCode: 'internal_error' };
  const notExpressible = { result: 'rejected', outcomeCode: 'mapping_error' };

  it.each<[string, Case, object]>([
    [
      'has no connection any more',
      { connection: undefined },
      { ...rejected, code: 'connection_deleted', message: 'the connection no longer exists' },
    ],
    [
      'has a connection that is switched off',
      { connection: inactive },
      { ...rejected, code: 'connection_inactive', message: 'the connection is switched off' },
    ],
    [
      'has a connection that does not open: somebody mends the keys, and then it can',
      { connection: sealed },
      {
        result: 'retryable',
        outcomeCode: 'internal_error',
        code: 'credentials_unreadable',
        message: "the connection's credentials do not open with the keys of this installation",
      },
    ],
    [
      'has no payload, because its mapping made none',
      { delivery: failed },
      { ...notExpressible, code: 'mapping_failed', message: 'map.email: is missing' },
    ],
    [
      'has no payload, for no single field',
      { delivery: { mapping_error: { field: '', message: 'took too many steps' } } },
      { ...notExpressible, code: 'mapping_failed', message: 'took too many steps' },
    ],
    [
      'has an action that the connector does not know',
      { delivery: { action: 'other' } },
      { ...rejected, code: 'action_unknown', message: 'the connector has no action other' },
    ],
    [
      'has a connection that does not fit its connector; the value is not told',
      { connection: unusable },
      { ...rejected, code: 'metadata_invalid', message: "the connection's token is not usable" },
    ],
    [
      'has fields that do not fit its action',
      { delivery: { ...tag, action_settings: '{"list":{"id":"l"}}' } },
      { ...notExpressible, code: 'input_invalid', message: expect.stringMatching(/^fields\.list\.id: \S/) },
    ],
    [
      'has fields too many',
      { delivery: { ...tag, action_settings: '{"list":{"id":"l1"},"more":1}' } },
      { ...notExpressible, code: 'input_invalid', message: expect.stringMatching(/^fields: .*more/) },
    ],
    [
      'has an input that does not fit its action',
      { delivery: { ...tag, payload: '{"email":"a@b","tags":["x",7]}' } },
      { ...notExpressible, code: 'input_invalid', message: expect.stringMatching(/^tags\.1: \S/) },
    ],
    [
      'has an input that is something else altogether',
      { delivery: { ...tag, payload: '[]' } },
      { ...notExpressible, code: 'input_invalid', message: expect.stringMatching(/^the payload: \S/) },
    ],
  ])('%s', (_what, given, refusal) => {
    expect(prepared(given)).toEqual(refusal);
  });

  it('is told what has to be mended first', () => {
    const all = { ...tag, ...failed, action: 'other' };
    expect(prepared({ connection: inactive, delivery: all })).toMatchObject({ code: 'connection_inactive' });
    expect(prepared({ delivery: all })).toMatchObject({ code: 'mapping_failed' });
    expect(prepared({ connection: unusable, delivery: { ...tag, payload: '1' } })).toMatchObject({
      code: 'metadata_invalid',
    });
    expect(prepared({ delivery: { ...tag, payload: '1', action_settings: '1' } })).toMatchObject({
      message: expect.stringMatching(/^fields: /),
    });
  });
});

describe("an object's own properties", () => {
  it.each(['constructor', 'toString', 'hasOwnProperty', '__proto__'])('alone are actions: not %s', (action) => {
    expect(prepared({ delivery: { action } })).toMatchObject({ code: 'action_unknown' });
  });

  it.each(['{"__proto__":{"email":"a@b"}}', '{"constructor":{"email":"a@b"}}'])(
    'alone are input: not %s',
    (payload) => {
      expect(prepared({ delivery: { ...tag, payload } })).toMatchObject({ code: 'input_invalid' });
    },
  );
});

describe("a connection's metadata", () => {
  it('is parsed once for each connection as it stands', () => {
    let parsed = 0;
    const counting: typeof connector = {
      ...connector,
      metadata: connector.metadata.refine(() => ++parsed > 0),
    };
    const [one, other] = [connection(), connection({ version: 6 })];
    for (const each of [one, one, other, one, other]) expect(metadataOf(counting, each)).toHaveProperty('value');
    expect(parsed).toBe(2);
  });

  it('is nothing to use where there is none', () => {
    expect(metadataOf(connector, connection({ metadata: null }))).toEqual({
      problem: "the connection's metadata is not usable",
    });
  });
});

describe('a request that is built', () => {
  const refusal = (thrown: unknown) =>
    built(() => {
      throw thrown;
    });

  it('is the request', () => {
    expect(built(() => 'made')).toEqual({ request: 'made' });
  });

  it.each([
    ['names the field at fault', new InputError('email', 'is no address'), 'email: is no address'],
    ['names no field where none is', new InputError('', 'is too much'), 'is too much'],
    ['or fails in words', new Error('no use'), 'no use'],
    ['or with anything', 'no use', 'no use'],
  ])('%s', (_what, thrown, message) => {
    expect(refusal(thrown)).toEqual({
      result: 'rejected',
      outcomeCode: 'mapping_error',
      code: 'request_not_built',
      message,
    });
  });
});
