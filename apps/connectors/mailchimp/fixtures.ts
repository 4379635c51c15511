// The Mailchimp connector's requests and answers, for the conformance suite.
// The contract has no operation that lists audiences: connector.test.ts has that, and batch.test.ts has batches.
import type { Answer, ConnectorFixtures, RequestFixture } from '@sluice/connector-kit/fixtures.ts';
import { answers, memberExists, notFound, written } from './fixture-answers.ts';

const list = 'https://us1.api.mailchimp.com/3.0/lists/a36b032126';
const adaId = '3e3417d7ef77d5932a6734b916515ed5';
const ada = { email_address: 'ada@example.com' };
const fields = { id: 'a36b032126' };
const long = 'x'.repeat(10_000);

const put = (
  json: object,
  { id = adaId, more = '', answer }: { id?: string; more?: string; answer?: Answer } = {},
) => ({
  method: 'PUT' as const,
  url: `${list}/members/${id}${more}`,
  headers: { 'content-type': 'application/json', authorization: 'Basic c2x1aWNlOmNhbmFyeTAxMjMtdXMx' },
  json,
  ...(answer ? { answer } : {}),
});

const tags = (name: string, status: string, answer?: Answer): RequestFixture => ({
  method: 'POST',
  url: `${list}/members/${adaId}/tags`,
  json: { tags: [{ name, status }] },
  ...(answer ? { answer } : {}),
});

const event = (name: string, properties: object, answer?: Answer): RequestFixture => ({
  method: 'POST',
  url: `${list}/members/${adaId}/events`,
  json: { name, properties, occurred_at: '2026-01-01T00:00:00+00:00' },
  ...(answer ? { answer } : {}),
});

const awkward = '"O\'Hara"/../../x?#%2e@Exämple.com';
const awkwardId = '0e7f57246652d886247238891b1e7d72';

