// The Segment connector's requests and answers, for the conformance suite. Batches are in connector.test.ts.
import type { AnswerFixture, ConnectorFixtures } from '@sluice/connector-kit/fixtures.ts';

const base = 'https://api.segment.io/v1';
/** The user is the write key, without a password. */
const headers = { authorization: `Basic ${Buffer.from('canary-key:').toString('base64')}` };
const messageId = '8ebca8d3-ceea-55df-adfb-2ef1cc11a4a8';
const timestamp = '2026-01-01T00:00:00.000Z';

/** To a batch: any of its messages may be the reason. */
const together: readonly Omit<AnswerFixture, 'action'>[] = [
  {
    name: 'batch: 400',
    together: true,
    status: 400,
    body: { success: false, message: 'malformed JSON' },
    class: 'split',
  },
  { name: 'batch: 413', together: true, status: 413, body: { success: false }, class: 'split' },
];

const answers: readonly Omit<AnswerFixture, 'action'>[] = [
  { name: '200', status: 200, body: { success: true }, class: 'delivered' },
  { name: '200 of a server that says no more', status: 200, body: 'OK', class: 'delivered' },
  { name: '200 without success', status: 200, body: { success: false, message: 'no' }, class: 'permanent' },
  {
    name: '400 malformed JSON',
    status: 400,
    body: { success: false, message: 'malformed JSON' },
    class: 'permanent',
  },
  {
    name: '400 payload too large',
    status: 400,
    body: { success: false, message: 'payload too large' },
    class: 'permanent',
  },
  {
    name: '401 invalid writeKey',
    status: 401,
    body: { success: false, message: 'invalid writeKey' },
    class: 'auth_dead',
  },
  { name: '413', status: 413, body: { success: false }, class: 'permanent' },
  {
    name: '429 with Retry-After',
    status: 429,
    headers: { 'retry-after': '2', 'x-ratelimit-reset': '9' },
    body: { success: false, message: 'rate limited' },
    class: 'throttle',
    retryInMs: 2_000,
  },
  {
    name: '429 with X-RateLimit-Reset alone',
    status: 429,
    headers: { 'x-ratelimit-reset': '2' },
    body: { success: false, message: 'rate limited' },
    class: 'throttle',
    retryInMs: 2_000,
  },
  { name: '500', status: 500, body: { success: false }, class: 'retry' },
  { name: '503', status: 503, body: { success: false }, class: 'retry' },
  { name: "502 with a proxy's page", status: 502, body: '<html>Bad gateway</html>', class: 'retry' },
];

const payload = { email: ' Ada@Example.com', first_name: 'Ada', last_name: 'Lovelace', phone: '+44', company: 'R&D' };

export const fixtures: ConnectorFixtures = {
  connections: { key: { metadata: { write_key: 'canary-key' } } },
  deliveries: {
    track: [
      {
        name: 'a plain event',
        payload,
        requests: [
          {
            method: 'POST',
            url: `${base}/track`,
            headers,
            json: { messageId, timestamp, userId: 'ada@example.com', event: 'lead.created', properties: payload },
          },
        ],
      },
      {
        name: 'all members',
        payload: { anonymous_id: 7 },
        mapping: {
          schema_version: 2,
          map: {
            userId: '7',
            anonymousId: { '@string': { '@path': 'anonymous_id' } },
            event: 'Lead Created',
            properties: { value: 1.5 },
            context: { ip: '203.0.113.7' },
            integrations: { All: false },
          },
        },
        requests: [
          {
            method: 'POST',
            url: `${base}/track`,
            json: {
              messageId,
              timestamp,
              userId: '7',
              anonymousId: '7',
              event: 'Lead Created',
              properties: { value: 1.5 },
              context: { ip: '203.0.113.7' },
              integrations: { All: false },
            },
          },
        ],
      },
      {
        name: 'awkward: a way up, a header of its own, quotes, a very long value',
        payload: { user_id: '../Ж?a=b#"c"\r\nX-A: b', note: 'x'.repeat(20_000) },
        requests: [
          {
            method: 'POST',
            url: `${base}/track`,
            headers,
            json: {
              messageId,
              timestamp,
              userId: '../Ж?a=b#"c"\r\nX-A: b',
              event: 'lead.created',
              properties: { user_id: '../Ж?a=b#"c"\r\nX-A: b', note: 'x'.repeat(20_000) },
            },
          },
        ],
      },
    ],
    identify: [
      {
        name: 'a plain event',
        payload: { ...payload, user_id: 12, title: 'Countess' },
        requests: [
          {
            method: 'POST',
            url: `${base}/identify`,
            headers,
            json: {
              messageId,
              timestamp,
              userId: '12',
              traits: {
                email: 'ada@example.com',
                firstName: 'Ada',
                lastName: 'Lovelace',
                phone: '+44',
                title: 'Countess',
                company: { name: 'R&D' },
              },
            },
          },
        ],
      },
      {
        name: 'somebody without a name',
        payload: { anonymousId: 'a-1' },
        requests: [{ method: 'POST', url: `${base}/identify`, json: { messageId, timestamp, anonymousId: 'a-1' } }],
      },
    ],
  },
  answers: ['track', 'identify'].flatMap((action) =>
    [...answers, ...together].map((answer) => ({ ...answer, action })),
  ),
  refused: [
    {
      operation: 'track of nobody',
      method: 'POST',
      path: '/v1/track',
      headers,
      body: { event: 'lead.created' },
    },
    { operation: 'identify of nobody', method: 'POST', path: '/v1/identify', headers, body: { traits: {} } },
    { operation: 'batch of nothing', method: 'POST', path: '/v1/batch', headers, body: { batch: [] } },
  ],
};
