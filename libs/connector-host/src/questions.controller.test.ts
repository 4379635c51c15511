// Questions to the vendor: what it said comes back as the connector reads it, without the connection's secrets.
import { describe, expect, it } from '@jest/globals';
import { byStatus, classified, jsonOf, textAt, type Access, type HttpRequest } from '@sluice/connector-kit';
import type { Exchange } from '@sluice/outbound';
import { answer, connection, connector, destination, failure, type Metadata } from '../testing/attempted.ts';
import type { AccessAnswer } from './access-tokens.ts';
import type { OpenConnection } from './connections.ts';
import { QuestionsController } from './questions.controller.ts';

const build =
  (path: string) =>
  ({ metadata: { url, token = '' }, access }: { metadata: Metadata; access: Access | undefined }): HttpRequest => ({
    method: 'GET',
    url: `${url}/${path}`,
    headers: { authorization: `Bearer ${access?.token ?? token}` },
    body: '',
    secretHeaders: ['authorization'],
  });

const asking: typeof connector = {
  ...connector,
  classify: (response, nowMs) =>
    response.status === 401 ? classified('auth_expired', 'the token has expired') : byStatus(response, nowMs),
  test: {
    build: build('me'),
    read: ({ status, body }) => ({
      ok: status === 200,
      message: textAt(jsonOf({ status, headers: {}, body }), 'said') ?? '',
    }),
  },
  choices: {
    lists: { build: build('lists'), read: ({ body }) => JSON.parse(body) as [] },
    none: { build: build('none'), read: () => undefined as never },
  },
  recordFields: { build: build('fields'), read: (response) => jsonOf(response) as [] },
};

interface Given {
  connector?: typeof connector;
  connection?: OpenConnection | undefined;
  exchanges?: readonly Exchange[];
  access?: (stale?: Access) => AccessAnswer;
}

/** The answer to a question, and what was sent for it. */
async function asked(question: object, given: Given = {}) {
  const { sent, send } = destination(given.exchanges ?? [answer(200, { body: '{"said":"hello"}' })]);
  const wanted: unknown[] = [];
  const connections = {
    atLeast: (...call: unknown[]) => {
      wanted.push(call);
      return Promise.resolve('connection' in given ? given.connection : connection());
    },
  };
  const accessTokens = {
    of: (_connection: unknown, stale?: Access) => given.access?.(stale) ?? { access: undefined },
  };
  const controller = new QuestionsController(
    (given.connector ?? asking) as never,
    connections as never,
    { send: () => send } as never,
    accessTokens as never,
  );
  const said = await controller.ask(JSON.stringify({ connection: 'c1', ...question }));
  return { said, wanted, sent };
}

const problem = (msg: string) => ({ problem: { param: 'connection', msg } });

describe('a question to the vendor', () => {
  it.each<[object, string, string, unknown]>([
    [{ ask: 'test' }, 'me', '{"said":"hello"}', { ok: true, message: 'hello' }],
    [{ ask: 'choices', name: 'lists' }, 'lists', '[{"value":"1","label":"a"}]', [{ value: '1', label: 'a' }]],
    [{ ask: 'record_fields' }, 'fields', '[{"key":"email"}]', [{ key: 'email' }]],
  ])('%j is sent and its answer read by the connector', async (question, path, body, expected) => {
    const { said, sent } = await asked(question, { exchanges: [answer(200, { body })] });
    expect(sent).toMatchObject([
      { url: `https://example.com/hook/${path}`, headers: { authorization: 'Bearer canary' } },
    ]);
    expect(said).toEqual({ answer: expected });
  });

  it('is asked of the connection as it stands now, or as control knows it', async () => {
    expect((await asked({ ask: 'test' })).wanted).toEqual([['c1', Infinity]]);
    expect((await asked({ ask: 'test', version: 7 })).wanted).toEqual([['c1', 7]]);
  });

  it('may be asked of a connection that is switched off: that is how one finds out whether it works again', async () => {
    const { said } = await asked({ ask: 'test' }, { connection: connection({ active: false }) });
    expect(said).toEqual({ answer: { ok: true, message: 'hello' } });
  });

  it('that the vendor refuses has what it said for an answer', async () => {
    const { said } = await asked({ ask: 'test' }, { exchanges: [answer(403, { body: '{"said":"not you"}' })] });
    expect(said).toEqual({ answer: { ok: false, message: 'not you' } });
  });

  it('with nothing for an answer is answered all the same', async () => {
    expect((await asked({ ask: 'choices', name: 'none' })).said).toEqual({ answer: null });
  });

  it('is asked once more with another token where the vendor calls the first too old', async () => {
    const { said, sent } = await asked(
      { ask: 'test' },
      {
        exchanges: [answer(401), answer(200, { body: '{"said":"hello"}' })],
        access: (stale) => ({ access: { token: stale ? 'second' : 'first', baseUrl: null } }),
      },
    );
    expect(sent.map(({ headers }) => headers.authorization)).toEqual(['Bearer first', 'Bearer second']);
    expect(said).toEqual({ answer: { ok: true, message: 'hello' } });
  });
});

