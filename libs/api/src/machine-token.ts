// Who signs with a machine key: an HS256 JWT of at most 60 s, checked against the key it names.
import { decodeProtectedHeader, errors, jwtVerify } from 'jose';
import { PRODUCT_SLUG } from '@sluice/contracts';
import { ApiError } from './errors.ts';

/** What is known of a machine key. */
export interface MachineKey {
  id: string;
  organizationId: string;
  /** The HMAC key is these characters' UTF-8 bytes. */
  secret: string;
  expiresAtMs: number | null;
  revokedAtMs: number | null;
}

export interface MachineCaller {
  organizationId: string;
  /** The access key, noted as `created_by`. */
  key: string;
}

/** Names of the issuer before the key, and of the audience: those of Meshes' clients, and our own. */
const issuers = ['urn:meshes:m2m:', `urn:${PRODUCT_SLUG}:m2m:`];
const audiences = ['meshes-api', `${PRODUCT_SLUG}-api`];
const lifetimeMaxSeconds = 60;
const clockToleranceSeconds = 5;
const tokenLengthMax = 4_096;

/**
 * The caller of a token. Throws ApiError (401) saying which part is wrong, never more than the caller sent.
 * @param keyOf finds a machine key by its id
 */
export async function verifyMachineToken(
  token: string,
  keyOf: (id: string) => Promise<MachineKey | undefined> | MachineKey | undefined,
  nowMs: number,
): Promise<MachineCaller> {
  const keyId = keyIdOf(token);
  const key = await keyOf(keyId);
  if (!key)
    throw new ApiError('key_unknown', { data: [{ param: 'authorization', msg: 'the token names an unknown key' }] });
  checkKey(key, nowMs);
  const claims = await verifiedClaims(token, key, nowMs);
  if (typeof claims.iat !== 'number' || typeof claims.exp !== 'number')
    throw invalid('the token must have iat and exp');
  if (claims.exp - claims.iat > lifetimeMaxSeconds) {
    throw new ApiError('token_too_long', { data: [{ param: 'authorization', msg: 'exp - iat may be 60 s at most' }] });
  }
  if (claims.iat > nowMs / 1_000 + clockToleranceSeconds) throw expired('the token was issued in the future');
  if (claims.org !== key.organizationId) throw invalid("the token's org is not the key's organization");
  return { organizationId: key.organizationId, key: key.id };
}

function keyIdOf(token: string): string {
  if (token.length > tokenLengthMax) throw invalid('the token is too long');
  try {
    const header = decodeProtectedHeader(token);
    if (header.alg !== 'HS256') throw invalid('the token must be signed with HS256');
    if (typeof header.kid === 'string' && header.kid !== '') return header.kid;
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw invalid('the token is not a JWT');
  }
  throw invalid('the token must name its key (kid)');
}

function checkKey(key: MachineKey, nowMs: number): void {
  const ended =
    (key.revokedAtMs !== null && key.revokedAtMs <= nowMs) || (key.expiresAtMs !== null && key.expiresAtMs <= nowMs);
  if (ended)
    throw new ApiError('key_revoked', {
      data: [{ param: 'authorization', msg: 'the key was revoked or has expired' }],
    });
}

async function verifiedClaims(token: string, key: MachineKey, nowMs: number): Promise<Record<string, unknown>> {
  try {
    const { payload } = await jwtVerify(token, Buffer.from(key.secret, 'utf8'), {
      algorithms: ['HS256'],
      issuer: issuers.map((issuer) => issuer + key.id),
      audience: audiences,
      currentDate: new Date(nowMs),
      clockTolerance: clockToleranceSeconds,
      requiredClaims: ['iss', 'aud', 'org', 'iat', 'exp'],
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw expired('the token has expired');
    if (error instanceof errors.JWTClaimValidationFailed)
      throw invalid(`the token's claim ${error.claim} is missing or wrong`);
    throw invalid('the signature of the token does not fit');
  }
}

const invalid = (msg: string): ApiError => new ApiError('token_invalid', { data: [{ param: 'authorization', msg }] });
const expired = (msg: string): ApiError => new ApiError('token_expired', { data: [{ param: 'authorization', msg }] });
