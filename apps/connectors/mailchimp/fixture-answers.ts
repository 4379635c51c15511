// Every documented answer of Mailchimp and what it means, for each operation; statuses and bodies as in the contract.
import type { Answer, AnswerFixture } from '@sluice/connector-kit/fixtures.ts';

interface Problem {
  status: number;
  title: string;
  detail: string;
  errors?: object[];
}
const problem = (said: Problem) => ({
  type: 'https://mailchimp.com/developer/marketing/docs/errors/',
  ...said,
  instance: '9d741ebc-c22a-4e34-af47-5463c4f5cd25',
});

export const notFound: Answer = {
  status: 404,
  body: problem({ status: 404, title: 'Resource Not Found', detail: 'The requested resource could not be found.' }),
};
export const written: Answer = {
  status: 200,
  body: {
    id: '5eb0d793a5aa4f1b9fd29305d6afbf7c',
    email_address: 'a@b.co',
    status: 'subscribed',
    list_id: 'a36b032126',
  },
};

type Row = Pick<AnswerFixture, 'name' | 'status' | 'body' | 'class' | 'retryInMs'>;

const said = (problemOf: Problem, row: Pick<Row, 'class' | 'retryInMs'>): Row => ({
  name: `${problemOf.status} ${problemOf.title}: ${problemOf.detail}`,
  status: problemOf.status,
  body: problem(problemOf),
  ...row,
});
const refused = (title: string, detail: string, errors?: object[]): Row =>
  said({ status: 400, title, detail, ...(errors ? { errors } : {}) }, { class: 'permanent' });
const html = (status: number, meaning: Row['class'], more: Partial<Row> = {}): Row => ({
  name: `${status} without JSON`,
  status,
  body: '<html/>',
  class: meaning,
  ...more,
});

/** What every operation may answer. */
const rows: readonly Row[] = [
  refused('Invalid Resource', 'Your merge fields were invalid.', [{ field: 'LTV', message: 'Please enter a number' }]),
  refused('Invalid Resource', 'Please provide a valid email address.'),
  refused('Invalid Resource', 'a@example.com looks fake or invalid, please enter a real email address.'),
  said(
    {
      status: 400,
      title: 'Invalid Resource',
      detail: "a@b.co has signed up to a lot of lists very recently; we're not allowing more signups for now",
    },
    { class: 'retry', retryInMs: 6 * 3_600_000 },
  ),
  refused(
    'Member In Compliance State',
    'a@b.co is in a compliance state due to unsubscribe, bounce, or compliance review and cannot be subscribed.',
  ),
  refused(
    'Forgotten Email Not Subscribed',
    'a@b.co was permanently deleted and cannot be re-imported. The contact must re-subscribe to get back on the list.',
  ),
  refused('JSON Parse Error', 'We encountered an unspecified JSON parsing error.'),
  html(400, 'permanent'),
  said(
    {
      status: 401,
      title: 'API Key Invalid',
      detail: 'Your API key may be invalid, or you have attempted to access the wrong datacenter.',
    },
    { class: 'auth_dead' },
  ),
  said({ status: 403, title: 'Forbidden', detail: 'You do not have permission' }, { class: 'permanent' }),
  said({ status: 403, title: 'User Disabled', detail: 'This account has been deactivated.' }, { class: 'auth_dead' }),
  said(
    { status: 403, title: 'WrongDatacenter', detail: 'The API key provided is linked to a different datacenter.' },
    { class: 'auth_dead' },
  ),
  html(403, 'throttle', { retryInMs: 60_000 }),
  said(
    { status: 405, title: 'Method Not Allowed', detail: 'This list member cannot be removed.' },
    { class: 'permanent' },
  ),
  said(
    { status: 429, title: 'Too Many Requests', detail: 'You have exceeded the limit of 10 simultaneous connections.' },
    { class: 'throttle' },
  ),
  html(429, 'throttle'),
  said(
    { status: 500, title: 'Internal Server Error', detail: 'A deep, internal error has occurred.' },
    { class: 'retry' },
  ),
  html(502, 'retry'),
  said({ status: 503, title: 'Compliance Related', detail: 'This method has been disabled.' }, { class: 'retry' }),
  { name: '503 of the firewall', status: 503, body: 'Request Blocked', class: 'retry' },
  html(504, 'retry'),
];

const answersOf = (action: string): AnswerFixture[] =>
  rows.map((row) => ({ ...row, name: `${action}: ${row.name}`, action }));

/** Without `type`, as it has been recorded. */
export const memberExists: Answer = {
  status: 400,
  body: {
    title: 'Member Exists',
    status: 400,
    detail: 'a@b.co is already a list member. Use PUT to insert or update list members.',
    instance: 'i',
  },
};

const archiving = { action: 'remove_from_list', delivery: 'archived' };

/** To a batch: any of its members may be the reason. */
const together: readonly Omit<AnswerFixture, 'action'>[] = [
  { name: 'batch: 400', status: 400, body: { title: 'Invalid Resource', detail: 'x' }, class: 'split' },
  { name: 'batch: 413', status: 413, class: 'split' },
  { name: 'batch: 200 that is cut off', status: 200, body: '{"new_members": [', class: 'split' },
];

export const answers: readonly AnswerFixture[] = [
  ...['upsert_member', 'add_to_list', 'remove_from_list', 'add_tag', 'remove_tag', 'send_event'].flatMap(answersOf),
  ...['upsert_member', 'add_to_list', 'remove_from_list'].flatMap((action): AnswerFixture[] => [
    { name: `${action}: 200`, action, ...written, class: 'delivered' },
    { name: `${action}: 404 of the audience`, action, ...notFound, class: 'permanent' },
    { name: `${action}: 400 Member Exists`, action, ...memberExists, class: 'conflict' },
  ]),
  ...['add_tag', 'send_event'].flatMap((action): AnswerFixture[] => [
    { name: `${action}: 204`, action, status: 204, class: 'delivered' },
    { name: `${action}: 404, the member is not there yet`, action, ...notFound, class: 'conflict' },
    { name: `${action}: 404 of the audience`, action, after: [notFound], ...notFound, class: 'permanent' },
    { name: `${action}: 404 once more`, action, after: [notFound, written], ...notFound, class: 'permanent' },
  ]),
  { ...archiving, name: 'archiving: 204', status: 204, class: 'delivered' },
  { ...archiving, name: 'archiving: 404, the member is not there', ...notFound, class: 'delivered' },
  { name: 'remove_tag: 204', action: 'remove_tag', status: 204, class: 'delivered' },
  { name: 'remove_tag: 404, the member is not there', action: 'remove_tag', ...notFound, class: 'delivered' },
  ...together.map((row) => ({ ...row, action: 'upsert_member', together: true as const })),
];
