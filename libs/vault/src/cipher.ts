// AES-256-GCM as the vault uses it: a random iv for each message, a whole tag, and what it belongs to authenticated with it.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** A secret that does not open, or keys that are none. Never carries secret material. */
export class VaultError extends Error {
  override readonly name = 'VaultError';
}

const ALGORITHM = 'aes-256-gcm';
export const IV_BYTES = 12;
// Node takes shorter tags unless told the length; a short tag is a forged one.
const TAG_BYTES = 16;

/** iv, then ciphertext, then tag. */
export function encrypt(key: Buffer, bound: string, plain: Buffer): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(bound, 'utf8'));
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

export function decrypt(key: Buffer, bound: string, message: Buffer): Buffer {
  try {
    if (message.length < IV_BYTES + TAG_BYTES) throw new Error('too short');
    const decipher = createDecipheriv(ALGORITHM, key, message.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(bound, 'utf8')).setAuthTag(message.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(message.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch {
    throw new VaultError('the sealed text was changed, moved, or sealed with another key');
  }
}
