// What an HTTP answer means for a delivery, when the connector knows nothing better.
import type { Result } from '@sluice/contracts';
import type { HttpResponse } from './connector.ts';

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

export interface Classification {
  result: Result;
  code: OutcomeCode;
  /** For people; empty when delivered. */
  message: string;
  /** The destination's own word: not before this time. Milliseconds since 1970. */
  retryAtMs?: number;
}

/** Answers that a later attempt may well change. */
const passing = new Set([408, 425, 429]);

/** 2xx delivered; 408, 425, 429 and 5xx retryable; every other answer final. */
export function byStatus(response: HttpResponse, nowMs: number): Classification {
  const { status } = response;
  if (status >= 200 && status < 300) return { result: 'delivered', code: 'delivered', message: '' };
  const waitMs = retryAfterMs(response.headers['retry-after'], nowMs);
  return {
    result: passing.has(status) || status >= 500 ? 'retryable' : 'rejected',
    code: codeOf(status),
    message: `the destination answered ${status}`,
    ...(waitMs === undefined ? {} : { retryAtMs: nowMs + waitMs }),
  };
}

function codeOf(status: number): OutcomeCode {
  if (status === 429 || status === 425) return 'rate_limited';
  if (status === 401 || status === 403) return 'auth_failed';
  if (status === 408) return 'timeout';
  return status >= 500 ? 'rejected_server_error' : 'rejected_client_error';
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
