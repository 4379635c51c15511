// The local stack's encryption keys for credentials: made once, since what they sealed cannot be read without them.
import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';

export function ensureVaultKeys(file: string): void {
  if (existsSync(file)) return;
  const keys = { current: 'local-1', keys: { 'local-1': randomBytes(32).toString('base64') } };
  writeFileSync(file, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 });
}
