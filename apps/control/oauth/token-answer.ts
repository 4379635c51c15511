// What a token endpoint's answer means: tokens, a refusal for good, or nothing to go by. Pure.
import { hash } from 'node:crypto';
import type { InactiveReason } from '../connection-changes.ts';
import { tokenUrl, type Authorization } from './grants.ts';

export interface Tokens {
  token: string;
  refreshToken: string | null;
  /** Where the vendor said to call. */
  baseUrl: string | null;
  obtainedAtMs: number;
  /** Null: until the vendor says that it has expired. */
  expiresAtMs: number | null;
}

export type TokenAnswer =
  | { kind: 'tokens'; tokens: Tokens }
  /** A person has to mend or to authorize something. `error` is the vendor's code. */
  | { kind: 'refused'; reason: InactiveReason; error: string }
  /** Says nothing of the credentials: asked again later, they may be good. */
  | { kind: 'unavailable'; error: string };

/** Of its life a token is used this share before another one is got. */
const usedShare = 0.8;
const lifetimeMaxSeconds = 365 * 86_400;
/** Also keeps it from being anything but one header's value. */
const tokenForm = /^[\x21-\x7e]{1,16000}$/;

/** Codes that say "later" although the answer is a refusal. */
const transient =
  /^(temporarily_unavailable|server_error|slow_down|rate_?limit\w*|internal_error|fatal_error|request_timeout|service_unavailable)$/i;
/** Codes that say that the client itself is not known, and not that a person has taken back what was agreed. */
const aboutClient = /client/i;

/** When to get the next one. */
export const refreshAtMs = ({ obtainedAtMs, expiresAtMs }: Tokens): number | null =>
  expiresAtMs === null ? null : Math.floor(obtainedAtMs + (expiresAtMs - obtainedAtMs) * usedShare);

/** By this a connector names a token without showing it. */
export const fingerprint = (token: string): string => hash('sha256', token);

/** @param before the tokens in whose place these come: what the answer leaves out stays */
export function readTokenAnswer(
  { status, body }: { status: number; body: string },
  { authorization, before, nowMs }: { authorization: Authorization; before: Tokens | null; nowMs: number },
): TokenAnswer {
  const answer = objectOf(body);
  const error = answer && errorOf(answer);
  if (error !== undefined && [200, 400, 401, 403].includes(status) && !transient.test(error)) {
    return { kind: 'refused', reason: reasonOf(authorization, error), error };
  }
  if (status !== 200 || !answer || typeof answer.access_token !== 'string' || !tokenForm.test(answer.access_token)) {
    return { kind: 'unavailable', error: error ?? `answer ${status} without a token` };
  }
  const baseUrl = baseUrlOf(answer, authorization);
  if (baseUrl === undefined) return { kind: 'unavailable', error: 'names a host that is not believed' };
  const lifetime = lifetimeOf(answer.expires_in) ?? authorization.oauth.lifetime_s;
  const tokens = {
    token: answer.access_token,
    refreshToken: typeof answer.refresh_token === 'string' ? answer.refresh_token : (before?.refreshToken ?? null),
    baseUrl: baseUrl ?? before?.baseUrl ?? null,
    obtainedAtMs: nowMs,
    expiresAtMs: lifetime === null ? null : nowMs + lifetime * 1_000,
  };
  return { kind: 'tokens', tokens };
}

type Answer = Record<string, unknown>;

function objectOf(body: string): Answer | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Answer) : undefined;
  } catch {
    return undefined;
  }
}

/** The vendor's code: `error` by the standard, `status` at HubSpot. Its description is left out, which may repeat what was sent. */
function errorOf({ access_token, error, status }: Answer): string | undefined {
  if (access_token !== undefined) return undefined;
  const code = error ?? status;
  if (typeof code !== 'string') return undefined;
  return /^[\w.-]{1,80}$/.test(code) ? code : 'an error without a code';
}

function reasonOf({ grant }: Authorization, error: string): InactiveReason {
  return grant !== 'authorization_code' || aboutClient.test(error)
    ? 'authentication_invalid'
    : 'oauth_authorization_revoked';
}

function lifetimeOf(value: unknown): number | undefined {
  const seconds = Math.floor(Number(value ?? 0));
  return seconds > 0 ? Math.min(seconds, lifetimeMaxSeconds) : undefined;
}

/** Null where the vendor names none; undefined where what it names is not to be believed. */
function baseUrlOf(answer: Answer, authorization: Authorization): string | null | undefined {
  const { base_url } = authorization.oauth;
  if (!base_url) return null;
  const value = answer[base_url.member];
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string' || !URL.canParse(value)) return undefined;
  const { protocol, hostname, origin, username, password } = new URL(value);
  if (username !== '' || password !== '') return undefined;
  // Who is trusted with the credentials is trusted with the token.
  if (origin === tokenUrl(authorization).origin) return value;
  const isBelieved = base_url.hosts.some((host) => hostname === bare(host) || hostname.endsWith(`.${bare(host)}`));
  return protocol === 'https:' && isBelieved ? value : undefined;
}

const bare = (host: string): string => host.replace(/^\*?\./, '');
