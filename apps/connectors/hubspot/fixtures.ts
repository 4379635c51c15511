// The HubSpot connector's requests and answers, for the conformance suite.
// The contract has no operation for what `questions.ts` asks, and none for taking a contact off a list: connector.test.ts has those.
import type { Answer, ConnectorFixtures, RequestFixture } from '@sluice/connector-kit/fixtures.ts';
import { answers, created, exists, updated } from './fixture-answers.ts';

const deliveryId = '8ebca8d3-ceea-55df-adfb-2ef1cc11a4a8';
const crm = 'https://api.hubapi.com/crm';
const long = 'x'.repeat(10_000);

type Properties = Record<string, string>;

const upsert = (properties: Properties, answer?: Answer): RequestFixture => ({
  method: 'POST',
  url: `${crm}/objects/2026-09/contacts/batch/upsert`,
  headers: { 'content-type': 'application/json', authorization: 'Bearer pat-canary' },
  json: { inputs: [{ id: properties.email, idProperty: 'email', objectWriteTraceId: deliveryId, properties }] },
  answer,
});

const patch = (record: string, properties: Properties, answer?: Answer): RequestFixture => ({
  method: 'PATCH',
  url: `${crm}/objects/2026-09/${record}`,
  json: { properties },
  answer,
});

const create = (objectType: 'deals' | 'notes', properties: Properties, answer?: Answer): RequestFixture => ({
  method: 'POST',
  url: `${crm}/objects/2026-09/${objectType}`,
  json: {
    properties,
    associations: [
      {
        to: { id: '501' },
        types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: objectType === 'deals' ? 3 : 202 }],
      },
    ],
  },
  answer,
});

const add: RequestFixture = { method: 'PUT', url: `${crm}/lists/2026-09/42/memberships/add`, json: ['501'] };

const removed: Answer = { status: 200, body: { recordsIdsAdded: [], recordIdsRemoved: ['501'], recordIdsMissing: [] } };

const ada = { email: 'ada@example.com' };
const deal = {
  pipeline: 'default',
  dealstage: 'closedwon',
  dealname: '"Engine"\r\n../',
  amount: '12.5',
  closedate: '2026-12-01',
  sluice_delivery: deliveryId,
};

export const fixtures: ConnectorFixtures = {
  connections: {
    token: { metadata: { access_token: 'pat-canary' } },
    oauth: {
      metadata: { auth_scheme: 'oauth', client_id: 'app', client_secret: 'canary-secret' },
      access: { token: 'canary-token', baseUrl: null },
    },
  },
  deliveries: {
    upsert_contact: [
      {
        name: 'an email',
        payload: { email: ' Ada@Example.com ' },
        requests: [upsert(ada)],
      },
      {
        name: 'all fields',
        payload: { email: 'ada@example.com', first_name: 'Ada', last_name: 'L', company: 'Engines', phone: '+44 1' },
        requests: [
          upsert({ email: 'ada@example.com', firstname: 'Ada', lastname: 'L', company: 'Engines', phone: '+44 1' }),
        ],
      },
      {
        name: 'awkward texts',
        payload: { email: '"O\'Hara"/../../x?#%2e@Exämple.com', first_name: 'a\r\nx-a: "b"\u0000', last_name: long },
        requests: [
          upsert({
            email: '"o\'hara"/../../x?#%2e@exämple.com',
            firstname: 'a\r\nx-a: "b"\u0000',
            lastname: long,
          }),
        ],
      },
      {
        name: 'values that are no texts',
        payload: { email: 'ada@example.com', score: 8.5, vip: true, fax: null },
        mapping: {
          schema_version: 2,
          map: {
            email: { '@path': 'email' },
            score: { '@path': 'score' },
            vip: { '@path': 'vip' },
            fax: { '@path': 'fax' },
          },
        },
        requests: [upsert({ email: 'ada@example.com', score: '8.5', vip: 'true', fax: '' })],
      },
      {
        name: 'a token by OAuth',
        connection: 'oauth',
        payload: ada,
        requests: [{ ...upsert(ada), headers: { authorization: 'Bearer canary-token' } }],
      },
      {
        name: 'a contact that stands in the way',
        payload: ada,
        requests: [upsert(ada, exists), patch('contacts/501', ada, updated)],
      },
    ],
    add_to_list: [
      {
        name: 'a list',
        fields: { id: '42' },
        payload: ada,
        requests: [upsert(ada, created), add],
      },
      {
        name: 'a contact that stands in the way',
        fields: { id: '42' },
        payload: ada,
        requests: [upsert(ada, exists), patch('contacts/501', ada, updated), add],
      },
    ],
    remove_from_list: [
      {
        name: 'a list',
        fields: { id: '42' },
        payload: ada,
        outsideContract: 'it has no operation for taking somebody off a list',
        requests: [
          upsert(ada, created),
          { method: 'PUT', url: `${crm}/lists/2026-09/42/memberships/remove`, json: ['501'], answer: removed },
        ],
      },
    ],
    update_property: [
      {
        name: 'a text',
        fields: { id: 'lifecyclestage', value: 'customer' },
        payload: ada,
        requests: [upsert({ email: 'ada@example.com', lifecyclestage: 'customer' })],
      },
      {
        name: 'nothing, which clears it',
        fields: { id: 'phone', value: null },
        payload: { email: 'ada@example.com', phone: '+44 1' },
        requests: [upsert({ email: 'ada@example.com', phone: '' })],
      },
    ],
    create_deal: [
      {
        name: 'a name',
        payload: ada,
        requests: [upsert(ada, created), create('deals', { dealname: 'ada@example.com' })],
      },
      {
        name: 'all fields, made before',
        fields: { pipeline: 'default', dealstage: 'closedwon', delivery_id_property: 'sluice_delivery' },
        payload: { email: 'ada@example.com', deal_name: '"Engine"\r\n../', amount: 12.5, close_date: '2026-12-01' },
        requests: [upsert(ada, created), create('deals', deal, exists), patch('deals/501', deal, updated)],
      },
    ],
    create_note: [
      {
        name: 'the type of the event',
        payload: ada,
        requests: [
          upsert(ada, created),
          create('notes', { hs_timestamp: '2026-01-01T00:00:00.000Z', hs_note_body: 'lead.created' }),
        ],
      },
    ],
  },
  answers,
  refused: [
    {
      operation: 'upsert',
      method: 'POST',
      path: '/crm/objects/2026-09/contacts/batch/upsert',
      body: { inputs: [{ id: 'ada@example.com', properties: { score: 8 } }] },
    },
    {
      operation: 'update',
      method: 'PATCH',
      path: '/crm/objects/2026-09/contacts/501',
      body: { fields: {} },
    },
    {
      operation: 'create',
      method: 'POST',
      path: '/crm/objects/2026-09/deals',
      body: { properties: {}, associations: [{ to: {}, types: [] }] },
    },
    { operation: 'add to list', method: 'PUT', path: '/crm/lists/2026-09/42/memberships/add', body: [] },
  ],
};
