// What Salesforce's answers mean: by the code of each error in the list; by status where the code says no more than that.
import {
  byStatus,
  classified,
  delivered,
  jsonOf,
  listAt,
  textAt,
  type AnswerClass,
  type Classification,
  type HttpResponse,
} from '@sluice/connector-kit';

interface Fault {
  code: string;
  message: string;
}

interface Row {
  codes: readonly string[];
  /** Where the code alone does not tell. */
  message?: RegExp;
  class: AnswerClass;
  waitMs?: number;
}

/** The first row that fits any error counts. Codes that are not here mean what their status means: nearly all are the record's fault. */
const rows: readonly Row[] = [
  { codes: ['UNABLE_TO_LOCK_ROW'], class: 'retry' },
  // A trigger's failure carries the true cause in its text.
  { codes: ['CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY'], message: /UNABLE_TO_LOCK_ROW|Too many SOQL/, class: 'retry' },
  { codes: ['UNKNOWN_EXCEPTION', 'SERVER_UNAVAILABLE'], class: 'retry' },
  { codes: ['REQUEST_LIMIT_EXCEEDED'], message: /ConcurrentRequests/, class: 'retry' },
  // The budget of 24 hours rolls on, so that minutes free some of it.
  { codes: ['REQUEST_LIMIT_EXCEEDED'], class: 'throttle', waitMs: 300_000 },
  { codes: ['INVALID_SESSION_ID'], class: 'auth_expired' },
  { codes: ['API_DISABLED_FOR_ORG', 'API_CURRENTLY_DISABLED'], class: 'auth_dead' },
  // One record's sharing rules; the connection may well write the others.
  { codes: ['INSUFFICIENT_ACCESS', 'INSUFFICIENT_ACCESS_OR_READONLY'], class: 'permanent' },
  // The connection's version is at fault, which is to be changed, not given up.
  { codes: ['UNSUPPORTED_API_VERSION'], class: 'permanent' },
];

export function classify(response: HttpResponse, nowMs: number): Classification {
  if (response.status >= 200 && response.status < 300) return delivered;
  const faults = faultsOf(response);
  return byRows(faults, nowMs) ?? statusAlone(response, nowMs, worded(faults));
}

/** What a result of a collection means, which stands in an answer of 200 whatever became of the record. */
export function classifyResult(result: unknown, nowMs: number): Classification {
  if (result === undefined) return classified('unknown', 'Salesforce gave no result for this record');
  if (typeof result === 'object' && result !== null && 'success' in result && result.success === true) return delivered;
  const faults = faultsIn(listAt(result, 'errors'));
  return byRows(faults, nowMs) ?? classified('permanent', worded(faults) || 'Salesforce did not take the record');
}

/** Whether an answer has an error of this code. */
export const hasFault = (response: HttpResponse, code: string): boolean =>
  faultsOf(response).some((fault) => fault.code === code);

function byRows(faults: readonly Fault[], nowMs: number): Classification | undefined {
  const fits = ({ codes, message }: Row): boolean =>
    faults.some((fault) => codes.includes(fault.code) && (message === undefined || message.test(fault.message)));
  const row = rows.find(fits);
  return row && classified(row.class, worded(faults), row.waitMs === undefined ? undefined : nowMs + row.waitMs);
}

/** 401: every scheme has tokens. 300: several records of that external id. 420: Salesforce's own "not now". */
function statusAlone(response: HttpResponse, nowMs: number, said: string): Classification {
  const message = said || `Salesforce answered ${response.status}`;
  switch (response.status) {
    case 300:
      return classified('permanent', said || 'several records have this external id: the field is not unique');
    case 401:
      return classified('auth_expired', message);
    case 420:
      return classified('retry', message);
    default:
      return byStatus(response, nowMs, message);
  }
}

const faultsOf = (response: HttpResponse): Fault[] => faultsIn(listAt(jsonOf(response)));

/** `errorCode` in an error answer, `statusCode` in a result. What has neither is no error: 300 answers with a list of URLs. */
const faultsIn = (errors: readonly unknown[]): Fault[] =>
  errors.flatMap((error) => {
    const code = textAt(error, 'errorCode') ?? textAt(error, 'statusCode');
    return code === undefined ? [] : [{ code, message: textAt(error, 'message') ?? '' }];
  });

const worded = (faults: readonly Fault[]): string =>
  faults
    .map(({ code, message }) => `${code}: ${message}`)
    .join('; ')
    .slice(0, 500);