describe('a secret', () => {
  it('that the vendor repeats is struck out of every text of the answer', async () => {
    const body = JSON.stringify([
      { value: 'canary', label: 'Bearer canary' },
      { value: '1', label: 'a canary!' },
    ]);
    const { said } = await asked({ ask: 'choices', name: 'lists' }, { exchanges: [answer(200, { body })] });
    expect(said).toEqual({
      answer: [
        { value: '[redacted]', label: '[redacted]' },
        { value: '1', label: 'a [redacted]!' },
      ],
    });
  });

  it('that is the access token is struck out as well', async () => {
    const { said } = await asked(
      { ask: 'test' },
      {
        exchanges: [answer(200, { body: '{"said":"you are got-by-oauth"}' })],
        access: () => ({ access: { token: 'got-by-oauth', baseUrl: null } }),
      },
    );
    expect(said).toEqual({ answer: { ok: true, message: 'you are [redacted]' } });
  });

  it.each(['true', 'label', '1234', '":"x'])(
    'that looks like part of the answer itself (%s) does not break it',
    async (secret) => {
      const value = [{ value: 'v":"x', label: 'l', max: 12345, isOpen: true }];
      const { said } = await asked(
        { ask: 'choices', name: 'lists' },
        { connection: connection({ secrets: [secret] }), exchanges: [answer(200, { body: JSON.stringify(value) })] },
      );
      expect(said).toMatchObject({ answer: [{ label: 'l', max: 12345, isOpen: true }] });
    },
  );

  it('stands in no problem', async () => {
    const exchanges = [failure({ message: 'invalid header canary' })];
    expect((await asked({ ask: 'test' }, { exchanges })).said).toEqual(problem('invalid header [redacted]'));
    const access = () => ({ problem: 'canary was refused', isDead: true });
    expect((await asked({ ask: 'test' }, { access })).said).toEqual(problem('[redacted] was refused'));
  });
});

describe('a question that cannot be asked', () => {
  const silent: typeof connector = { ...connector };
  const failing = (thrown: Error): typeof connector => ({
    ...asking,
    test: {
      build: () => {
        throw thrown;
      },
      read: () => ({ ok: true, message: '' }),
    },
  });

  it.each<[string, object, Given, string]>([
    ['of a connection that was deleted', { ask: 'test' }, { connection: undefined }, 'the connection no longer exists'],
    [
      'of one that does not open',
      { ask: 'test' },
      { connection: connection({ isSealed: true }) },
      "the connection's credentials do not open here",
    ],
    [
      'of one that does not fit its connector',
      { ask: 'test' },
      { connection: connection({ metadata: { url: 7 } }) },
      "the connection's url is not usable",
    ],
    [
      'for choices of another name',
      { ask: 'choices', name: 'tags' },
      {},
      'the connector test cannot be asked for that',
    ],
    ['for choices of no name', { ask: 'choices' }, {}, 'the connector test cannot be asked for that'],
    [
      "for choices by the name of an object's own member",
      { ask: 'choices', name: 'constructor' },
      {},
      'the connector test cannot be asked for that',
    ],
    ['for anything else', { ask: 'delete' }, {}, 'the connector test cannot be asked for that'],
    ...['test', 'choices', 'record_fields'].map((ask): [string, object, Given, string] => [
      `of a connector without an answer to it (${ask})`,
      { ask, name: 'lists' },
      { connector: silent },
      'the connector test cannot be asked for that',
    ]),
    ['because it cannot be built', { ask: 'test' }, { connector: failing(new Error('no url')) }, 'no url'],
    [
      'for want of an access token',
      { ask: 'test' },
      { access: () => ({ problem: 'authorize it first', isDead: true }) },
      'authorize it first',
    ],
  ])('has that for its problem, and nothing is sent: %s', async (_what, question, given, msg) => {
    const { said, sent } = await asked(question, given);
    expect(said).toEqual(problem(msg));
    expect(sent).toEqual([]);
  });

  it('to the end has a problem too: no answer, or one that the connector stumbles over', async () => {
    const lost = await asked({ ask: 'test' }, { exchanges: [failure({ message: 'no answer came' })] });
    expect(lost.said).toEqual(problem('no answer came'));
    const garbled = await asked({ ask: 'choices', name: 'lists' }, { exchanges: [answer(200, { body: '<html>' })] });
    expect(garbled.said).toMatchObject({ problem: { msg: expect.stringContaining('JSON') } });
  });
});
