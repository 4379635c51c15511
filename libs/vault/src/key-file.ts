// Key-encryption keys in a file: one current, older ones kept so that what they wrapped still opens. Changes are noticed while running.
import { readFileSync, statSync } from 'node:fs';
import { VaultError } from './cipher.ts';
import { Keyring, providerOf } from './keyring.ts';

interface Keys {
  currentId: string;
  byId: ReadonlyMap<string, Buffer>;
}

/** How often the file is looked at while its keys are all known. Milliseconds. */
const lookEveryMs = 1_000;

/** A ring from `{"current": "<id>", "keys": {"<id>": "<base64 of 32 bytes>"}}`. Throws VaultError saying what is wrong with it. */
export function createKeyring(file: unknown): Keyring {
  const keys = keysOf(file);
  return new Keyring(
    providerOf(
      () => keys.currentId,
      (id) => keyIn(keys, id),
    ),
  );
}

/** The ring of a key file, followed: a key that is added counts within a second, or as soon as something names it. */
export function readKeyring(path: string, nowMs = Date.now): Keyring {
  const file = new KeyFile(path, nowMs);
  return new Keyring(
    providerOf(
      () => file.keys().currentId,
      (id) => keyIn(file.keys(id), id),
    ),
  );
}

class KeyFile {
  private readonly path: string;
  private readonly nowMs: () => number;
  private known: Keys;
  private stamp: string;
  private lookedAtMs: number;

  constructor(path: string, nowMs: () => number) {
    this.path = path;
    this.nowMs = nowMs;
    this.stamp = stampOf(path);
    this.known = readKeys(path);
    this.lookedAtMs = nowMs();
  }

  /** @param wanted a key that is needed: where it is not known, the file is looked at now */
  keys(wanted?: string): Keys {
    const isDue = this.nowMs() - this.lookedAtMs >= lookEveryMs;
    if (isDue || (wanted !== undefined && !this.known.byId.has(wanted))) this.look();
    return this.known;
  }

  /** A file that is half written, or gone for a moment, changes nothing; it is read when it is whole. */
  private look(): void {
    this.lookedAtMs = this.nowMs();
    try {
      const stamp = stampOf(this.path);
      if (stamp === this.stamp) return;
      this.known = readKeys(this.path);
      this.stamp = stamp;
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
    }
  }
}

function keysOf(file: unknown): Keys {
  const { current, keys } = (file ?? {}) as { current?: unknown; keys?: Record<string, unknown> };
  if (typeof current !== 'string' || typeof keys !== 'object' || keys === null) {
    throw new VaultError('the vault key file must be {"current": "<id>", "keys": {"<id>": "<base64>"}}');
  }
  const byId = new Map<string, Buffer>();
  for (const [id, text] of Object.entries(keys)) {
    const key = Buffer.from(String(text), 'base64');
    if (key.length !== 32) throw new VaultError(`vault key ${id} must be 32 bytes in base64`);
    if (!/^[A-Za-z0-9_-]{1,40}$/.test(id))
      throw new VaultError(`vault key id ${id} must be 1 to 40 of A-Z a-z 0-9 _ -`);
    byId.set(id, key);
  }
  if (!byId.has(current)) throw new VaultError(`the vault key file has no key ${current}`);
  return { currentId: current, byId };
}

function keyIn({ byId }: Keys, id: string): Buffer {
  const key = byId.get(id);
  if (!key) throw new VaultError(`the vault has no key ${id}`);
  return key;
}

function readKeys(path: string): Keys {
  const text = reading(path, () => readFileSync(path, 'utf8'));
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    // What the parser says quotes the text, and the text is keys.
    throw new VaultError(`the vault key file ${path} is not JSON`);
  }
  return keysOf(file);
}

/** Another file of the same name, or the same file written again, has another one. */
function stampOf(path: string): string {
  const { ino, size, mtimeMs } = reading(path, () => statSync(path));
  return `${ino} ${size} ${mtimeMs}`;
}

function reading<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new VaultError(`reading the vault key file ${path}: ${String(error)}`);
  }
}
