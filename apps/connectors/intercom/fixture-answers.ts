// Every documented answer of Intercom and what it means, for each operation; statuses and bodies as in the contract.
import type { Answer, AnswerFixture } from '@sluice/connector-kit/fixtures.ts';

const errors = (code: string, message: string) => ({
  type: 'error.list',
  request_id: '005jp6cqd2qjnj6hfelg',
  errors: [{ code, message }],
});

export const created: Answer = { status: 200, body: { type: 'contact', id: '6762f0dd1bb69f9f2193bb83', role: 'user' } };
export const exists: Answer = {
  status: 409,
  body: errors('conflict', 'A contact matching those details already exists with id=5da6f18e3d7cf967e4582d05'),
};
export const archived: Answer = {
  status: 409,
  body: errors(
    'conflict',
    'An archived contact matching those details already exists with id=600e1e3dd3d27deecdf95953',
  ),
};
export const notFound: Answer = { status: 404, body: errors('not_found', 'User Not Found') };

type Row = Pick<AnswerFixture, 'name' | 'status' | 'body' | 'class' | 'headers' | 'retryInMs'>;

const said = (status: number, [code, message = 'x']: [string, string?], meaning: Row['class']): Row => ({
  name: `${status} ${code}`,
  status,
  body: errors(code, message),
  class: meaning,
});
const html = (status: number, meaning: Row['class']): Row => ({
  name: `${status} without JSON`,
  status,
  body: '<html/>',
  class: meaning,
});

/** What every operation may answer. */
const rows: readonly Row[] = [
  said(400, ['parameter_invalid', 'Custom attribute is not valid'], 'permanent'),
  said(400, ['parameter_not_found'], 'permanent'),
  said(400, ['client_error', "Contact with user role can't be converted to a lead"], 'permanent'),
  said(400, ['bad_request'], 'permanent'),
  said(400, ['type_mismatch'], 'permanent'),
  said(401, ['unauthorized', 'Access Token Invalid'], 'auth_dead'),
  said(401, ['token_revoked'], 'auth_dead'),
  said(401, ['token_suspended'], 'auth_dead'),
  said(402, ['api_plan_restricted'], 'auth_dead'),
  said(403, ['api_plan_restricted', 'Active subscription needed.'], 'auth_dead'),
  said(403, ['forbidden'], 'auth_dead'),
  html(403, 'permanent'),
  said(406, ['not_acceptable'], 'permanent'),
  said(408, ['request_timeout'], 'retry'),
  said(410, ['gone'], 'retry'),
  said(415, ['unsupported_media_type'], 'permanent'),
  said(422, ['data_invalid'], 'permanent'),
  {
    ...said(429, ['rate_limit_exceeded', 'Exceeded rate limit'], 'throttle'),
    headers: { 'x-ratelimit-limit': '1667', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1893456000' },
  },
  said(429, ['too_many_requests'], 'throttle'),
  html(429, 'throttle'),
  said(500, ['server_error', 'Server Error'], 'retry'),
  html(502, 'retry'),
  said(503, ['service_unavailable'], 'retry'),
  said(504, ['server_timeout'], 'retry'),
];

const answersOf = (operation: string, action: string, after: readonly Answer[] = []): AnswerFixture[] =>
  rows.map((row) => ({ ...row, name: `${operation}: ${row.name}`, action, after }));

const one = (action: string, name: string, row: Omit<AnswerFixture, 'action' | 'name'>): AnswerFixture => ({
  action,
  name,
  ...row,
});

const byContact = ['upsert_contact', 'add_tag', 'remove_tag', 'create_note'].flatMap((action): AnswerFixture[] => [
  ...answersOf('create', action),
  one(action, '409 exists', { ...exists, class: 'conflict' }),
  one(action, '409 archived', { ...archived, class: 'permanent' }),
  one(action, '409 archived, where they are brought back', {
    ...archived,
    connection: 'unarchiving',
    class: 'conflict',
  }),
  one(action, '500 to an unarchiving', {
    ...said(500, ['server_error', 'Server Error'], 'permanent'),
    connection: 'unarchiving',
    after: [archived],
  }),
  one(action, '409 that names nobody', said(409, ['conflict', 'A contact matching those details exists'], 'permanent')),
  one(action, '404', { ...notFound, class: 'permanent' }),
]);

export const answers: readonly AnswerFixture[] = [
  ...byContact,
  one('upsert_contact', 'a contact is created', { ...created, class: 'delivered' }),
  ...answersOf('update', 'upsert_contact', [exists]),
  one('upsert_contact', '404 of the contact that was named', { ...notFound, after: [exists], class: 'permanent' }),
  ...answersOf('tag', 'add_tag', [created]),
  one('add_tag', '404 of the tag', { ...notFound, after: [created], class: 'permanent' }),
  ...answersOf('untag', 'remove_tag', [exists]),
  one('remove_tag', '404 of the tag', { ...notFound, after: [exists], class: 'delivered' }),
  ...answersOf('note', 'create_note', [created]),
  one('create_note', '404 of the contact', { ...notFound, after: [created], class: 'permanent' }),
  ...answersOf('event', 'track_event'),
  one('track_event', '202', { status: 202, class: 'delivered' }),
  one('track_event', '404, the contact is not there yet', { ...notFound, class: 'conflict' }),
  ...answersOf('create for an event', 'track_event', [notFound]),
  one('track_event', '409, the contact has come to be', { ...exists, after: [notFound], class: 'conflict' }),
  one('track_event', '404 once more', { ...notFound, after: [notFound, created], class: 'permanent' }),
];
