// The Intercom connector's requests and answers, for the conformance suite.
// The contract has nothing of what `questions.ts` asks but /me: connector.test.ts has that.
import type { Answer, ConnectorFixtures, RequestFixture } from '@sluice/connector-kit/fixtures.ts';
import { answers, archived, created, exists, notFound } from './fixture-answers.ts';

const base = 'https://api.intercom.io';
const newId = '6762f0dd1bb69f9f2193bb83';
const knownId = '5da6f18e3d7cf967e4582d05';
const archivedId = '600e1e3dd3d27deecdf95953';
const eventAtSeconds = 1_767_225_600;
const long = 'x'.repeat(10_000);
const ada = { email: 'ada@example.com' };

const ofAll = { 'intercom-version': '2.16', authorization: 'Bearer canary-token' };

const sent = (method: RequestFixture['method'], path: string, more: { json?: object; answer?: Answer }) => ({
  method,
  url: `${base}${path}`,
  headers: ofAll,
  ...more,
});

const create = (contact: object, answer?: Answer): RequestFixture =>
  sent('POST', '/contacts', { json: { role: 'user', ...contact }, ...(answer ? { answer } : {}) });
const event = (json: object, answer?: Answer): RequestFixture =>
  sent('POST', '/events', {
    json: { event_name: 'lead.created', created_at: eventAtSeconds, ...json },
    ...(answer ? { answer } : {}),
  });
const tagged: Answer = { status: 200, body: { type: 'tag', id: '81', name: 'vip' } };
const unarchived = sent('POST', `/contacts/${archivedId}/unarchive`, {
  answer: { status: 200, body: { id: archivedId, object: 'contact', archived: false } },
});

const email = { '@path': 'email' };

