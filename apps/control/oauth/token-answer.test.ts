// What token endpoints answer, by the standard and beside it: tokens, a refusal for good, or nothing to go by.
import { describe, expect, it } from '@jest/globals';
import type { CatalogOAuth, OAuthGrant } from '@sluice/contracts';
import fc from 'fast-check';
import type { Authorization } from './grants.ts';
import { readTokenAnswer, refreshAtMs, type Tokens } from './token-answer.ts';

const oauth: CatalogOAuth = {
  schemes: { oauth: 'authorization_code' },
  authorize_url: 'https://login.example.com/authorize',
  token_url: 'https://login.example.com/token',
  scopes: [],
  scope_separator: ' ',
  pkce: false,
  lifetime_s: null,
  base_url: { member: 'instance_url', hosts: ['example.org'] },
};
const authorization = (grant: OAuthGrant = 'authorization_code', over: Partial<CatalogOAuth> = {}): Authorization => ({
  oauth: { ...oauth, ...over },
  grant,
  metadata: {},
});
const before: Tokens = {
  token: 'old',
  refreshToken: 'refresh-old',
  baseUrl: 'https://eu.example.org',
  obtainedAtMs: 0,
  expiresAtMs: null,
};

const read = (status: number, body: unknown, over: { by?: Authorization; before?: Tokens | null } = {}) =>
  readTokenAnswer(
    { status, body: typeof body === 'string' ? body : JSON.stringify(body) },
    { authorization: over.by ?? authorization(), before: over.before ?? null, nowMs: 1_000_000 },
  );

describe('an answer with a token', () => {
  it('gives what the standard says', () => {
    expect(read(200, { access_token: 'a', refresh_token: 'r', expires_in: 1_800, token_type: 'bearer' })).toEqual({
      kind: 'tokens',
      tokens: { token: 'a', refreshToken: 'r', baseUrl: null, obtainedAtMs: 1_000_000, expiresAtMs: 2_800_000 },
    });
  });

  it('keeps of before what it leaves out, and replaces what it says', () => {
    expect(read(200, { access_token: 'a' }, { before })).toMatchObject({
      tokens: { refreshToken: 'refresh-old', baseUrl: 'https://eu.example.org' },
    });
    const rotated = { access_token: 'a', refresh_token: 'r2', instance_url: 'https://us.example.org' };
    expect(read(200, rotated, { before })).toMatchObject({
      tokens: { refreshToken: 'r2', baseUrl: 'https://us.example.org' },
    });
  });

  it.each([
    [1_800, null, 1_000_000 + 1_800_000],
    ['60', null, 1_060_000],
    [0, null, null],
    [undefined, null, null],
    [undefined, 3_600, 1_000_000 + 3_600_000],
    [0, 3_600, 1_000_000 + 3_600_000],
    [1e300, null, 1_000_000 + 365 * 86_400_000],
    ['soon', 60, 1_060_000],
    [-5, null, null],
  ])('of life %j, and %j where none is named, ends at %j', (expires_in, lifetime_s, expiresAtMs) => {
    const answer = read(
      200,
      { access_token: 'a', expires_in },
      { by: authorization('authorization_code', { lifetime_s }) },
    );
    expect(answer).toMatchObject({ kind: 'tokens', tokens: { expiresAtMs } });
  });

  it('is to be replaced after four fifths of its life, or never', () => {
    expect(refreshAtMs({ ...before, obtainedAtMs: 1_000, expiresAtMs: 2_000 })).toBe(1_800);
    expect(refreshAtMs(before)).toBeNull();
  });

  it.each([
    ['https://eu.example.org', true],
    ['https://example.org', true],
    ['https://login.example.com/path', true],
    ['https://example.org.evil.test', false],
    ['https://badexample.org', false],
    ['http://eu.example.org', false],
    ['https://user@eu.example.org', false],
    ['https://eu.example.org@evil.test', false],
    ['nonsense', false],
    [7, false],
  ])('that says to call %j from then on is believed: %j', (instance_url, isBelieved) => {
    expect(read(200, { access_token: 'a', instance_url }).kind).toBe(isBelieved ? 'tokens' : 'unavailable');
  });

  it.each(['a b', 'a\r\nx: y', '', 'ü', 7, null, 'x'.repeat(16_001)])(
    'that is none is not taken for one: %j',
    (access_token) => expect(read(200, { access_token }).kind).toBe('unavailable'),
  );
});

describe('an answer without a token', () => {
  it.each([
    [400, { error: 'invalid_grant', error_description: 'canary' }, 'oauth_authorization_revoked'],
    [400, { status: 'BAD_REFRESH_TOKEN', message: 'canary' }, 'oauth_authorization_revoked'],
    [200, { ok: false, error: 'invalid_refresh_token' }, 'oauth_authorization_revoked'],
    [401, { error: 'invalid_client' }, 'authentication_invalid'],
    [200, { ok: false, error: 'bad_client_secret' }, 'authentication_invalid'],
    [400, { error: 'canary with words' }, 'oauth_authorization_revoked'],
  ])('%i %j is a refusal for good: %s', (status, body, reason) => {
    const answer = read(status, body);
    expect(answer).toMatchObject({ kind: 'refused', reason });
    expect(JSON.stringify(answer)).not.toContain('canary');
  });

  it.each(['jwt_bearer', 'client_credentials'] as const)(
    'is about the credentials where no person agreed: %s',
    (grant) => {
      const answer = read(400, { error: 'invalid_grant' }, { by: authorization(grant) });
      expect(answer).toMatchObject({ kind: 'refused', reason: 'authentication_invalid' });
    },
  );

  it.each([
    [500, { error: 'invalid_grant' }],
    [503, 'Service Unavailable'],
    [429, { error: 'invalid_grant' }],
    [400, { error: 'temporarily_unavailable' }],
    [200, { ok: false, error: 'ratelimited' }],
    [200, { ok: false, error: 'fatal_error' }],
    [403, '<html>blocked</html>'],
    [404, { error: 'not_found' }],
    [302, ''],
    [200, '{}'],
    [200, '[]'],
    [200, 'null'],
  ])('%i %j says nothing of the credentials', (status, body) => {
    expect(read(status, body).kind).toBe('unavailable');
  });

  it('is read whatever it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), fc.oneof(fc.string(), fc.json()), (status, body) => {
        expect(read(status, body).kind).toMatch(/^(refused|unavailable)$/);
      }),
    );
  });
});
