// The requests that Salesforce gets of us. The contract has no GET and no DELETE, so the test, the choices, the record's fields and
// remove_from_campaign stand in questions.test.ts and connector.test.ts instead.
import type { ConnectorFixtures, RequestFixture } from '@sluice/connector-kit/fixtures.ts';
import { answers, recordId, updated } from './fixtures-answers.ts';

const access = { token: '00D!canary.token', baseUrl: 'https://example.my.salesforce.com' };
const api = `${access.baseUrl}/services/data/v66.0`;
const headers = { authorization: `Bearer ${access.token}`, 'content-type': 'application/json' };
const settings = { client_id: '3MVG9.consumer', external_id_field: 'Sluice_Id__c' };

const connections = {
  oauth: { metadata: { ...settings, auth_scheme: 'oauth', client_secret: 'canary-secret' }, access },
  leads: {
    metadata: {
      ...settings,
      auth_scheme: 'client_credentials',
      login_url: access.baseUrl,
      client_secret: 'canary-secret',
      person: 'Lead',
      allow_duplicates: true,
      api_version: 'v62.0',
    },
    access,
  },
  jwt: {
    metadata: {
      ...settings,
      auth_scheme: 'jwt',
      username: 'sluice@example.com',
      private_key: '-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----',
    },
    access,
  },
};

const patch = (resource: string, json: unknown): RequestFixture => ({
  method: 'PATCH',
  url: `${api}${resource}`,
  headers,
  json,
});
const post = (resource: string, json: unknown): RequestFixture => ({ ...patch(resource, json), method: 'POST' });

const ada = { email: ' Ada@Example.com ', first_name: 'Ada', last_name: 'Lovelace' };
const adaContact = { Email: 'ada@example.com', FirstName: 'Ada', LastName: 'Lovelace' };
const adaPath = '/sobjects/Contact/Sluice_Id__c/ada%40example.com';
const campaign = '7015g000000AbCdAAK';
const long = 'é'.repeat(5_000);

const deliveries: ConnectorFixtures['deliveries'] = {
  upsert_lead: [
    {
      name: 'plain',
      payload: ada,
      requests: [patch('/sobjects/Lead/Sluice_Id__c/ada%40example.com', adaContact)],
    },
    {
      name: 'all fields, duplicates allowed, an older version',
      connection: 'leads',
      payload: {
        ...ada,
        title: 'Countess',
        phone: '+44 1',
        company: 'Analytical Engines',
        website: 'https://a.example',
      },
      requests: [
        {
          method: 'PATCH',
          url: `${access.baseUrl}/services/data/v62.0/sobjects/Lead/Sluice_Id__c/ada%40example.com`,
          headers: { ...headers, 'sforce-duplicate-rule-header': 'allowSave=true' },
          json: {
            ...adaContact,
            Title: 'Countess',
            Phone: '+44 1',
            Company: 'Analytical Engines',
            Website: 'https://a.example',
          },
        },
      ],
    },
  ],
  upsert_contact: [
    { name: 'plain', payload: ada, requests: [patch(adaPath, adaContact)] },
    { name: 'by JWT', connection: 'jwt', payload: ada, requests: [patch(adaPath, adaContact)] },
    {
      name: 'awkward texts',
      payload: { email: `../"ö'?#%2e@example.com`, first_name: 'a\r\nX-Evil: 1', last_name: long },
      requests: [
        patch(`/sobjects/Contact/Sluice_Id__c/..%2F%22%C3%B6'%3F%23%252e%40example.com`, {
          Email: `../"ö'?#%2e@example.com`,
          FirstName: 'a\r\nX-Evil: 1',
          LastName: long,
        }),
      ],
    },
    {
      name: 'an external id of its own, with line ends, and an account by its external id',
      payload: { ...ada, id: 'u/1\r\n2' },
      mapping: {
        schema_version: 2,
        map: {
          Email: { '@path': 'email' },
          Sluice_Id__c: { '@path': 'id' },
          LastName: { '@path': 'last_name' },
          Account: { Number__c: 'A"7' },
        },
      },
      requests: [
        patch('/sobjects/Contact/Sluice_Id__c/u%2F1%0D%0A2', {
          Email: 'ada@example.com',
          LastName: 'Lovelace',
          Account: { Number__c: 'A"7' },
        }),
      ],
    },
  ],
  update_property: [
    {
      name: 'plain',
      fields: { id: 'Score__c', value: 81 },
      payload: ada,
      requests: [patch(adaPath, { ...adaContact, Score__c: 81 })],
    },
    {
      name: 'awkward texts',
      fields: { id: 'Note__c', value: '../"\r\nü' },
      payload: { email: 'a@b.co' },
      requests: [patch('/sobjects/Contact/Sluice_Id__c/a%40b.co', { Email: 'a@b.co', Note__c: '../"\r\nü' })],
    },
  ],
  add_to_campaign: [
    {
      name: 'plain',
      fields: { id: campaign },
      payload: ada,
      requests: [
        { ...patch(adaPath, adaContact), answer: updated },
        post('/sobjects/CampaignMember', { CampaignId: campaign, ContactId: recordId }),
      ],
    },
  ],
  remove_from_campaign: [
    {
      name: 'plain',
      fields: { id: campaign },
      payload: ada,
      outsideContract: 'it has no GET and no DELETE',
      requests: [
        {
          method: 'GET',
          url: `${api}/query?${new URLSearchParams({
            q: `SELECT Id FROM CampaignMember WHERE CampaignId = '${campaign}' AND Contact.Sluice_Id__c = 'ada@example.com' LIMIT 1`,
          }).toString()}`,
          headers: { authorization: headers.authorization },
          answer: { status: 200, body: { totalSize: 1, records: [{ Id: '00v5g00000AbCdAAK' }] } },
        },
        { method: 'DELETE', url: `${api}/sobjects/CampaignMember/00v5g00000AbCdAAK`, answer: { status: 204 } },
      ],
    },
  ],
  create_record: [
    {
      name: 'plain',
      fields: { object: 'Order_Event__c' },
      payload: { Name: '../"\r\nü', Amount__c: 1.5, Paid__c: true },
      mapping: { schema_version: 2, map: { '@path': '' } },
      requests: [post('/sobjects/Order_Event__c', { Name: '../"\r\nü', Amount__c: 1.5, Paid__c: true })],
    },
  ],
  create_task: [
    {
      name: 'plain',
      payload: ada,
      mapping: {
        schema_version: 2,
        map: {
          person: { Email: { '@path': 'email' }, LastName: { '@path': 'last_name' } },
          task: { Subject: 'Call "back"\r\n../', Status: 'Not Started' },
        },
      },
      requests: [
        { ...patch(adaPath, { Email: 'ada@example.com', LastName: 'Lovelace' }), answer: updated },
        post('/sobjects/Task', { Subject: 'Call "back"\r\n../', Status: 'Not Started', WhoId: recordId }),
      ],
    },
  ],
};

export const fixtures: ConnectorFixtures = {
  connections,
  deliveries,
  answers,
  refused: [
    {
      operation: 'upsert',
      method: 'PATCH',
      path: '/services/data/66/sobjects/Contact/Sluice_Id__c/a',
      headers,
      body: {},
    },
    { operation: 'create', method: 'POST', path: '/services/data/v66.0/sobjects/Task', headers, body: ['no object'] },
    {
      operation: 'collection upsert',
      method: 'PATCH',
      path: '/services/data/v66.0/composite/sobjects/Contact/Sluice_Id__c',
      headers,
      body: { records: [{ Sluice_Id__c: 'a' }] },
    },
  ],
};
