// Seals and opens one secret. A sealed text is `v1.<key id>.<wrapped data key>.<iv>.<ciphertext and tag>`, each part base64url.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Keyring } from './keyring.ts';

/** A secret that does not open, or a key ring that is not one. Never carries secret material. */
export class VaultError extends Error {
  override readonly name = 'VaultError';
}

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
// Node takes shorter tags unless told the length; a short tag is a forged one.
const TAG_BYTES = 16;

/**
 * Seals a text. `bound` names what the secret belongs to (`connection <workspace> <id>`): a sealed text moved elsewhere does not
 * open. Each secret has its own random data key, so no key ever sees many messages and re-wrapping leaves the ciphertext alone.
 */
export function seal(keyring: Keyring, bound: string, secret: string): string {
  const wrappingKey = keyring.key(keyring.currentId);
  if (!wrappingKey) throw new VaultError(`the vault has no key ${keyring.currentId}`);
  const dataKey = randomBytes(32);
  const wrapped = encrypt(wrappingKey, `key ${bound}`, dataKey);
  const sealed = encrypt(dataKey, bound, Buffer.from(secret, 'utf8'));
  const parts = [Buffer.concat([wrapped.iv, wrapped.data]), sealed.iv, sealed.data];
  return ['v1', keyring.currentId, ...parts.map((part) => part.toString('base64url'))].join('.');
}

/** The secret of a sealed text. Throws VaultError when anything about it is not as it was sealed. */
export function open(keyring: Keyring, bound: string, sealed: string): string {
  const [version, keyId = '', wrapped = '', iv = '', data = '', ...rest] = sealed.split('.');
  if (version !== 'v1' || rest.length > 0) throw new VaultError('not a sealed text');
  const wrappingKey = keyring.key(keyId);
  if (!wrappingKey) throw new VaultError(`the vault has no key ${keyId}`);
  const bytes = Buffer.from(wrapped, 'base64url');
  const wrappedParts = { iv: bytes.subarray(0, IV_BYTES), data: bytes.subarray(IV_BYTES) };
  const dataKey = decrypt(wrappingKey, `key ${bound}`, wrappedParts);
  const parts = { iv: Buffer.from(iv, 'base64url'), data: Buffer.from(data, 'base64url') };
  return decrypt(dataKey, bound, parts).toString('utf8');
}

interface Ciphertext {
  iv: Buffer;
  /** Ciphertext followed by the tag. */
  data: Buffer;
}

function encrypt(key: Buffer, bound: string, plain: Buffer): Ciphertext {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(bound, 'utf8'));
  return { iv, data: Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]) };
}

function decrypt(key: Buffer, bound: string, { iv, data }: Ciphertext): Buffer {
  try {
    if (iv.length !== IV_BYTES || data.length < TAG_BYTES) throw new Error('too short');
    const decipher = createDecipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(bound, 'utf8')).setAuthTag(data.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(data.subarray(0, -TAG_BYTES)), decipher.final()]);
  } catch {
    throw new VaultError('the sealed text was changed, moved, or sealed with another key');
  }
}
