// The webhook connector's requests and answers, for the conformance suite.
import type { Answer, ConnectorFixtures, RequestFixture } from '@sluice/connector-kit/fixtures.ts';

const url = 'https://receiver.example.com/hook';
const head = {
  id: '6ba7b810-9dad-41d1-80b4-00c04fd430c8',
  event: 'lead.created',
  workspace: '11111111-1111-4111-8111-111111111111',
};

const wrapped = (data: unknown, headers: Record<string, string> = {}): RequestFixture => ({
  method: 'POST',
  url,
  headers: { 'webhook-id': '8ebca8d3-ceea-55df-adfb-2ef1cc11a4a8', 'x-sluice-event': 'lead.created', ...headers },
  json: { type: 'lead.created', timestamp: '2026-01-01T00:00:00.000Z', ...head, data },
});

const again = (status: number, name: string, more: Partial<Answer> = {}) =>
  ({ name: `${status} ${name}`, action: 'send_webhook', class: 'retry', status, ...more }) as const;

export const fixtures: ConnectorFixtures = {
  connections: {
    signed: {
      metadata: { url, signing_secret: 'whsec_canarycanarycanarycanarycanary01', headers: { 'X-Team': 'canary-team' } },
    },
    raw: { metadata: { url, payload_mode: 'raw', signing: false, auth_scheme: 'bearer', auth_token: 'canary-token' } },
  },
  deliveries: {
    send_webhook: [
      {
        name: 'wrapped',
        payload: { email: 'ada@example.com' },
        requests: [wrapped({ email: 'ada@example.com' }, { 'x-team': 'canary-team' })],
      },
      {
        name: 'raw',
        connection: 'raw',
        outsideContract: 'Standard Webhooks knows no bare payload',
        payload: { email: 'ada@example.com' },
        requests: [
          {
            method: 'POST',
            url,
            headers: { authorization: 'Bearer canary-token' },
            json: { email: 'ada@example.com' },
          },
        ],
      },
      {
        name: 'awkward texts',
        payload: { 'a\r\nhost: evil': '../"\u0000😀' },
        requests: [wrapped({ 'a\r\nhost: evil': '../"\u0000😀' })],
      },
    ],
  },
  answers: [
    { name: '200', action: 'send_webhook', class: 'delivered', status: 200 },
    { name: '204', action: 'send_webhook', class: 'delivered', status: 204 },
    again(302, 'redirect, which is not followed', { headers: { location: 'https://elsewhere.example.com/' } }),
    again(400, 'bad request'),
    again(401, 'unauthorized'),
    again(403, 'forbidden'),
    again(404, 'not found, as in the middle of a deployment'),
    again(408, 'request timeout'),
    { name: '410 gone', action: 'send_webhook', class: 'gone', status: 410 },
    again(413, 'too large'),
    again(422, 'unprocessable'),
    {
      name: '429 with seconds',
      action: 'send_webhook',
      class: 'throttle',
      status: 429,
      headers: { 'retry-after': '30' },
      retryInMs: 30_000,
    },
    { name: '429 without a word', action: 'send_webhook', class: 'throttle', status: 429 },
    again(500, 'server error'),
    again(502, 'bad gateway'),
    {
      ...again(503, 'with a date', { headers: { 'retry-after': 'Thu, 01 Jan 2026 00:01:10 GMT' } }),
      retryInMs: 60_000,
    },
    again(504, 'gateway timeout'),
  ],
  refused: [
    {
      operation: 'delivery without an id',
      method: 'POST',
      path: '/hook',
      headers: { 'webhook-timestamp': '1767225610', 'webhook-signature': `v1,${'A'.repeat(44)}` },
      body: { type: 'a', timestamp: '2026-01-01T00:00:00Z', data: {} },
    },
  ],
};
