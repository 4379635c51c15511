// The Salesforce connector: leads and contacts by external id, campaigns, tasks and any other record, over the REST API.
import { defineConnector } from '@sluice/connector-kit';
import { addToCampaign, removeFromCampaign } from './actions/campaign.ts';
import { createRecord, createTask } from './actions/creations.ts';
import { updateProperty, upsertContact, upsertLead } from './actions/upserts.ts';
import { classify } from './classify.ts';
import { metadata } from './metadata.ts';
import { choices, recordFields, test } from './questions.ts';

export const salesforce = defineConnector({
  slug: 'salesforce',
  label: 'Salesforce',
  apiVersion: 'v66.0',
  authentication: 'OAuth, JWT bearer or client credentials',
  metadata,
  oauth: {
    schemes: { oauth: 'authorization_code', jwt: 'jwt_bearer', client_credentials: 'client_credentials' },
    authorize_url: '{login_url}/services/oauth2/authorize',
    token_url: '{login_url}/services/oauth2/token',
    scopes: ['api', 'refresh_token'],
    scope_separator: ' ',
    pkce: true,
    // The length of a session is the organization's policy; an answer of 401 tells.
    lifetime_s: null,
    base_url: { member: 'instance_url', hosts: ['salesforce.com', 'force.com'] },
    assertion: { issuer: '{client_id}', subject: '{username}', audience: '{audience}' },
  },
  // Of a day's 100,000 requests, which other programs share; 25 long ones at a time.
  limits: { concurrency: 10, rate: { limit: 4_000, per: 'hour' } },
  classify,
  actions: {
    upsert_lead: upsertLead,
    upsert_contact: upsertContact,
    update_property: updateProperty,
    add_to_campaign: addToCampaign,
    remove_from_campaign: removeFromCampaign,
    create_record: createRecord,
    create_task: createTask,
  },
  test,
  choices,
  recordFields,
});