export const fixtures: ConnectorFixtures = {
  connections: {
    token: { metadata: { access_token: 'canary-token' } },
    oauth: {
      metadata: { auth_scheme: 'oauth', client_id: 'app', client_secret: 'canary-secret', region: 'eu' },
      access: { token: 'canary-oauth', baseUrl: null },
    },
    unarchiving: { metadata: { access_token: 'canary-token', unarchive: true } },
  },
  deliveries: {
    upsert_contact: [
      { name: 'an email', payload: { email: ' Ada@Example.com ' }, requests: [create(ada)] },
      {
        name: 'all fields of a plain event',
        payload: {
          email: 'ada@example.com',
          user_id: 7,
          first_name: 'Ada',
          last_name: 'L',
          phone: '+441',
          company: 'E',
        },
        requests: [create({ ...ada, external_id: '7', name: 'Ada L', phone: '+441' })],
      },
      {
        name: "Intercom's other members",
        payload: { email: 'ada@example.com', plan: 'pro', seats: 3, trial: false, at: '2026-01-01T00:00:00Z' },
        mapping: {
          schema_version: 2,
          map: {
            email,
            name: null,
            signed_up_at: { '@date': { value: { '@path': 'at' }, to: 'epoch_s' } },
            last_seen_at: 1,
            unsubscribed_from_emails: true,
            custom_attributes: { plan: { '@path': 'plan' }, seats: { '@path': 'seats' }, trial: { '@path': 'trial' } },
          },
        },
        requests: [
          create({
            ...ada,
            name: null,
            signed_up_at: eventAtSeconds,
            last_seen_at: 1,
            unsubscribed_from_emails: true,
            custom_attributes: { plan: 'pro', seats: 3, trial: false },
          }),
        ],
      },
      {
        name: 'awkward texts',
        payload: { email: '"O\'Hara"/../../x?#%2e@Exämple.com', name: 'a\r\nx-a: "b"\u0000', phone: `../${long}` },
        requests: [
          create({ email: '"o\'hara"/../../x?#%2e@exämple.com', name: 'a\r\nx-a: "b"\u0000', phone: `../${long}` }),
        ],
      },
      {
        name: 'a token by OAuth, in Europe',
        connection: 'oauth',
        payload: ada,
        requests: [
          {
            ...create(ada),
            url: 'https://api.eu.intercom.io/contacts',
            headers: { authorization: 'Bearer canary-oauth' },
          },
        ],
      },
      {
        name: 'a contact who is there',
        payload: { email: 'ada@example.com', name: 'Ada' },
        requests: [
          create({ ...ada, name: 'Ada' }, exists),
          sent('PUT', `/contacts/${knownId}`, { json: { ...ada, name: 'Ada' } }),
        ],
      },
      {
        name: 'a contact who was archived',
        connection: 'unarchiving',
        payload: ada,
        outsideContract: 'it cannot unarchive',
        requests: [create(ada, archived), unarchived, sent('PUT', `/contacts/${archivedId}`, { json: ada })],
      },
    ],
    add_tag: [
      {
        name: 'a new contact',
        fields: { id: '81' },
        payload: ada,
        requests: [
          create(ada, created),
          sent('POST', `/contacts/${newId}/tags`, { json: { id: '81' }, answer: tagged }),
        ],
      },
      {
        name: 'a contact who is there',
        fields: { id: '81' },
        payload: ada,
        requests: [
          create(ada, exists),
          sent('POST', `/contacts/${knownId}/tags`, { json: { id: '81' }, answer: tagged }),
        ],
      },
    ],
    remove_tag: [
      { name: 'a new contact, who has none', fields: { id: '81' }, payload: ada, requests: [create(ada, created)] },
      {
        name: 'a contact who is there',
        fields: { id: '81' },
        payload: ada,
        outsideContract: 'it cannot take a tag off',
        requests: [create(ada, exists), sent('DELETE', `/contacts/${knownId}/tags/81`, { answer: tagged })],
      },
    ],
    track_event: [
      { name: 'by email', payload: ada, requests: [event({ ...ada })] },
      {
        name: 'by external id, with what Intercom takes as values',
        fields: { name: 'Signed "up"\r\n' },
        payload: {
          email: 'ada@example.com',
          user_id: 'u/1',
          plan: 'a\r\n"b"',
          seats: 3,
          trial: false,
          fax: null,
          price: { amount: 100, currency: 'eur' },
          page: { url: 'https://example.com/../', value: 'Page' },
          address: { city: 'Ü' },
          tags: ['a'],
        },
        requests: [
          event({
            event_name: 'Signed "up"\r\n',
            user_id: 'u/1',
            metadata: {
              plan: 'a\r\n"b"',
              seats: 3,
              trial: false,
              price: { amount: 100, currency: 'eur' },
              page: { url: 'https://example.com/../', value: 'Page' },
              address: '{"city":"Ü"}',
              tags: '["a"]',
            },
          }),
        ],
      },
      {
        name: 'more than Intercom keeps',
        payload: { ...ada, ...Object.fromEntries([...'abcdefghijkl'].map((key) => [key, key])) },
        requests: [event({ ...ada, metadata: Object.fromEntries([...'abcdefghij'].map((key) => [key, key])) })],
      },
      {
        name: 'a contact who is not there yet',
        payload: { email: 'ada@example.com', name: 'Ada' },
        requests: [event({ ...ada }, notFound), create({ ...ada, name: 'Ada' }, created), event({ id: newId })],
      },
      {
        name: 'a contact who has come to be meanwhile',
        payload: ada,
        requests: [event({ ...ada }, notFound), create(ada, exists), event({ id: knownId })],
      },
    ],
    create_note: [
      {
        name: 'the type of the event',
        payload: ada,
        outsideContract: 'it has no notes',
        requests: [
          create(ada, created),
          sent('POST', `/contacts/${newId}/notes`, { json: { body: 'lead.created' }, answer: { status: 200 } }),
        ],
      },
      {
        name: "an admin's, awkward, about a contact who is there",
        fields: { admin_id: '123' },
        payload: { email: 'ada@example.com', message: '<b>"a"</b>\r\n../' },
        outsideContract: 'it has no notes',
        requests: [
          create(ada, exists),
          sent('POST', `/contacts/${knownId}/notes`, {
            json: { body: '<b>"a"</b>\r\n../', admin_id: '123' },
            answer: { status: 200 },
          }),
        ],
      },
    ],
  },
  answers,
  refused: [
    {
      operation: 'a contact with a member that there is not',
      method: 'POST',
      path: '/contacts',
      headers: ofAll,
      body: { ...ada, role: 'admin' },
    },
    {
      operation: 'an update with a member that there is not',
      method: 'PUT',
      path: `/contacts/${knownId}`,
      headers: ofAll,
      body: { ...ada, first_name: 'Ada' },
    },
    {
      operation: 'a tag without an id',
      method: 'POST',
      path: `/contacts/${knownId}/tags`,
      headers: ofAll,
      body: { name: 'vip' },
    },
    {
      operation: 'an event about nobody',
      method: 'POST',
      path: '/events',
      headers: ofAll,
      body: { event_name: 'a', created_at: 1 },
    },
    { operation: 'a question without a version', method: 'GET', path: '/me', headers: { authorization: 'Bearer t' } },
  ],
};
