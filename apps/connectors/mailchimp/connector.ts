// The Mailchimp connector: members of audiences, their tags and events.
import { defineConnector } from '@sluice/connector-kit';
import { sendEvent } from './actions/events.ts';
import { addToList, removeFromList, upsertMember } from './actions/members.ts';
import { addTag, removeTag } from './actions/tags.ts';
import { classify } from './classify.ts';
import { metadata } from './metadata.ts';
import { lists, ping } from './questions.ts';

export const mailchimp = defineConnector({
  slug: 'mailchimp',
  label: 'Mailchimp',
  apiVersion: '3.0',
  authentication: 'API key or OAuth',
  metadata,
  oauth: {
    schemes: { oauth: 'authorization_code' },
    authorize_url: 'https://login.mailchimp.com/oauth2/authorize',
    token_url: 'https://login.mailchimp.com/oauth2/token',
    // Mailchimp has none: a token may do what its user may.
    scopes: [],
    scope_separator: ' ',
    pkce: false,
    lifetime_s: null,
  },
  // Of the ten that a user has in all applications together.
  limits: { concurrency: 5 },
  classify,
  actions: {
    upsert_member: upsertMember,
    add_to_list: addToList,
    remove_from_list: removeFromList,
    add_tag: addTag,
    remove_tag: removeTag,
    send_event: sendEvent,
  },
  test: ping,
  choices: { lists },
});
