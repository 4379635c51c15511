// What an HTTP answer means for a delivery, when the connector knows nothing better.
import type { HttpResponse } from './http.ts';

/** Outcome codes of the API. */
export type OutcomeCode =
  | 'delivered'
  | 'rejected_client_error'
  | 'rejected_server_error'
  | 'rate_limited'
  | 'auth_failed'
  | 'timeout'
  | 'network_error'
  | 'mapping_error'
  | 'internal_error';

/**
 * What the host does with an answer. `delivered`: done, also when the vendor says "already so". `retry`: transient. `throttle`: the
 * destination asks for a pause, which spends no attempt. `auth_expired`: a new token, then once more. `auth_dead`: a person has to
 * see to the credentials; the connection stops. `permanent`: the same request will always fail. `split`: a batch fails for one of
 * its items or for its size. `gone`: the destination was withdrawn; the connection stops. `unknown`: it may have been done.
 */
export const answerClasses = [
  'delivered',
  'retry',
  'throttle',
  'auth_expired',
  'auth_dead',
  'permanent',
  'split',
  'gone',
  'unknown',
] as const;
export type AnswerClass = (typeof answerClasses)[number];

export interface Classification {
  class: AnswerClass;
  code: OutcomeCode;
  /** For people; empty when delivered. */
  message: string;
  /** The destination's own word: not before this time. Milliseconds since 1970. */
  retryAtMs?: number;
}

export const delivered: Classification = { class: 'delivered', code: 'delivered', message: '' };

const codes: Readonly<Record<AnswerClass, OutcomeCode>> = {
  delivered: 'delivered',
  retry: 'rejected_server_error',
  throttle: 'rate_limited',
  auth_expired: 'auth_failed',
  auth_dead: 'auth_failed',
  permanent: 'rejected_client_error',
  split: 'rejected_client_error',
  gone: 'rejected_client_error',
  unknown: 'rejected_server_error',
};

/** A classification in the vendor's own words. `retryAtMs` where the vendor names a time. */
export function classified(answerClass: AnswerClass, message: string, retryAtMs?: number): Classification {
  return {
    class: answerClass,
    code: codes[answerClass],
    message: answerClass === 'delivered' ? '' : message,
    ...(retryAtMs === undefined ? {} : { retryAtMs }),
  };
}

/**
 * 2xx delivered; 408, 425, 429, 5xx (but 501 and 505) and the proxies' own transient; 401 and 403 the credentials'; the others permanent.
 * `message` in the vendor's own words, where it has some.
 */
export function byStatus(response: HttpResponse, nowMs: number, message?: string): Classification {
  const { status } = response;
  if (status >= 200 && status < 300) return delivered;
  const answerClass = classOf(status);
  const retryAtMs = retryAtOf(response, nowMs);
  return {
    ...classified(answerClass, message ?? `the destination answered ${status}`, retryAtMs),
    ...(status === 408 ? { code: 'timeout' as const } : {}),
    ...(status === 403 ? { code: 'auth_failed' as const } : {}),
    ...(status === 501 || status === 505 ? { code: 'rejected_server_error' as const } : {}),
  };
}

function classOf(status: number): AnswerClass {
  if (status === 429 || status === 425) return 'throttle';
  if (status === 408) return 'retry';
  if (status === 401) return 'auth_dead';
  if (status === 410) return 'gone';
  return status >= 500 && status !== 501 && status !== 505 ? 'retry' : 'permanent';
}

/** When an answer's Retry-After allows the next request. Milliseconds since 1970; undefined where it names no time. */
export function retryAtOf({ headers }: HttpResponse, nowMs: number): number | undefined {
  const waitMs = retryAfterMs(headers['retry-after'], nowMs);
  return waitMs === undefined ? undefined : nowMs + waitMs;
}

/** Milliseconds a Retry-After header asks for: seconds, or an HTTP date. Undefined when there is none or it makes no sense. */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  // Only the form of an HTTP date: Date.parse takes far too much.
  if (!/^[A-Za-z]{3,9},? [\d A-Za-z:-]+$/.test(text)) return undefined;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}
