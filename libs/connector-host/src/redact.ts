// What of a request and an answer may be kept and shown.
import type { HttpRequest } from '@sluice/connector-kit';
import { remembered } from '@sluice/outbound';

export const REDACTED = '[redacted]';

/** At most this many headers, and characters of each value, are kept. */
const headerLimits = { count: 40, valueChars: 500 } as const;

/** The URL without what may be secret in it: user info, and the values of its query. */
export const shownUrl = remembered(shown);

function shown(text: string): string {
  if (!URL.canParse(text)) return '[unreadable]';
  const url = new URL(text);
  url.username = '';
  url.password = '';
  url.hash = '';
  if (url.search === '') return url.toString();
  const names = [...url.searchParams.keys()].map((name) => `${encodeURIComponent(name)}=${REDACTED}`);
  url.search = '';
  return `${url.toString()}?${names.join('&')}`;
}

/** Names of headers whose values are shown to nobody. */
export const hiddenHeaders = ({ secretHeaders, proofHeaders = [] }: HttpRequest): string[] =>
  proofHeaders.length === 0 ? secretHeaders : [...secretHeaders, ...proofHeaders];

/** Headers with the secret ones struck out. */
export function shownHeaders(headers: Record<string, string>, secretNames: readonly string[]): Record<string, string> {
  const shown: Record<string, string> = {};
  let count = 0;
  for (const name in headers) {
    if (count++ >= headerLimits.count) break;
    const value = headers[name] ?? '';
    if (secretNames.includes(name)) shown[name] = REDACTED;
    else shown[name] = value.length > headerLimits.valueChars ? value.slice(0, headerLimits.valueChars) : value;
  }
  return shown;
}

/** Shorter texts are no secrets worth the name, and striking them out would make nonsense of answers. */
const secretCharsMin = 4;

/** Every text of a connection's credentials, at any depth. */
export function secretTexts(credentials: unknown): string[] {
  if (typeof credentials === 'string') return credentials.length < secretCharsMin ? [] : [credentials];
  if (typeof credentials !== 'object' || credentials === null) return [];
  return Object.values(credentials).flatMap(secretTexts);
}

/**
 * A text from outside without the secrets that were sent there: some destinations echo what they get.
 * Each is looked for as it stands, as JSON writes it and as a URL does.
 */
export function struckOut(text: string, secrets: readonly string[]): string {
  if (text.length < secretCharsMin) return text;
  let result = text;
  // The longest first: of two that begin alike the rest of the longer one would stay.
  for (const secret of secrets.length > 1 ? [...secrets].sort((a, b) => b.length - a.length) : secrets) {
    for (const form of formsOf(secret)) if (result.includes(form)) result = result.replaceAll(form, REDACTED);
  }
  return result;
}

const formsOf = remembered((secret) => {
  const inUrls = secret.isWellFormed() ? [encodeURIComponent(secret)] : [];
  return [...new Set([secret, JSON.stringify(secret).slice(1, -1), ...inUrls])];
});
