// What of a request and an answer may be kept and shown.

export const REDACTED = '[redacted]';

/** At most this many headers, and characters of each value, are kept. */
const headerLimits = { count: 40, valueChars: 500 } as const;

/** The URL without what may be secret in it: user info, and the values of its query. */
export function shownUrl(text: string): string {
  const url = new URL(text);
  url.username = '';
  url.password = '';
  url.hash = '';
  if (url.search === '') return url.toString();
  const names = [...url.searchParams.keys()].map((name) => `${encodeURIComponent(name)}=${REDACTED}`);
  url.search = '';
  return `${url.toString()}?${names.join('&')}`;
}

/** Headers with the secret ones struck out. */
export function shownHeaders(headers: Record<string, string>, secretNames: readonly string[]): Record<string, string> {
  const secrets = new Set(secretNames);
  return Object.fromEntries(
    Object.entries(headers)
      .slice(0, headerLimits.count)
      .map(([name, value]) => [name, secrets.has(name) ? REDACTED : value.slice(0, headerLimits.valueChars)]),
  );
}
