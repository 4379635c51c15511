// How connections come to tokens: where people are sent, what the token endpoint is sent, and what is never said aloud.
import { describe, expect, it } from '@jest/globals';
import type { CatalogEntry, CatalogOAuth, OAuthGrant } from '@sluice/contracts';
import { jwtVerify } from 'jose';
import { createHash, generateKeyPairSync } from 'node:crypto';
import type { Metadata } from '../metadata.ts';
import {
  authorizationOf,
  authorizeUrl,
  tokenForm,
  tokensOutlive,
  tokenUrl,
  UnusableMetadata,
  type Authorization,
  type Proof,
} from './grants.ts';

const oauth: CatalogOAuth = {
  schemes: { oauth: 'authorization_code', app: 'client_credentials', jwt: 'jwt_bearer' },
  authorize_url: '{login_url}/authorize?prompt=login',
  token_url: '{login_url}/token',
  scopes: ['a', 'b'],
  scope_separator: ',',
  pkce: true,
  lifetime_s: null,
  assertion: { issuer: '{client_id}', subject: '{username}', audience: '{login_url}' },
};
const metadata: Metadata = { login_url: 'https://login.example.com', client_id: 'c 1', client_secret: 's&1' };
const by = (grant: OAuthGrant, over: Metadata = {}, oauthOver: Partial<CatalogOAuth> = {}): Authorization => ({
  oauth: { ...oauth, ...oauthOver },
  grant,
  metadata: { ...metadata, ...over },
});
const form = async (authorization: Authorization, proof: Proof) =>
  Object.fromEntries(await tokenForm(authorization, proof, 1_700_000_000_000));

describe('how a connection comes to tokens', () => {
  const entry = { oauth } as CatalogEntry;

  it('follows from its auth_scheme', () => {
    expect(authorizationOf(entry, { auth_scheme: 'jwt' })?.grant).toBe('jwt_bearer');
    for (const auth_scheme of ['none', 'toString', undefined, 7])
      expect(authorizationOf(entry, { auth_scheme })).toBeUndefined();
    expect(authorizationOf({} as CatalogEntry, { auth_scheme: 'jwt' })).toBeUndefined();
  });

  it.each([
    ['the same', by('authorization_code'), by('authorization_code', { client_secret: 'other', name: 'x' }), true],
    ['another client', by('authorization_code'), by('authorization_code', { client_id: 'c2' }), false],
    ['another server', by('authorization_code'), by('authorization_code', { login_url: 'https://x.test' }), false],
    ['another grant', by('authorization_code'), by('client_credentials'), false],
    ['none any more', by('authorization_code'), undefined, false],
    ['without a person', by('jwt_bearer'), by('jwt_bearer'), false],
  ])('decides whether tokens outlive a change: %s', (_what, before, after, expected) => {
    expect(tokensOutlive(before, after)).toBe(expected);
  });
});

describe('where a person is sent', () => {
  const parts = { redirectUri: 'https://us.test/cb', state: 'st', verifier: 'ver' };

  it('has everything the vendor has to know, and nothing secret', () => {
    const url = new URL(authorizeUrl(by('authorization_code'), parts));
    expect(url.origin + url.pathname).toBe('https://login.example.com/authorize');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      prompt: 'login',
      response_type: 'code',
      client_id: 'c 1',
      redirect_uri: 'https://us.test/cb',
      state: 'st',
      scope: 'a,b',
      code_challenge: createHash('sha256').update('ver').digest('base64url'),
      code_challenge_method: 'S256',
    });
  });

  it('has no challenge and no scope where the vendor knows none', () => {
    const url = new URL(authorizeUrl(by('authorization_code', {}, { pkce: false, scopes: [] }), parts));
    expect([...url.searchParams.keys()]).toEqual(['prompt', 'response_type', 'client_id', 'redirect_uri', 'state']);
  });

  it.each(['javascript:alert(1)//', 'ftp://x.test', 'https://user:pass@x.test', '', 'x'])(
    'is never anything but an http or https URL: %s',
    (login_url) => {
      expect(() => authorizeUrl(by('authorization_code', { login_url }), parts)).toThrow(UnusableMetadata);
      expect(() => tokenUrl(by('authorization_code', { login_url }))).toThrow(UnusableMetadata);
    },
  );
});

describe('what the token endpoint is sent', () => {
  it('is the code with its verifier', async () => {
    const proof: Proof = { kind: 'code', code: 'c', redirectUri: 'https://us.test/cb', verifier: 'ver' };
    const client = { client_id: 'c 1', client_secret: 's&1' };
    const expected = { grant_type: 'authorization_code', ...client, code: 'c', redirect_uri: 'https://us.test/cb' };
    expect(await form(by('authorization_code'), proof)).toEqual({ ...expected, code_verifier: 'ver' });
    expect(await form(by('authorization_code', {}, { pkce: false }), proof)).toEqual(expected);
  });

  it('is the refresh token, or the client alone', async () => {
    const client = { client_id: 'c 1', client_secret: 's&1' };
    expect(await form(by('authorization_code'), { kind: 'refresh', refreshToken: 'r' })).toEqual({
      grant_type: 'refresh_token',
      ...client,
      refresh_token: 'r',
    });
    const alone = { grant_type: 'client_credentials', ...client, scope: 'a,b' };
    expect(await form(by('client_credentials'), { kind: 'own' })).toEqual(alone);
  });

  it.each(['pkcs1', 'pkcs8'] as const)('is an assertion that the vendor can verify, by a key in %s', async (type) => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    const private_key = privateKey.export({ type, format: 'pem' });
    const sent = await form(by('jwt_bearer', { username: 'ada', private_key }), { kind: 'own' });
    expect(Object.keys(sent)).toEqual(['grant_type', 'assertion']);
    const { payload } = await jwtVerify(String(sent.assertion), publicKey, {
      issuer: 'c 1',
      subject: 'ada',
      audience: 'https://login.example.com',
      algorithms: ['RS256'],
      currentDate: new Date(1_700_000_000_000),
    });
    expect(Number(payload.exp) - Number(payload.iat)).toBe(180);
  });

  it.each([
    ['no key', {}, 'private_key is missing'],
    ['a key that is none', { private_key: 'canary' }, 'private_key is no RSA key'],
    [
      'a key of another kind',
      { private_key: generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) },
      'private_key is no RSA key',
    ],
  ])('is nothing where it cannot be made, and says so without quoting: %s', async (_what, over, message) => {
    const sent = form(by('jwt_bearer', { username: 'ada', ...over }), { kind: 'own' });
    await expect(sent).rejects.toThrow(message);
    await expect(sent).rejects.not.toThrow('canary');
  });
});
