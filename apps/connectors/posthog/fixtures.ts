// The PostHog connector's requests and answers, for the conformance suite. The contract has no /flags/, which "Test connection"
// asks: that is in connector.test.ts, as batches are.
import type { AnswerFixture, ConnectorFixtures } from '@sluice/connector-kit/fixtures.ts';

const url = 'https://us.i.posthog.com/i/v0/e/';
const api_key = 'phc_canary0123456789';
const uuid = '8ebca8d3-ceea-55df-adfb-2ef1cc11a4a8';
const timestamp = '2026-01-01T00:00:00.000Z';

/** To a batch: any of its events may be the reason. */
const together: readonly Omit<AnswerFixture, 'action'>[] = [
  { name: 'batch: 400', together: true, status: 400, body: { type: 'validation_error', detail: 'x' }, class: 'split' },
  { name: 'batch: 413', together: true, status: 413, body: 'x', class: 'split' },
];

const answers: readonly Omit<AnswerFixture, 'action'>[] = [
  { name: '200', status: 200, body: { status: 1 }, class: 'delivered' },
  {
    name: '200 quota_limited',
    status: 200,
    body: { status: 1, quota_limited: ['events'] },
    class: 'throttle',
    retryInMs: 3_600_000,
  },
  {
    name: '200, the quota of something else is full',
    status: 200,
    body: { status: 1, quota_limited: ['recordings'] },
    class: 'delivered',
  },
  {
    name: '400 validation_error',
    status: 400,
    body: { type: 'validation_error', code: 'invalid_payload', detail: 'x' },
    class: 'permanent',
  },
  {
    name: '401 authentication_error',
    status: 401,
    body: { type: 'authentication_error', code: 'invalid_api_key', detail: 'x' },
    class: 'auth_dead',
  },
  { name: '413', status: 413, body: 'x', class: 'permanent' },
  { name: '429', status: 429, body: 'x', class: 'throttle' },
  { name: '503', status: 503, body: 'x', class: 'retry' },
  { name: "502 with a proxy's page", status: 502, body: '<html>Bad gateway</html>', class: 'retry' },
];

const payload = { email: ' Ada@Example.com', first_name: 'Ada', last_name: 'Lovelace', phone: '+44', company: 'R&D' };

export const fixtures: ConnectorFixtures = {
  connections: { key: { metadata: { api_key } } },
  deliveries: {
    capture: [
      {
        name: 'a plain event',
        payload,
        requests: [
          {
            method: 'POST',
            url,
            json: {
              api_key,
              uuid,
              timestamp,
              distinct_id: 'ada@example.com',
              event: 'lead.created',
              properties: { $geoip_disable: true, ...payload },
            },
          },
        ],
      },
      {
        name: 'all members',
        payload: {},
        mapping: {
          schema_version: 2,
          map: {
            distinct_id: '7',
            event: 'Lead Created',
            properties: { $geoip_disable: false, $ip: '203.0.113.7', $set: { plan: 'pro' } },
          },
        },
        requests: [
          {
            method: 'POST',
            url,
            json: {
              api_key,
              uuid,
              timestamp,
              distinct_id: '7',
              event: 'Lead Created',
              properties: { $geoip_disable: false, $ip: '203.0.113.7', $set: { plan: 'pro' } },
            },
          },
        ],
      },
      {
        name: 'awkward: a way up, a header of its own, quotes, a key, a very long value',
        payload: { user_id: '../Ж?a=b#"c"\r\nX-A: b', api_key: 'another', note: 'x'.repeat(100_000) },
        requests: [
          {
            method: 'POST',
            url,
            json: {
              api_key,
              uuid,
              timestamp,
              distinct_id: '../Ж?a=b#"c"\r\nX-A: b',
              event: 'lead.created',
              properties: {
                $geoip_disable: true,
                user_id: '../Ж?a=b#"c"\r\nX-A: b',
                api_key: 'another',
                note: 'x'.repeat(100_000),
              },
            },
          },
        ],
      },
    ],
    identify: [
      {
        name: 'a plain event',
        payload: { ...payload, user_id: 12 },
        requests: [
          {
            method: 'POST',
            url,
            json: {
              api_key,
              uuid,
              timestamp,
              distinct_id: '12',
              event: '$identify',
              properties: { $geoip_disable: true, $set: { ...payload, email: 'ada@example.com' } },
            },
          },
        ],
      },
      {
        name: 'all members',
        payload: {},
        mapping: {
          schema_version: 2,
          map: { distinct_id: '12', $set: { plan: 'pro' }, $set_once: { source: 'web' }, $anon_distinct_id: 'a-1' },
        },
        requests: [
          {
            method: 'POST',
            url,
            json: {
              api_key,
              uuid,
              timestamp,
              distinct_id: '12',
              event: '$identify',
              properties: {
                $geoip_disable: true,
                $set: { plan: 'pro' },
                $set_once: { source: 'web' },
                $anon_distinct_id: 'a-1',
              },
            },
          },
        ],
      },
    ],
  },
  answers: ['capture', 'identify'].flatMap((action) =>
    [...answers, ...together].map((answer) => ({ ...answer, action })),
  ),
  refused: [
    {
      operation: 'an event without a key',
      method: 'POST',
      path: '/i/v0/e/',
      body: { event: 'lead.created', distinct_id: '7' },
    },
    { operation: 'a batch of nothing', method: 'POST', path: '/batch/', body: { api_key: 'phc_1', batch: [] } },
  ],
};
