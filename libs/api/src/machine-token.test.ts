// The matrix of tokens: one good, every other refused, each for its own reason.
import { describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { ApiError } from './errors.ts';
import { verifyMachineToken, type MachineKey } from './machine-token.ts';

const now = 1_800_000_000;
const key: MachineKey = {
  id: 'mk_0123456789abcdefghijkl',
  organizationId: '11111111-1111-4111-8111-111111111111',
  secret: 's'.repeat(43),
  expiresAtMs: null,
  revokedAtMs: null,
};
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

function token(over: { header?: object; claims?: object; secret?: string; signature?: string } = {}): string {
  const header = encode({ alg: 'HS256', typ: 'JWT', kid: key.id, ...over.header });
  const claims = encode({
    iss: `urn:meshes:m2m:${key.id}`,
    aud: 'meshes-api',
    org: key.organizationId,
    iat: now,
    exp: now + 60,
    ...over.claims,
  });
  const signature =
    over.signature ??
    createHmac('sha256', over.secret ?? key.secret)
      .update(`${header}.${claims}`)
      .digest('base64url');
  return `${header}.${claims}.${signature}`;
}

const verify = (text: string, known: MachineKey | undefined = key, atSeconds = now) =>
  verifyMachineToken(text, (id) => (id === known.id ? known : undefined), atSeconds * 1_000);

const codeOf = async (promise: Promise<unknown>) => {
  try {
    await promise;
    return 'accepted';
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    expect(error.status).toBe(401);
    return error.code;
  }
};

describe('a machine token', () => {
  it('names the organization of its key', async () => {
    await expect(verify(token())).resolves.toEqual({ organizationId: key.organizationId, key: key.id });
  });

  it('may use our own names', async () => {
    const claims = { iss: `urn:sluice:m2m:${key.id}`, aud: 'sluice-api' };
    await expect(codeOf(verify(token({ claims })))).resolves.toBe('accepted');
  });

  it.each([
    ['an expired one', token({ claims: { iat: now - 90, exp: now - 30 } }), 'token_expired'],
    ['one from the future', token({ claims: { iat: now + 30, exp: now + 60 } }), 'token_expired'],
    ['one that lives too long', token({ claims: { exp: now + 61 } }), 'token_too_long'],
    ['a wrong audience', token({ claims: { aud: 'other-api' } }), 'token_invalid'],
    ['a wrong issuer', token({ claims: { iss: 'urn:meshes:m2m:mk_other' } }), 'token_invalid'],
    ['another organization', token({ claims: { org: '22222222-2222-4222-8222-222222222222' } }), 'token_invalid'],
    ['no exp', token({ claims: { exp: undefined } }), 'token_invalid'],
    ['no iat', token({ claims: { iat: undefined } }), 'token_invalid'],
    ['a wrong secret', token({ secret: 'x'.repeat(43) }), 'token_invalid'],
    ['alg none', token({ header: { alg: 'none' }, signature: '' }), 'token_invalid'],
    ['alg RS256', token({ header: { alg: 'RS256' } }), 'token_invalid'],
    ['alg HS512', token({ header: { alg: 'HS512' } }), 'token_invalid'],
    ['no kid', token({ header: { kid: undefined } }), 'token_invalid'],
    ['an unknown kid', token({ header: { kid: 'mk_unknown' } }), 'key_unknown'],
    ['no JWT at all', 'abc', 'token_invalid'],
    ['five kilobytes', 'a'.repeat(5_000), 'token_invalid'],
    ['a cut signature', token().slice(0, -4), 'token_invalid'],
  ])('is refused: %s', async (_what, text, code) => {
    await expect(codeOf(verify(text))).resolves.toBe(code);
  });

  it('is refused once its key is revoked or has expired', async () => {
    await expect(codeOf(verify(token(), { ...key, revokedAtMs: now * 1_000 }))).resolves.toBe('key_revoked');
    await expect(codeOf(verify(token(), { ...key, expiresAtMs: now * 1_000 - 1 }))).resolves.toBe('key_revoked');
    await expect(codeOf(verify(token(), { ...key, expiresAtMs: now * 1_000 + 1 }))).resolves.toBe('accepted');
  });
});
