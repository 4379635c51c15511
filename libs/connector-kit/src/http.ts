// Requests as connectors build them, answers as the host reads them.
import { InputError } from './input-error.ts';

/** A request. The host sends it, with time and size limits and without following redirects. */
export interface HttpRequest {
  method: 'POST' | 'PUT' | 'PATCH' | 'GET' | 'DELETE';
  url: string;
  /** Lower-case names. */
  headers: Record<string, string>;
  body: string;
  /** Names of headers whose values must not be shown to anybody. */
  secretHeaders: string[];
  /** Names of headers that prove this one request (a signature): not shown either, but worth nothing elsewhere. */
  proofHeaders?: string[];
  /** Texts within URL or body that must not be shown to anybody: a key that the vendor wants there. */
  secrets?: string[];
}

/** An answer, read up to a limit. */
export interface HttpResponse {
  status: number;
  /** Lower-case names. */
  headers: Record<string, string>;
  body: string;
}

export interface JsonRequest {
  method: HttpRequest['method'];
  url: string;
  /** Goes out as JSON; nothing where it is missing. */
  json?: unknown;
  /** The whole Authorization header: `Bearer ...`. */
  authorization?: string;
  headers?: Record<string, string>;
}

/** The same before it is known where the vendor is called. */
export interface PathRequest extends Pick<JsonRequest, 'method' | 'json'> {
  /** With a slash in front. */
  path: string;
}

/** The Authorization header of a user and a password. */
export const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/** A request with a JSON body and a secret Authorization header. */
export function jsonRequest({ method, url, json, authorization, headers }: JsonRequest): HttpRequest {
  return {
    method,
    url,
    headers: {
      accept: 'application/json',
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...(authorization === undefined ? {} : { authorization }),
      ...headers,
    },
    body: json === undefined ? '' : JSON.stringify(json),
    secretHeaders: ['authorization'],
  };
}

/**
 * A URL path of a template: path`/lists/${id}/members`. What is put in is one segment, percent-encoded, whatever it holds. Throws
 * InputError for what no encoding makes one: nothing, `.` and `..`, which a URL takes for a way up.
 */
export function path(texts: TemplateStringsArray, ...segments: readonly (string | number)[]): string {
  return texts.reduce((made, text, index) => `${made}${segment(segments[index - 1])}${text}`);
}

function segment(value: string | number | undefined): string {
  const text = String(value ?? '');
  if (text === '' || text === '.' || text === '..') throw new InputError('', `"${text}" cannot stand in a URL's path`);
  // A lone surrogate has no encoding; it becomes the replacement character.
  return encodeURIComponent(text.toWellFormed());
}

/** A query string, `?a=b&c=d`; empty for nothing. Members that are undefined are left out. */
export function query(members: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(members)) if (value !== undefined) parameters.set(name, String(value));
  return parameters.size === 0 ? '' : `?${parameters.toString()}`;
}

/** The body as JSON; undefined when it is none, as it happens with every vendor behind some proxy. */
export function jsonOf(response: HttpResponse): unknown {
  try {
    return JSON.parse(response.body) as unknown;
  } catch {
    return undefined;
  }
}

/** What stands at a path in untrusted JSON; undefined where something else is in the way. What JSON does not say is not there. */
export function at(value: unknown, ...keys: readonly (string | number)[]): unknown {
  let found = value;
  for (const key of keys) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    if (Array.isArray(found) && key === 'length') return undefined;
    found = (found as Record<string | number, unknown>)[key];
  }
  return found;
}

/** The same where a text stands there; undefined for anything else. */
export function textAt(value: unknown, ...keys: readonly (string | number)[]): string | undefined {
  const found = at(value, ...keys);
  return typeof found === 'string' ? found : undefined;
}

/** The same where a list stands there; an empty one for anything else. */
export function listAt(value: unknown, ...keys: readonly (string | number)[]): unknown[] {
  const found = at(value, ...keys);
  return Array.isArray(found) ? (found as unknown[]) : [];
}
