// What an answer of Intercom means: by status and code; what is in no row, by its status alone.
import {
  byStatus,
  classified,
  jsonOf,
  listAt,
  textAt,
  type AnswerClass,
  type Classification,
  type HttpResponse,
} from '@sluice/connector-kit';

interface Row {
  status: number;
  /** Any where it is missing. */
  codes?: readonly string[];
  class: AnswerClass;
}

/** The plan, or the app's permissions: nothing will pass until somebody sees to it. */
const restricted = ['api_plan_restricted', 'forbidden'];

const rows: readonly Row[] = [
  // Tokens do not expire; one that is refused has been revoked or suspended.
  { status: 401, class: 'auth_dead' },
  { status: 402, codes: restricted, class: 'auth_dead' },
  { status: 403, codes: restricted, class: 'auth_dead' },
  // The contact has been merged or archived since it was named: the next attempt is told of another.
  { status: 410, class: 'retry' },
];

export function classify(response: HttpResponse, nowMs: number): Classification {
  const { status } = response;
  const codes = errorsOf(response).map((error) => textAt(error, 'code') ?? '');
  const row = rows.find(
    (each) => each.status === status && (!each.codes || each.codes.some((code) => codes.includes(code))),
  );
  const message = saidIn(response) || `Intercom answered ${status}`;
  if (row) return classified(row.class, message);
  if (status === 429) return classified('throttle', message, resetOf(response, nowMs));
  return byStatus(response, nowMs, message);
}

const errorsOf = (response: HttpResponse): unknown[] => listAt(jsonOf(response), 'errors');

/** "conflict: A contact matching those details already exists with id=5da6f18e3d7cf967e4582d05" */
export const saidIn = (response: HttpResponse): string =>
  errorsOf(response)
    .map((error) => `${textAt(error, 'code') ?? 'error'}: ${textAt(error, 'message') ?? ''}`)
    .join('; ');

/** When the present window of ten seconds ends: X-RateLimit-Reset, in seconds since 1970. */
function resetOf({ headers }: HttpResponse, nowMs: number): number | undefined {
  const reset = headers['x-ratelimit-reset'] ?? '';
  const resetMs = /^\d{1,10}$/.test(reset) ? Number(reset) * 1_000 : 0;
  return resetMs > nowMs ? resetMs : undefined;
}
