// The Slack connector's requests and answers, for the conformance suite.
// The contract has no conversations.list: the live choices are in connector.test.ts.
import type { AnswerFixture, ConnectorFixtures } from '@sluice/connector-kit/fixtures.ts';

const url = 'https://slack.com/api/chat.postMessage';
const hookUrl = 'https://hooks.slack.com/services/T0001/B0001/canary0123456789';

/** How whoever reads the channel can tell a message that came twice. */
const metadata = {
  event_type: 'sluice_delivery',
  event_payload: {
    delivery_id: '8ebca8d3-ceea-55df-adfb-2ef1cc11a4a8',
    event_id: '6ba7b810-9dad-41d1-80b4-00c04fd430c8',
  },
};

const section = { type: 'section', text: { type: 'mrkdwn', text: '*New lead*' } };

const api = (error: string, meaning: AnswerFixture['class'], more: Partial<AnswerFixture> = {}): AnswerFixture => ({
  name: `200 ${error}`,
  action: 'send_message',
  status: 200,
  body: { ok: false, error },
  class: meaning,
  ...more,
});

const hook = (status: number, word: string, meaning: AnswerFixture['class']): AnswerFixture => ({
  name: `incoming webhook ${status} ${word}`,
  action: 'send_message',
  delivery: 'incoming webhook',
  connection: 'webhook',
  status,
  headers: { 'content-type': 'text/plain' },
  body: word,
  class: meaning,
});

const plain = (status: number, meaning: AnswerFixture['class'], body: unknown = 'error'): AnswerFixture => ({
  name: `${status} without a word of Slack's`,
  action: 'send_message',
  status,
  body,
  class: meaning,
});

