// What an answer of HubSpot means: by status and HubSpot's own word; what is in no row, by its status alone.
import {
  byStatus,
  classified,
  jsonOf,
  retryAtOf,
  textAt,
  type AnswerClass,
  type Classification,
  type HttpResponse,
} from '@sluice/connector-kit';

interface Row {
  status: number;
  /** The `policyName` of a 429, else the `category`; any where it is missing. */
  word?: string;
  class: AnswerClass;
  /** Where the answer names no time itself. */
  waitMs?: number;
}

const rows: readonly Row[] = [
  // The host gives up at once where the connection's token is a static one.
  { status: 401, class: 'auth_expired' },
  { status: 403, word: 'MISSING_SCOPES', class: 'auth_dead' },
  { status: 423, class: 'retry', waitMs: 2_000 },
  { status: 429, word: 'SECONDLY', class: 'throttle', waitMs: 1_000 },
  // Until midnight in the account's time zone, which is not known here; to ask now and then costs little.
  { status: 429, word: 'DAILY', class: 'throttle', waitMs: 15 * 60_000 },
  { status: 429, class: 'throttle', waitMs: 10_000 },
  // The account moves to another data centre; that may take a day.
  { status: 477, class: 'throttle', waitMs: 60 * 60_000 },
];

export function classify(response: HttpResponse, nowMs: number): Classification {
  const { status } = response;
  const body = jsonOf(response);
  const word = textAt(body, 'policyName') ?? textAt(body, 'category');
  const row = rows.find((each) => each.status === status && (each.word === undefined || each.word === word));
  const said = textAt(body, 'message');
  const message = said === undefined ? `HubSpot answered ${status}` : `${word ?? status}: ${said}`;
  if (!row) return byStatus(response, nowMs, message);
  const waitMs = row.waitMs === undefined ? undefined : nowMs + row.waitMs;
  return classified(row.class, message, retryAtOf(response, nowMs) ?? waitMs);
}

/** Categories that pass by themselves, in what a 207 says of one input. */
const transient = ['INTERNAL_ERROR', 'SERVICE_UNAVAILABLE', 'GATEWAY_TIMEOUT', 'LOCKED', 'RATE_LIMITS'];

/** What an error in a 207 means for its input. */
export function classifyError(error: unknown): Classification {
  const category = textAt(error, 'category') ?? 'error';
  const message = `${category}: ${textAt(error, 'message') ?? 'HubSpot refused this contact'}`;
  return classified(transient.includes(category) ? 'retry' : 'permanent', message);
}
