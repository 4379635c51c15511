// The signature of Standard Webhooks (v1): HMAC-SHA256 over `id.timestamp.body`, one per secret, separated by spaces.
import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';

export interface Signed {
  /** `whsec_` and base64; more than one while a receiver changes over. */
  secrets: readonly string[];
  id: string;
  /** Seconds since 1970, of this attempt. */
  timestamp: number;
  body: string;
}

/** The value of webhook-signature. */
export function signature({ secrets, id, timestamp, body }: Signed): string {
  const signed = `${id}.${timestamp}.${body}`;
  return secrets.map((secret) => `v1,${createHmac('sha256', keyOf(secret)).update(signed).digest('base64')}`).join(' ');
}

// Making a key costs more than signing a small body with it.
const keys = new Map<string, KeyObject>();
const keysMax = 10_000;

function keyOf(secret: string): KeyObject {
  const known = keys.get(secret);
  if (known) return known;
  const key = createSecretKey(Buffer.from(secret.replace(/^whsec_/, ''), 'base64'));
  if (keys.size >= keysMax) keys.clear();
  keys.set(secret, key);
  return key;
}