export const fixtures: ConnectorFixtures = {
  connections: {
    token: { metadata: { auth_scheme: 'token', bot_token: 'xoxb-canary' } },
    oauth: {
      metadata: { auth_scheme: 'oauth', client_id: '1.2', client_secret: 'canary-client' },
      access: { token: 'xoxe.xoxb-canary', baseUrl: null },
    },
    webhook: { metadata: { auth_scheme: 'webhook', webhook_url: hookUrl } },
  },
  deliveries: {
    send_message: [
      {
        name: 'a template',
        fields: { id: 'C1H9RESGL', template: 'Hello {{first_name}} of {{company.name}}{{missing}}' },
        payload: { first_name: 'Ada', company: { name: 'R&D <Berlin>' } },
        requests: [
          {
            method: 'POST',
            url,
            headers: { authorization: 'Bearer xoxb-canary', 'content-type': 'application/json; charset=utf-8' },
            json: { channel: 'C1H9RESGL', text: 'Hello Ada of R&amp;D &lt;Berlin&gt;', metadata },
          },
        ],
      },
      {
        name: 'by OAuth, text and blocks of a mapping',
        connection: 'oauth',
        fields: { id: 'C1H9RESGL' },
        payload: { email: 'ada@example.com' },
        mapping: { schema_version: 2, map: { text: { '@path': 'email' }, blocks: [section] } },
        requests: [
          {
            method: 'POST',
            url,
            headers: { authorization: 'Bearer xoxe.xoxb-canary' },
            json: { channel: 'C1H9RESGL', text: 'ada@example.com', blocks: [section], metadata },
          },
        ],
      },
      {
        name: 'incoming webhook',
        connection: 'webhook',
        fields: { template: '{{tags}} <!here>' },
        payload: { tags: ['a', 'b'] },
        requests: [{ method: 'POST', url: hookUrl, json: { text: '["a","b"] <!here>' } }],
      },
      {
        name: 'awkward: a way up, a header of its own, mentions, members of the same name, a very long value',
        fields: { id: '../C1?a=b#c', template: '{{note}}\r\nX-A: b "{{long}}"\u0007' },
        payload: { note: '<!channel>\r\n../Ж "quoted"', long: 'x'.repeat(20_000), text: 5, blocks: 'none' },
        requests: [
          {
            method: 'POST',
            url,
            json: {
              channel: '../C1?a=b#c',
              text: `&lt;!channel&gt;\r\n../Ж "quoted"\r\nX-A: b "${'x'.repeat(20_000)}"\u0007`,
              metadata,
            },
          },
        ],
      },
    ],
  },
  answers: [
    {
      name: 'done',
      action: 'send_message',
      status: 200,
      body: { ok: true, ts: '1503435956.000247' },
      class: 'delivered',
    },
    ...[
      'channel_not_found',
      'not_in_channel',
      'is_archived',
      'no_text',
      'msg_blocks_too_long',
      'invalid_blocks',
      'invalid_blocks_format',
      'invalid_metadata_format',
      'metadata_too_large',
      'too_many_attachments',
      'restricted_action',
      'restricted_action_read_only_channel',
      'team_not_found',
      'cannot_reply_to_message',
      'invalid_arg_name',
      'invalid_post_type',
      'invalid_form_data',
      'a_word_of_tomorrow',
    ].map((error) => api(error, 'permanent')),
    api('missing_scope', 'auth_dead', {
      body: { ok: false, error: 'missing_scope', needed: 'chat:write', provided: 'channels:read' },
    }),
    ...[
      'not_allowed_token_type',
      'no_permission',
      'ekm_access_denied',
      'accesslimited',
      'access_denied',
      'invalid_auth',
      'not_authed',
      'account_inactive',
      'token_revoked',
      'org_login_required',
      'two_factor_setup_required',
    ].map((error) => api(error, 'auth_dead')),
    api('token_expired', 'auth_expired', {
      connection: 'oauth',
      delivery: 'by OAuth, text and blocks of a mapping',
    }),
    api('ratelimited', 'throttle', { retryInMs: 1_000 }),
    api('rate_limited', 'throttle', { retryInMs: 1_000 }),
    api('message_limit_exceeded', 'throttle', { retryInMs: 3_600_000 }),
    ...['request_timeout', 'service_unavailable', 'team_added_to_org'].map((error) => api(error, 'retry')),
    ...['internal_error', 'fatal_error'].map((error) => api(error, 'unknown')),
    api('ratelimited', 'throttle', {
      name: '429 ratelimited',
      status: 429,
      headers: { 'retry-after': '30' },
      retryInMs: 30_000,
    }),
    plain(500, 'retry'),
    plain(503, 'retry'),
    plain(200, 'unknown', '<html>Sign in to the network</html>'),
    plain(403, 'permanent', '<html>Forbidden</html>'),
    hook(200, 'ok', 'delivered'),
    ...[
      'invalid_payload',
      'user_not_found',
      'no_text',
      'invalid_blocks',
      'too_many_attachments',
      'missing_text_or_fallback_or_attachments',
    ].map((word) => hook(400, word, 'permanent')),
    hook(403, 'action_prohibited', 'permanent'),
    hook(403, 'posting_to_general_channel_denied', 'permanent'),
    hook(403, 'invalid_token', 'auth_dead'),
    hook(404, 'channel_not_found', 'permanent'),
    ...['no_service', 'no_team', 'no_active_hooks', 'no_service_id'].map((word) => hook(404, word, 'gone')),
    hook(410, 'channel_is_archived', 'permanent'),
    hook(410, 'team_disabled', 'gone'),
    { ...hook(429, 'rate_limited', 'throttle'), headers: { 'retry-after': '1' }, retryInMs: 1_000 },
    hook(500, 'rollup_error', 'retry'),
  ],
  refused: [
    {
      operation: 'chat.postMessage without a channel',
      method: 'POST',
      path: '/api/chat.postMessage',
      headers: { authorization: 'Bearer xoxb-1' },
      body: { text: 'hello' },
    },
    { operation: 'auth.test without a token', method: 'POST', path: '/api/auth.test' },
    {
      operation: 'incoming webhook with blocks that are no list',
      method: 'POST',
      path: '/services/T0001/B0001/s',
      body: { blocks: 'none' },
    },
  ],
};