export const fixtures: ConnectorFixtures = {
  connections: {
    key: { metadata: { api_key: 'canary0123-us1' } },
    oauth: {
      metadata: { auth_scheme: 'oauth', client_id: 'app', client_secret: 'canary-secret', data_center: 'us1' },
      access: { token: 'canary-token', baseUrl: null },
    },
    lenient: { metadata: { api_key: 'canary0123-us1', skip_merge_validation: true } },
  },
  deliveries: {
    upsert_member: [
      {
        name: 'an email',
        fields,
        payload: { email: ' Ada@Example.com ' },
        requests: [put({ status_if_new: 'subscribed', ...ada })],
      },
      {
        name: 'all fields',
        fields: { ...fields, status_if_new: 'transactional' },
        payload: { email: 'ada@example.com', first_name: 'Ada', last_name: 'L', phone: '+44 1', company: 'Engines' },
        requests: [
          put({ status_if_new: 'transactional', ...ada, merge_fields: { FNAME: 'Ada', LNAME: 'L', PHONE: '+44 1' } }),
        ],
      },
      {
        name: 'awkward texts',
        fields,
        payload: { email: awkward, first_name: 'a\r\nx-a: "b"\u0000', last_name: long, phone: '../' },
        requests: [
          put(
            {
              status_if_new: 'subscribed',
              email_address: awkward.toLowerCase(),
              merge_fields: { FNAME: 'a\r\nx-a: "b"\u0000', LNAME: long, PHONE: '../' },
            },
            { id: awkwardId },
          ),
        ],
      },
      {
        name: "Mailchimp's other members, a status among them",
        fields,
        payload: { email: 'ada@example.com', groups: { '9f': true }, vip: true },
        mapping: {
          schema_version: 2,
          map: {
            email_address: { '@path': 'email' },
            interests: { '@path': 'groups' },
            tags: ['new'],
            language: 'en',
            vip: { '@path': 'vip' },
            status: 'unsubscribed',
          },
        },
        requests: [
          put({
            status_if_new: 'subscribed',
            ...ada,
            interests: { '9f': true },
            tags: ['new'],
            language: 'en',
            vip: true,
            status: 'unsubscribed',
          }),
        ],
      },
      {
        name: 'a token by OAuth',
        connection: 'oauth',
        fields,
        payload: { email: 'ada@example.com' },
        requests: [
          { ...put({ status_if_new: 'subscribed', ...ada }), headers: { authorization: 'Bearer canary-token' } },
        ],
      },
      {
        name: 'without required merge fields',
        connection: 'lenient',
        fields,
        payload: { email: 'ada@example.com' },
        requests: [put({ status_if_new: 'subscribed', ...ada }, { more: '?skip_merge_validation=true' })],
      },
    ],
    add_to_list: [
      {
        name: 'somebody new, or who is there',
        fields,
        payload: { email: 'ada@example.com' },
        requests: [put({ status_if_new: 'subscribed', ...ada })],
      },
      {
        name: 'somebody whom another address leads to',
        fields,
        payload: { email: 'ada@example.com', first_name: 'Ada' },
        outsideContract: 'it cannot read or patch a member',
        requests: [
          put({ status_if_new: 'subscribed', ...ada, merge_fields: { FNAME: 'Ada' } }, { answer: memberExists }),
          { method: 'GET', url: `${list}/members/${adaId}`, answer: written },
          {
            method: 'PATCH',
            url: `${list}/members/5eb0d793a5aa4f1b9fd29305d6afbf7c`,
            json: { merge_fields: { FNAME: 'Ada' } },
            answer: written,
          },
        ],
      },
      {
        name: 'also somebody who left, asking first',
        fields: { ...fields, status_if_new: 'pending', resubscribe: true },
        payload: { email: 'ada@example.com' },
        requests: [put({ status_if_new: 'pending', status: 'pending', ...ada })],
      },
    ],
    remove_from_list: [
      {
        name: 'unsubscribed',
        fields,
        payload: { email: 'ada@example.com', first_name: 'Ada' },
        requests: [
          put({ ...ada, merge_fields: { FNAME: 'Ada' }, status_if_new: 'unsubscribed', status: 'unsubscribed' }),
        ],
      },
      {
        name: 'archived',
        fields: { ...fields, how: 'archive' },
        payload: { email: 'ada@example.com' },
        outsideContract: 'it cannot delete a member',
        requests: [{ method: 'DELETE', url: `${list}/members/${adaId}`, answer: { status: 204 } }],
      },
    ],
    add_tag: [
      {
        name: 'a member who is there',
        fields: { ...fields, tag: 'vip' },
        payload: { email: 'ada@example.com' },
        requests: [tags('vip', 'active')],
      },
      {
        name: 'awkward texts, a member who is not there yet',
        fields: { ...fields, tag: '"a"\r\n../' },
        payload: { email: 'ada@example.com', first_name: 'Ada' },
        requests: [
          tags('"a"\r\n../', 'active', notFound),
          put({ status_if_new: 'transactional', ...ada, merge_fields: { FNAME: 'Ada' } }, { answer: written }),
          tags('"a"\r\n../', 'active'),
        ],
      },
    ],
    remove_tag: [
      {
        name: 'a tag',
        fields: { ...fields, tag: 'vip' },
        payload: { email: 'ada@example.com' },
        requests: [tags('vip', 'inactive')],
      },
    ],
    send_event: [
      {
        name: 'named after its type',
        fields,
        payload: { email: 'ada@example.com' },
        requests: [event('lead_created', {})],
      },
      {
        name: 'values that are no texts',
        fields: { ...fields, name: 'Signed-up' },
        payload: { email: 'ada@example.com', plan: 'a\r\n"b"', seats: 3, trial: false, fax: null, at: { city: 'Ü' } },
        requests: [event('Signed-up', { plan: 'a\r\n"b"', seats: '3', trial: 'false', at: '{"city":"Ü"}' })],
      },
      {
        name: 'a member who is not there yet',
        fields: { ...fields, name: 'left', status_if_new: 'unsubscribed' },
        payload: { email: 'ada@example.com', plan: 'pro' },
        requests: [
          event('left', { plan: 'pro' }, notFound),
          put({ status_if_new: 'unsubscribed', ...ada }, { answer: written }),
          event('left', { plan: 'pro' }),
        ],
      },
    ],
  },
  answers,
  refused: [
    {
      operation: 'a member without an address',
      method: 'PUT',
      path: `/lists/a36b032126/members/${adaId}`,
      body: { status_if_new: 'subscribed' },
    },
    {
      operation: 'a tag that is neither active nor inactive',
      method: 'POST',
      path: `/lists/a36b032126/members/${adaId}/tags`,
      body: { tags: [{ name: 'vip', status: 'on' }] },
    },
    {
      operation: 'an event whose name has a dot',
      method: 'POST',
      path: `/lists/a36b032126/members/${adaId}/events`,
      body: { name: 'lead.created' },
    },
    { operation: 'a batch of nobody', method: 'POST', path: '/lists/a36b032126', body: { members: [] } },
  ],
};
