// Access tokens as control gives them: asked for once for all, kept while they are good, and dead only when control says so.
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Access } from '@sluice/connector-kit';
import { createKeyring } from '@sluice/vault';
import { createHash, randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { connection as connectionOf } from '../testing/attempted.ts';
import { Control } from '../testing/control.ts';
import { AccessTokens, type AccessAnswer, type AccessTokensParts } from './access-tokens.ts';

const connection = connectionOf({ metadata: { auth_scheme: 'oauth' } });
const { workspace, id } = connection;
const bound = `access-token ${workspace} ${id}`;

let control: Control;
let nowMs = 0;
beforeEach(async () => {
  nowMs = 1_000_000;
  control = new Control(workspace);
  await control.start();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await control.stop();
});

const tokensOf = (over: Partial<AccessTokensParts> = {}) =>
  new AccessTokens({
    schemes: new Set(['oauth']),
    controlUrl: control.url,
    keyring: control.keyring,
    nowMs: () => nowMs,
    ...over,
  });

const access = (token: string): { access: Access } => ({ access: { token, baseUrl: null } });
const stale = (token: string): Access => access(token).access;
const fingerprint = (token: string) => createHash('sha256').update(token).digest('hex');
/** Asked for by so many at the same time. */
const many = (count: number, ask: () => Promise<AccessAnswer> | AccessAnswer) =>
  Promise.all(Array.from({ length: count }, async () => ask()));
/** Until what was begun in the background is done. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 50));

const says = (status: number, body: unknown) => (response: ServerResponse) =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
const refuses = (status: number, message: string) =>
  says(status, { message: 'Status in words', error: { name: 'N', code: 'c', message, data: [] } });

describe('an access token', () => {
  it.each([{}, { auth_scheme: 'api_key' }, { auth_scheme: 7 }])(
    'is none for a connection with %j',
    async (metadata) => {
      expect(await tokensOf().of(connectionOf({ metadata }))).toEqual({ access: undefined });
      expect(control.asked).toEqual([]);
    },
  );

  it('is asked of control, once, and kept', async () => {
    const tokens = tokensOf();
    for (let n = 0; n < 3; n++) expect(await tokens.of(connection)).toEqual(access('token-1'));
    expect(control.asked).toEqual([{ path: '/internal/access-tokens', connection: id }]);
  });

  it('comes with where the vendor wants to be called', async () => {
    const content = { token: 't', baseUrl: 'https://eu.example.com', expiresAtMs: null, refreshAtMs: null };
    control.answer = (response) => says(200, { sealed: control.sealed(bound, content) })(response);
    const tokens = tokensOf();
    const given = { access: { token: 't', baseUrl: 'https://eu.example.com' } };
    expect([await tokens.of(connection), await tokens.of(connection)]).toEqual([given, given]);
  });

  it('is asked for once, however many want it', async () => {
    const tokens = tokensOf();
    const given = await many(200, () => tokens.of(connection));
    expect(given).toEqual(Array.from({ length: 200 }, () => access('token-1')));
    expect(control.asked).toHaveLength(1);
  });

  it("is its connection's alone", async () => {
    const tokens = tokensOf();
    const other = connectionOf({ id: '33333333-3333-4333-8333-333333333333', metadata: connection.metadata });
    const given = [await tokens.of(connection), await tokens.of(other), await tokens.of(connection)];
    expect(given).toEqual([access('token-1'), access('token-2'), access('token-1')]);
  });

  it("of a changed connection may be another account's: it is asked for anew", async () => {
    const tokens = tokensOf();
    await tokens.of(connection);
    expect(await tokens.of({ ...connection, version: connection.version + 1 })).toEqual(access('token-2'));
  });
});

describe('a token that the vendor refused', () => {
  it('is named to control without being told, and replaced once for all who had it', async () => {
    const tokens = tokensOf();
    await tokens.of(connection);
    const given = await many(200, () => tokens.of(connection, stale('token-1')));
    expect(given).toEqual(Array.from({ length: 200 }, () => access('token-2')));
    expect(control.asked.map((each) => each.stale)).toEqual([undefined, fingerprint('token-1')]);
  });

  it('and has been replaced meanwhile is not asked about again', async () => {
    const tokens = tokensOf();
    await tokens.of(connection);
    await tokens.of(connection, stale('token-1'));
    expect(await tokens.of(connection, stale('token-1'))).toEqual(access('token-2'));
    expect(control.asked).toHaveLength(2);
  });
});

describe('a token that grows old', () => {
  it('is used while another is asked for in the background, once', async () => {
    control.lifetime = { expiresAtMs: nowMs + 60_000, refreshAtMs: nowMs + 30_000 };
    const tokens = tokensOf();
    await tokens.of(connection);
    nowMs += 29_999;
    expect(await tokens.of(connection)).toEqual(access('token-1'));
    expect(control.asked).toHaveLength(1);
    nowMs += 1;
    const given = await many(50, () => tokens.of(connection));
    expect(given).toEqual(Array.from({ length: 50 }, () => access('token-1')));
    control.lifetime = { expiresAtMs: nowMs + 60_000, refreshAtMs: nowMs + 30_000 };
    await settled();
    // It did not fail: control knows by its own clock that it is time.
    expect(control.asked.map((each) => each.stale)).toEqual([undefined, undefined]);
    expect(await tokens.of(connection)).toEqual(access('token-2'));
    expect(control.asked).toHaveLength(2);
  });

  it.each([409, 503])(
    'is used though its replacement fails with %i, and asked about again a while later',
    async (status) => {
      control.lifetime = { expiresAtMs: nowMs + 60_000, refreshAtMs: nowMs };
      const tokens = tokensOf();
      await tokens.of(connection);
      control.answer = refuses(status, 'no');
      for (const [later, asked] of [
        [0, 2],
        [9_999, 2],
        [1, 3],
      ] as const) {
        nowMs += later;
        expect(await tokens.of(connection)).toEqual(access('token-1'));
        await settled();
        expect(control.asked).toHaveLength(asked);
      }
    },
  );

  it('is not begun with when it dies within five seconds', async () => {
    control.lifetime = { expiresAtMs: nowMs + 60_000, refreshAtMs: null };
    const tokens = tokensOf();
    await tokens.of(connection);
    nowMs += 54_999;
    expect(await tokens.of(connection)).toEqual(access('token-1'));
    nowMs += 1;
    control.lifetime = { expiresAtMs: null, refreshAtMs: null };
    expect(await tokens.of(connection)).toEqual(access('token-2'));
    // It did not fail: control itself knows how old it is.
    expect(control.asked.map((each) => each.stale)).toEqual([undefined, undefined]);
  });
});

describe('control without a token', () => {
  it('is told that the credentials are dead when it says so, in its words', async () => {
    control.answer = refuses(409, 'the refresh token was revoked');
    expect(await tokensOf().of(connection)).toEqual({ problem: 'the refresh token was revoked', isDead: true });
  });

  it.each<[string, (response: ServerResponse) => void, string]>([
    ['is not able to now', refuses(503, 'the vendor gave none'), 'the vendor gave none'],
    ['does not know the connection', refuses(404, 'no such connection'), 'no such connection'],
    ['says nothing of it', says(200, {}), 'no access token could be got'],
    ['fails in its own way', says(500, { message: 'Internal Server Error' }), 'no access token could be got'],
    [
      'speaks no JSON',
      (response) => void response.end('<html>'),
      'control does not answer: no access token could be got',
    ],
    ['answers null', says(200, null), 'control does not answer: no access token could be got'],
    [
      'refuses without JSON',
      (response) => void response.writeHead(409).end('<html>'),
      'control does not answer: no access token could be got',
    ],
    ['hangs up', (response) => void response.destroy(), 'control does not answer: no access token could be got'],
  ])('kills no credentials: it %s', async (_what, answer, problem) => {
    const tokens = tokensOf();
    const asItWas = control.answer;
    control.answer = answer;
    expect(await tokens.of(connection)).toEqual({ problem, isDead: false });
    control.answer = asItWas;
    expect(await tokens.of(connection)).toEqual(access('token-2'));
  });

  it('kills no credentials by its silence', async () => {
    const signal = AbortSignal.timeout(50);
    const timeout = jest.spyOn(AbortSignal, 'timeout').mockReturnValue(signal);
    control.answer = () => undefined;
    const problem = 'control does not answer: no access token could be got';
    expect(await tokensOf().of(connection)).toEqual({ problem, isDead: false });
    expect(timeout).toHaveBeenCalledWith(15_000);
  });

  it('kills no credentials by not being there', async () => {
    const tokens = tokensOf({ controlUrl: 'http://127.0.0.1:1' });
    expect(await tokens.of(connection)).toMatchObject({ isDead: false });
  });
});

describe('a sealed token', () => {
  const content = { token: 'canary', baseUrl: null, expiresAtMs: null, refreshAtMs: null };
  const unopened = { problem: 'the access token does not open here', isDead: false };

  it.each([
    ['of another connection', `access-token ${workspace} 33333333-3333-4333-8333-333333333333`],
    ['of another workspace', `access-token 44444444-4444-4444-8444-444444444444 ${id}`],
    ['that is something else', `tokens ${workspace} ${id}`],
  ])('%s does not open', async (_what, elsewhere) => {
    control.answer = (response) => says(200, { sealed: control.sealed(elsewhere, content) })(response);
    expect(await tokensOf().of(connection)).toEqual(unopened);
  });

  it('does not open with the keys of another installation, nor changed', async () => {
    const keyring = createKeyring({ current: 'k1', keys: { k1: randomBytes(32).toString('base64') } });
    expect(await tokensOf({ keyring }).of(connection)).toEqual(unopened);
    control.answer = says(200, { sealed: 'v2.k1.AAAA.AAAA.AAAA' });
    expect(await tokensOf().of(connection)).toEqual(unopened);
  });
});
