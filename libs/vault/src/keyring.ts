// The key-encryption keys of an installation: one current, older ones kept so that what they wrapped still opens.
import { readFileSync } from 'node:fs';
import { VaultError } from './vault.ts';

export interface Keyring {
  /** Id of the key that wraps from now on. */
  currentId: string;
  /** The 32 bytes of a key, or undefined when the ring does not hold it. */
  key: (id: string) => Buffer | undefined;
}

/** A ring from `{"current": "<id>", "keys": {"<id>": "<base64 of 32 bytes>"}}`. Throws VaultError saying what is wrong with it. */
export function createKeyring(file: unknown): Keyring {
  const { current, keys } = (file ?? {}) as { current?: unknown; keys?: Record<string, unknown> };
  if (typeof current !== 'string' || typeof keys !== 'object' || keys === null) {
    throw new VaultError('the vault key file must be {"current": "<id>", "keys": {"<id>": "<base64>"}}');
  }
  const decoded = new Map<string, Buffer>();
  for (const [id, text] of Object.entries(keys)) {
    const key = Buffer.from(String(text), 'base64');
    if (key.length !== 32) throw new VaultError(`vault key ${id} must be 32 bytes in base64`);
    if (!/^[A-Za-z0-9_-]{1,40}$/.test(id))
      throw new VaultError(`vault key id ${id} must be 1 to 40 of A-Z a-z 0-9 _ -`);
    decoded.set(id, key);
  }
  if (!decoded.has(current)) throw new VaultError(`the vault key file has no key ${current}`);
  return { currentId: current, key: (id) => decoded.get(id) };
}

/** The ring of a key file. */
export function readKeyring(path: string): Keyring {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new VaultError(`reading the vault key file ${path}: ${String(error)}`);
  }
  return createKeyring(JSON.parse(text));
}
