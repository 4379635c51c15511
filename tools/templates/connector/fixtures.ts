// The Acme connector's requests and answers, for the conformance suite.
import type { ConnectorFixtures } from '@sluice/connector-kit/fixtures.ts';

const action = 'send_event';
const url = 'https://api.acme.example/v1/events';
const headers = { authorization: 'Bearer canary-key' };
const id = '8ebca8d3-ceea-55df-adfb-2ef1cc11a4a8';
const awkward = '../Ж?a=b#"c"\r\nX-A: b';

export const fixtures: ConnectorFixtures = {
  connections: { key: { metadata: { api_key: 'canary-key' } } },
  deliveries: {
    send_event: [
      {
        name: 'a plain event',
        payload: { email: ' Ada@Example.com', first_name: 'Ada' },
        requests: [
          {
            method: 'POST',
            url,
            headers,
            json: {
              id,
              email: 'ada@example.com',
              event: 'lead.created',
              properties: { email: ' Ada@Example.com', first_name: 'Ada' },
            },
          },
        ],
      },
      {
        name: 'awkward: a way up, a header of its own, quotes, a very long value',
        payload: { what: awkward, note: 'x'.repeat(20_000) },
        mapping: {
          schema_version: 2,
          map: { email: 'ada@example.com', event: { '@path': 'what' }, properties: { note: { '@path': 'note' } } },
        },
        requests: [
          {
            method: 'POST',
            url,
            headers,
            json: { id, email: 'ada@example.com', event: awkward, properties: { note: 'x'.repeat(20_000) } },
          },
        ],
      },
    ],
  },
  answers: [
    { action, name: '200', status: 200, body: { taken: true }, class: 'delivered' },
    { action, name: '400 email is missing', status: 400, body: { message: 'email is missing' }, class: 'permanent' },
    { action, name: '401 unknown key', status: 401, body: { message: 'unknown key' }, class: 'auth_dead' },
    {
      action,
      name: '429 with Retry-After',
      status: 429,
      headers: { 'retry-after': '2' },
      body: { message: 'too many requests' },
      class: 'throttle',
      retryInMs: 2_000,
    },
    { action, name: '500', status: 500, body: { message: 'try again' }, class: 'retry' },
  ],
  refused: [
    {
      operation: 'event of nobody',
      method: 'POST',
      path: '/v1/events',
      headers,
      body: { event: 'lead.created' },
    },
  ],
};
