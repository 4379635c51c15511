// Access tokens got of a real authorization server: fresh, one request however many ask, and nothing lost when it fails.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { OutboundClient, readAllowList } from '@sluice/outbound';
import { AuthorizationServer } from '../testing/authorization-server.ts';
import { HeldTokens } from '../testing/held-tokens.ts';
import { AccessTokens, type AccessToken } from './access-tokens.ts';
import { authorizationOf } from './grants.ts';
import { fingerprint, type Tokens } from './token-answer.ts';
import { TokenClient } from './token-client.ts';
import type { Held, Holder } from './token-store.ts';

let server: AuthorizationServer;
let http: OutboundClient;
beforeAll(async () => {
  server = await AuthorizationServer.start();
  const policy = { allow: readAllowList('127.0.0.1'), allowHttp: true };
  http = new OutboundClient(policy, { connectionsPerOrigin: 8 });
});
afterAll(async () => {
  await http.close();
  await server.stop();
});

const lines: unknown[] = [];
let inactivated: unknown[] = [];
beforeEach(() => {
  server.answers();
  server.asked.length = 0;
  inactivated = [];
});

const tokensOf = (over: Partial<Tokens> = {}): Tokens => ({
  token: 'access-0',
  refreshToken: 'refresh-0',
  baseUrl: null,
  obtainedAtMs: Date.now() - 1_000_000,
  expiresAtMs: Date.now() + 1_000_000,
  ...over,
});

function holding(held: Partial<Held>, scheme = 'oauth') {
  const metadata = server.metadata(scheme);
  const authorization = authorizationOf(server.connector(), metadata) as Holder['authorization'];
  const state = { tokens: null, version: 0, deadReason: null, ...held };
  const store = new HeldTokens({ connection: 'c1', workspace: 'w1', authorization, held: state });
  const log = { info: (line: unknown) => lines.push(line), warn: (line: unknown) => lines.push(line) };
  const replica = () =>
    new AccessTokens({
      store,
      endpoint: new TokenClient(http, log as never),
      inactivate: (...call) => {
        inactivated.push(call);
        return Promise.resolve();
      },
      vendorsAtATime: 2,
    });
  return { store, replica, get: (stale?: string) => given(replica(), stale) };
}

async function given(tokens: AccessTokens, stale?: string): Promise<AccessToken & { version: number }> {
  const { sealed, version } = await tokens.get('c1', stale);
  return { ...(JSON.parse(sealed) as AccessToken), version };
}

describe('an access token', () => {
  it('that is good is handed out without anybody being asked', async () => {
    const tokens = tokensOf();
    const { get } = holding({ tokens, version: 3 });
    expect(await get()).toEqual({
      token: 'access-0',
      baseUrl: null,
      expiresAtMs: tokens.expiresAtMs,
      refreshAtMs: expect.any(Number),
      version: 3,
    });
    expect(await get(fingerprint('an older one'))).toMatchObject({ token: 'access-0' });
    expect(server.asked).toEqual([]);
  });

  it('is replaced when four fifths of its life are over, and the refresh token with it', async () => {
    const { get, store } = holding({ tokens: tokensOf({ expiresAtMs: Date.now() + 10_000 }), version: 1 });
    expect(await get()).toMatchObject({ token: 'access-1', version: 2 });
    expect(server.asked.map(({ form }) => form.refresh_token)).toEqual(['refresh-0']);
    expect(store.held.tokens?.refreshToken).toBe('refresh-1');
    expect(await get(fingerprint('access-1'))).toMatchObject({ token: 'access-2', version: 3 });
    expect(server.asked.at(-1)?.form.refresh_token).toBe('refresh-1');
  });

  it('is asked for once, however many processes find it stale', async () => {
    const { replica } = holding({ tokens: tokensOf(), version: 1 });
    const replicas = [replica(), replica(), replica()];
    const all = await Promise.all(
      Array.from({ length: 50 }, (_each, at) => given(replicas[at % 3] ?? replica(), fingerprint('access-0'))),
    );
    expect(new Set(all.map(({ token }) => token))).toEqual(new Set(['access-1']));
    expect(server.asked).toHaveLength(1);
  });

  it('is got on demand where no person has to agree', async () => {
    const { get } = holding({}, 'app');
    expect(await get()).toMatchObject({ token: 'access-1', version: 1 });
    expect(server.asked[0]?.form).toMatchObject({ grant_type: 'client_credentials', client_id: 'client-1' });
    await get();
    expect(server.asked).toHaveLength(1);
  });
});

describe('an authorization server', () => {
  it.each([
    ['fails', (answer: { status: number }) => void (answer.status = 500)],
    [
      'is busy',
      (answer: { status: number; body: object }) =>
        void Object.assign(answer, { status: 429, body: { error: 'slow_down' } }),
    ],
    ['answers no token', (answer: { body: object }) => void (answer.body = {})],
  ])('that %s kills nothing', async (_what, script) => {
    const { get, store } = holding({ tokens: tokensOf(), version: 1 });
    const before = store.held;
    server.answers(script);
    await expect(get(fingerprint('access-0'))).rejects.toMatchObject({ code: 'token_unavailable', status: 503 });
    expect(store.held).toBe(before);
    expect(inactivated).toEqual([]);
    server.answers();
    expect(await get(fingerprint('access-0'))).toMatchObject({ version: 2 });
  });

  it('that fails when it was only time for another token leaves the one there is in use', async () => {
    const { get } = holding({ tokens: tokensOf({ expiresAtMs: Date.now() + 10_000 }), version: 1 });
    server.answers((answer) => void (answer.status = 503));
    expect(await get()).toMatchObject({ token: 'access-0', version: 1 });
  });

  it('that refuses ends the connection, once, until somebody mends it', async () => {
    const { get, store } = holding({ tokens: tokensOf(), version: 1 });
    server.answers((answer) => void Object.assign(answer, { status: 400, body: { error: 'invalid_grant' } }));
    const dead = { code: 'credentials_dead', status: 409, data: [{ msg: 'oauth_authorization_revoked' }] };
    await expect(get(fingerprint('access-0'))).rejects.toMatchObject(dead);
    await expect(get()).rejects.toMatchObject(dead);
    expect(server.asked).toHaveLength(1);
    expect(inactivated).toEqual([
      ['c1', 'oauth_authorization_revoked'],
      ['c1', 'oauth_authorization_revoked'],
    ]);
    // Where the client's secret was wrong, what was agreed is still good once that is mended.
    expect(store.held.tokens?.refreshToken).toBe('refresh-0');
  });

  it.each([
    [null, 'oauth_reauthorization_required'],
    [tokensOf({ refreshToken: null }), 'oauth_authorization_revoked'],
  ])('is not asked where only a person can help', async (tokens, reason) => {
    const { get } = holding({ tokens });
    await expect(get(fingerprint('access-0'))).rejects.toMatchObject({
      code: 'credentials_dead',
      data: [{ msg: reason }],
    });
    expect(server.asked).toEqual([]);
  });

  it('is not named, and neither are secrets, in what is logged', () => {
    expect(lines.length).toBeGreaterThan(5);
    expect(JSON.stringify(lines)).not.toMatch(/canary|access-\d|refresh-\d|127\.0\.0\.1/);
  });
});
