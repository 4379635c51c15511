// The HubSpot connector: contacts, their lists and properties, deals and notes.
import { defineConnector } from '@sluice/connector-kit';
import { updateProperty, upsertContact } from './actions/contacts.ts';
import { addToList, removeFromList } from './actions/lists.ts';
import { createDeal, createNote } from './actions/records.ts';
import { classify } from './classify.ts';
import { metadata } from './metadata.ts';
import { account, contactFields, dealStages, lists, pipelines, properties } from './questions.ts';

export const hubspot = defineConnector({
  slug: 'hubspot',
  label: 'HubSpot',
  apiVersion: '2026-09',
  authentication: 'access token or OAuth',
  metadata,
  oauth: {
    schemes: { oauth: 'authorization_code' },
    authorize_url: 'https://app.hubspot.com/oauth/authorize',
    token_url: '{base_url}/oauth/2026-03/token',
    scopes: [
      'oauth',
      'crm.objects.contacts.read',
      'crm.objects.contacts.write',
      'crm.objects.deals.read',
      'crm.objects.deals.write',
      'crm.lists.read',
      'crm.lists.write',
    ],
    scope_separator: ' ',
    pkce: false,
    lifetime_s: 1_800,
  },
  // What the smallest plan allows: 100 requests in 10 s.
  limits: { concurrency: 10, rate: { limit: 10, per: 'second' } },
  classify,
  actions: {
    upsert_contact: upsertContact,
    add_to_list: addToList,
    remove_from_list: removeFromList,
    update_property: updateProperty,
    create_deal: createDeal,
    create_note: createNote,
  },
  test: account,
  choices: { lists, properties, pipelines, deal_stages: dealStages },
  recordFields: contactFields,
});
