// Every documented answer of HubSpot and what it means, for each operation; statuses and bodies as in the contract.
import type { Answer, AnswerFixture } from '@sluice/connector-kit/fixtures.ts';

/** A contact that was written. */
export const created: Answer = {
  status: 200,
  body: { status: 'COMPLETE', results: [{ id: '501', properties: { email: 'a@example.com' }, new: true }] },
};
export const updated: Answer = { status: 200, body: { id: '501', properties: { firstname: 'A' } } };

const said = (category: string, message: string, more: object = {}) => ({
  status: 'error',
  message,
  correlationId: 'aeb5f871-7f07-4993-9211-075dc63e7cbf',
  category,
  ...more,
});
export const exists: Answer = { status: 409, body: said('CONFLICT', 'Contact already exists. Existing ID: 501') };
const limit = (policyName: string) => ({ status: 'error', message: 'limit', errorType: 'RATE_LIMIT', policyName });

type Row = Pick<AnswerFixture, 'name' | 'status' | 'body' | 'class' | 'headers' | 'retryInMs' | 'connection'>;

/** What every operation may answer. */
const rows: readonly Row[] = [
  {
    name: '400 PROPERTY_DOESNT_EXIST',
    status: 400,
    body: said('VALIDATION_ERROR', 'Property values were not valid', { errors: [{ code: 'PROPERTY_DOESNT_EXIST' }] }),
    class: 'permanent',
  },
  { name: '400 two of one record', status: 400, body: said('VALIDATION_ERROR', 'Duplicate IDs'), class: 'permanent' },
  { name: '401 expired', status: 401, body: said('EXPIRED_AUTHENTICATION', 'expired'), class: 'auth_expired' },
  { name: '401 invalid', status: 401, body: said('INVALID_AUTHENTICATION', 'not found'), class: 'auth_expired' },
  { name: '403 MISSING_SCOPES', status: 403, body: said('MISSING_SCOPES', 'missing'), class: 'auth_dead' },
  { name: '403 of a firewall', status: 403, body: '<html>403</html>', class: 'permanent' },
  { name: '404', status: 404, body: said('OBJECT_NOT_FOUND', 'resource not found'), class: 'permanent' },
  { name: '409 without an id', status: 409, body: said('CONFLICT', 'conflict'), class: 'permanent' },
  { name: '413', status: 413, body: said('PAYLOAD_TOO_LARGE', 'too large'), class: 'permanent' },
  { name: '414', status: 414, class: 'permanent' },
  { name: '423', status: 423, body: said('LOCKED', 'locked'), class: 'retry', retryInMs: 2_000 },
  { name: '429 of 10 s', status: 429, body: limit('TEN_SECONDLY_ROLLING'), class: 'throttle', retryInMs: 10_000 },
  { name: '429 of 1 s', status: 429, body: limit('SECONDLY'), class: 'throttle', retryInMs: 1_000 },
  { name: '429 of a day', status: 429, body: limit('DAILY'), class: 'throttle', retryInMs: 900_000 },
  { name: '429 of a proxy', status: 429, body: '<html>429</html>', class: 'throttle', retryInMs: 10_000 },
  {
    name: '477',
    status: 477,
    headers: { 'retry-after': '7200' },
    body: said('MIGRATION_IN_PROGRESS', 'account is being moved'),
    class: 'throttle',
    retryInMs: 7_200_000,
  },
  { name: '477 without a time', status: 477, class: 'throttle', retryInMs: 3_600_000 },
  { name: '500', status: 500, body: said('INTERNAL_ERROR', 'internal error'), class: 'retry' },
  { name: '502 in HTML', status: 502, body: '<html>502</html>', class: 'retry' },
  { name: '503', status: 503, body: said('SERVICE_UNAVAILABLE', 'unavailable'), class: 'retry' },
  { name: '504', status: 504, body: said('GATEWAY_TIMEOUT', 'timeout'), class: 'retry' },
  ...[521, 522, 523, 524].map((status): Row => ({ name: `${status}`, status, class: 'retry' })),
];

/** The table for one operation: the action that gets to it, by way of which answers. */
const answersOf = (operation: string, action: string, after: readonly Answer[]): AnswerFixture[] =>
  rows.map((row) => ({
    ...row,
    name: `${operation}: ${row.name}`,
    action,
    after,
    ...(row.status === 401 ? { connection: 'oauth' } : {}),
  }));

const upserted = (name: string, body: object, meaning: AnswerFixture['class']): AnswerFixture => ({
  name: `207 ${name}`,
  action: 'upsert_contact',
  status: 207,
  body: { status: 'COMPLETE', ...body },
  class: meaning,
});

const invalid = { status: 'error', category: 'VALIDATION_ERROR', message: 'Email address x is invalid' };

/** To a batch: any of its contacts may be the reason. */
const together: readonly Row[] = [
  { name: 'batch: 400', status: 400, body: invalid, class: 'split' },
  { name: 'batch: 409', ...exists, class: 'split' },
  { name: 'batch: 413', status: 413, class: 'split' },
  { name: 'batch: 207 that names nobody', status: 207, body: { results: [], numErrors: 1 }, class: 'permanent' },
  { name: 'batch: 429', status: 429, body: limit('SECONDLY'), class: 'throttle' },
];

export const answers: readonly AnswerFixture[] = [
  ...answersOf('upsert', 'upsert_contact', []),
  ...answersOf('update', 'upsert_contact', [exists]),
  ...answersOf('add to list', 'add_to_list', [created]),
  ...answersOf('create', 'create_deal', [created]),
  { name: 'upsert: 409 with an id', action: 'upsert_contact', ...exists, class: 'conflict' },
  { name: 'create: 409 with an id', action: 'create_deal', after: [created], ...exists, class: 'conflict' },
  { name: 'update: 409 again', action: 'upsert_contact', after: [exists], ...exists, class: 'permanent' },
  {
    name: 'add to list: 200 with the contact missing',
    action: 'add_to_list',
    after: [created],
    status: 200,
    body: { recordsIdsAdded: [], recordIdsRemoved: [], recordIdsMissing: ['999'] },
    class: 'retry',
  },
  {
    name: 'add to list: 200 with the contact there already',
    action: 'add_to_list',
    after: [created],
    status: 200,
    body: { recordsIdsAdded: [], recordIdsRemoved: [], recordIdsMissing: [] },
    class: 'delivered',
  },
  { name: 'upsert: 200', action: 'upsert_contact', ...created, class: 'delivered' },
  {
    name: 'create: 201',
    action: 'create_deal',
    after: [created],
    status: 201,
    body: { id: '601' },
    class: 'delivered',
  },
  upserted('with an error', { results: [], numErrors: 1, errors: [invalid] }, 'permanent'),
  upserted('with a passing error', { results: [], errors: [{ category: 'INTERNAL_ERROR' }] }, 'retry'),
  upserted('with nothing', { results: [] }, 'permanent'),
  ...together.map((row) => ({ ...row, action: 'upsert_contact', together: true as const })),
];
