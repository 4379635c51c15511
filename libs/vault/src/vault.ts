// Seals and opens one secret. A sealed text is `<version>.<kek id>.<wrapped data key>.<iv>.<ciphertext and tag>`, bytes as base64url.
import { randomBytes } from 'node:crypto';
import { decrypt, encrypt, IV_BYTES, VaultError } from './cipher.ts';
import type { Keyring } from './keyring.ts';

const DATA_KEY_BYTES = 32;

/**
 * v1: the data key is the secret's own, for what belongs to no workspace. v2: it is the workspace's, one for all its secrets, so that
 * few keys have to be unwrapped. Either way the text opens by itself, with nothing but the keys that wrap.
 */
type Version = 'v1' | 'v2';

/** Seals with a data key of its own. `bound` names what the secret belongs to: a text that is moved elsewhere does not open. */
export function seal(keyring: Keyring, bound: string, secret: string): string {
  const dataKey = randomBytes(DATA_KEY_BYTES);
  return sealedText('v1', keyring.wrap(`key ${bound}`, dataKey), encrypt(dataKey, bound, Buffer.from(secret, 'utf8')));
}

/** A new data key for a workspace, wrapped: `<kek id>.<wrapped>`, the text that is kept of it. */
export const newWorkspaceKey = (keyring: Keyring, workspace: string): string =>
  keyring.wrap(`workspace ${workspace}`, randomBytes(DATA_KEY_BYTES));

/** Seals with a workspace's data key. `bound` is `<what> <workspace> <id>`. */
export function sealIn(
  keyring: Keyring,
  workspaceKey: string,
  { bound, secret }: { bound: string; secret: string },
): string {
  const dataKey = keyring.unwrapShared(keyBound('v2', bound), workspaceKey);
  return sealedText('v2', workspaceKey, encrypt(dataKey, bound, Buffer.from(secret, 'utf8')));
}

/** The secret of a sealed text. Throws VaultError when anything about it is not as it was sealed. */
export function open(keyring: Keyring, bound: string, sealed: string): string {
  const { version, wrapped, message } = partsOf(sealed);
  return decrypt(dataKeyOf(keyring, keyBound(version, bound), { version, wrapped }), bound, message).toString('utf8');
}

/** The workspace's data key under the current key. */
export const rewrapWorkspaceKey = (keyring: Keyring, workspace: string, workspaceKey: string): string =>
  keyring.wrap(`workspace ${workspace}`, keyring.unwrap(`workspace ${workspace}`, workspaceKey));

/**
 * The sealed text with its data key under the current key; the secret's ciphertext stays to the bit.
 * @param workspaceKey what is kept of the workspace's data key, already wrapped anew; needed for v2
 */
export function rewrap(
  keyring: Keyring,
  sealed: string,
  { bound, workspaceKey }: { bound: string; workspaceKey?: string },
): string {
  const { version, wrapped, message } = partsOf(sealed);
  const wrapping = keyBound(version, bound);
  const dataKey = dataKeyOf(keyring, wrapping, { version, wrapped });
  if (version === 'v1') return sealedText('v1', keyring.wrap(wrapping, dataKey), message);
  if (workspaceKey === undefined || !keyring.unwrapShared(wrapping, workspaceKey).equals(dataKey)) {
    throw new VaultError("the sealed text was not sealed with its workspace's data key");
  }
  return sealedText('v2', workspaceKey, message);
}

function dataKeyOf(
  keyring: Keyring,
  bound: string,
  { version, wrapped }: { version: Version; wrapped: string },
): Buffer {
  return version === 'v2' ? keyring.unwrapShared(bound, wrapped) : keyring.unwrap(bound, wrapped);
}

/** What a data key is bound to: the secret it is for, or the workspace that the secret's own bound names. */
function keyBound(version: Version, bound: string): string {
  if (version === 'v1') return `key ${bound}`;
  const [, workspace] = /^\S+ (\S+) \S+$/.exec(bound) ?? [];
  if (workspace === undefined)
    throw new VaultError('what is sealed for a workspace is bound to "<what> <workspace> <id>"');
  return `workspace ${workspace}`;
}

function sealedText(version: Version, wrapped: string, message: Buffer): string {
  const iv = message.subarray(0, IV_BYTES).toString('base64url');
  return [version, wrapped, iv, message.subarray(IV_BYTES).toString('base64url')].join('.');
}

function partsOf(sealed: string): { version: Version; wrapped: string; message: Buffer } {
  const [version, kekId = '', wrapped = '', iv = '', data = '', ...rest] = sealed.split('.');
  if ((version !== 'v1' && version !== 'v2') || rest.length > 0) throw new VaultError('not a sealed text');
  const ivBytes = Buffer.from(iv, 'base64url');
  if (ivBytes.length !== IV_BYTES) throw new VaultError('not a sealed text');
  return {
    version,
    wrapped: `${kekId}.${wrapped}`,
    message: Buffer.concat([ivBytes, Buffer.from(data, 'base64url')]),
  };
}
