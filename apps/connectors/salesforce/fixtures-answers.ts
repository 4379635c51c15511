// How the documented answers are read; all operations have the same errors. What a collection answers stands in connector.test.ts,
// those of /services/oauth2/token are read by whoever gets tokens.
import type { AnswerFixture } from '@sluice/connector-kit/fixtures.ts';

export const recordId = '00Q5g00000A1b2cEAB';
/** An upsert's answer. */
export const updated = { status: 200, body: { id: recordId, success: true, errors: [], created: false } };

type Fault = [status: number, code: string, message: string, answerClass: AnswerFixture['class'], retryInMs?: number];

/** The error table: an answer of one error each. */
const faults: readonly Fault[] = [
  [400, 'REQUIRED_FIELD_MISSING', 'Required fields are missing: [LastName]', 'permanent'],
  [400, 'INVALID_FIELD', "No such column 'Nope__c'", 'permanent'],
  [400, 'INVALID_TYPE', "sObject type 'Nope' is not supported", 'permanent'],
  [400, 'MALFORMED_ID', 'bad id', 'permanent'],
  [400, 'STRING_TOO_LONG', 'data value too large', 'permanent'],
  [400, 'FIELD_CUSTOM_VALIDATION_EXCEPTION', 'rule', 'permanent'],
  [400, 'INVALID_FIELD_FOR_INSERT_UPDATE', 'no access', 'permanent'],
  [400, 'JSON_PARSER_ERROR', 'Unexpected character', 'permanent'],
  [400, 'ENTITY_IS_DELETED', 'entity is deleted', 'permanent'],
  [400, 'STORAGE_LIMIT_EXCEEDED', 'storage limit exceeded', 'permanent'],
  [400, 'DUPLICATES_DETECTED', 'Use one of these records?', 'permanent'],
  [400, 'DUPLICATE_VALUE', 'duplicate value found', 'permanent'],
  [400, 'UNABLE_TO_LOCK_ROW', 'unable to obtain exclusive access to this record', 'retry'],
  [400, 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', 'LeadTrigger: UNABLE_TO_LOCK_ROW', 'retry'],
  [400, 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', 'LeadTrigger: Too many SOQL queries: 101', 'retry'],
  [400, 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', 'LeadTrigger: null pointer', 'permanent'],
  [401, 'INVALID_SESSION_ID', 'Session expired or invalid', 'auth_expired'],
  [403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.', 'throttle', 300_000],
  [403, 'REQUEST_LIMIT_EXCEEDED', 'ConcurrentRequests (Concurrent API Requests) Limit exceeded.', 'retry'],
  [403, 'INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access', 'permanent'],
  [403, 'API_CURRENTLY_DISABLED', 'API is disabled for this user', 'auth_dead'],
  [403, 'API_DISABLED_FOR_ORG', 'API is not enabled for this Organization', 'auth_dead'],
  [404, 'NOT_FOUND', 'The requested resource does not exist', 'permanent'],
  [404, 'UNSUPPORTED_API_VERSION', 'api version retired', 'permanent'],
  [405, 'METHOD_NOT_ALLOWED', 'x', 'permanent'],
  [410, 'UNSUPPORTED_API_VERSION', 'api version retired', 'permanent'],
  [415, 'UNSUPPORTED_MEDIA_TYPE', 'x', 'permanent'],
  [420, 'SERVER_UNAVAILABLE', 'x', 'retry'],
  [500, 'UNKNOWN_EXCEPTION', 'An unexpected error occurred', 'retry'],
  [503, 'SERVER_UNAVAILABLE', 'Server is too busy', 'retry'],
];

const duplicateMember = [{ message: 'Already a campaign member.', errorCode: 'DUPLICATE_VALUE', fields: [] }];

/** To a collection: any of its records may be the reason. */
const together: readonly Omit<AnswerFixture, 'action'>[] = [
  {
    name: 'collection: 400',
    status: 400,
    body: [{ message: 'No such column', errorCode: 'INVALID_FIELD' }],
    class: 'split',
  },
  { name: 'collection: 413', status: 413, class: 'split' },
  { name: 'collection: 200 that cannot be read', status: 200, body: '<html/>', class: 'unknown' },
];

export const answers: readonly AnswerFixture[] = [
  { name: '201 created', action: 'upsert_contact', ...updated, status: 201, class: 'delivered' },
  { name: '200 updated', action: 'upsert_contact', ...updated, class: 'delivered' },
  { name: '204 updated, older versions', action: 'upsert_contact', status: 204, class: 'delivered' },
  {
    name: '300 several records',
    action: 'upsert_contact',
    status: 300,
    body: ['/services/data/v62.0/sobjects/Lead/00Q1', '/services/data/v62.0/sobjects/Lead/00Q2'],
    class: 'permanent',
  },
  ...faults.map(([status, errorCode, message, answerClass, retryInMs]) => ({
    name: `${status} ${errorCode}: ${message}`,
    action: 'upsert_contact',
    status,
    body: [{ message, errorCode }],
    class: answerClass,
    ...(retryInMs === undefined ? {} : { retryInMs }),
  })),
  { name: '401 without JSON', action: 'create_record', status: 401, body: '<html/>', class: 'auth_expired' },
  { name: '420 without JSON', action: 'create_record', status: 420, body: '<html/>', class: 'retry' },
  { name: '502 without JSON', action: 'create_record', status: 502, body: '<html/>', class: 'retry' },
  {
    name: '400 DUPLICATE_VALUE of a campaign member',
    action: 'add_to_campaign',
    after: [updated],
    status: 400,
    body: duplicateMember,
    class: 'delivered',
  },
  {
    name: 'an upsert that does not name the record',
    action: 'add_to_campaign',
    status: 204,
    class: 'unknown',
  },
  ...together.map((row) => ({ ...row, action: 'upsert_contact', together: true as const })),
];
