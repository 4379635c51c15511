// What an answer of Mailchimp means: by status, title and detail; what is in no row, by its status alone.
import {
  at,
  byStatus,
  classified,
  jsonOf,
  listAt,
  textAt,
  type AnswerClass,
  type Classification,
  type HttpResponse,
} from '@sluice/connector-kit';
import type { Delivery } from '@sluice/contracts';

interface Row {
  status: number;
  /** What the answer has to say: its title and detail; empty where it is not Mailchimp's JSON. */
  says: RegExp;
  class: AnswerClass;
  waitMs?: number;
}

const rows: readonly Row[] = [
  // Neither a key nor a token expires; when one is refused, somebody has withdrawn it.
  { status: 401, says: /^/, class: 'auth_dead' },
  { status: 403, says: /User Disabled|data ?center/i, class: 'auth_dead' },
  // Not a permission that lacks: too many requests, as the servers in front of Mailchimp put it.
  { status: 403, says: /^$/, class: 'throttle', waitMs: 60_000 },
];

/** @param attempt which one it is in its cycle */
export function classify(response: HttpResponse, nowMs: number, attempt = 1): Classification {
  const { status } = response;
  const said = saidIn(response);
  if (status === 400) return refusal(said || 'Mailchimp answered 400', nowMs, attempt);
  const row = rows.find((each) => each.status === status && each.says.test(said));
  const message = said || `Mailchimp answered ${status}`;
  if (row) return classified(row.class, message, row.waitMs === undefined ? undefined : nowMs + row.waitMs);
  return byStatus(response, nowMs, message);
}

const tooManyLists = /has signed up to a lot of lists/;
const tooManyListsMs = 6 * 3_600_000;
const tooManyListsAttempts = 4;

/** What it means that Mailchimp does not take a member. An address that is on too many lists may be taken after hours or days. */
export function refusal(message: string, nowMs: number, attempt: number): Classification {
  return tooManyLists.test(message) && attempt < tooManyListsAttempts
    ? classified('retry', message, nowMs + tooManyListsMs)
    : classified('permanent', message);
}

export const attemptOf = ({ attempt, cycle_start }: Delivery): number => attempt - cycle_start + 1;

/** "Invalid Resource: Your merge fields were invalid. LTV: Please enter a number" */
function saidIn(response: HttpResponse): string {
  const body = jsonOf(response);
  const title = textAt(body, 'title');
  if (title === undefined) return '';
  const errors = listAt(body, 'errors').map(
    (error) => `${String(at(error, 'field'))}: ${String(at(error, 'message'))}`,
  );
  return [`${title}: ${textAt(body, 'detail') ?? ''}`, ...errors].join(' ');
}

/** A member that is there, although Mailchimp was asked to create or update it: another address led to it, or another request. */
export const isMemberExists = (response: HttpResponse): boolean =>
  response.status === 400 && textAt(jsonOf(response), 'title') === 'Member Exists';
