// The Intercom connector: contacts, their tags, events and notes.
import { defineConnector } from '@sluice/connector-kit';
import { upsertContact } from './actions/contacts.ts';
import { trackEvent } from './actions/events.ts';
import { createNote } from './actions/notes.ts';
import { addTag, removeTag } from './actions/tags.ts';
import { classify } from './classify.ts';
import { metadata } from './metadata.ts';
import { admins, contactFields, me, tags } from './questions.ts';
import { apiVersion } from './request.ts';

export const intercom = defineConnector({
  slug: 'intercom',
  label: 'Intercom',
  apiVersion,
  authentication: 'access token or OAuth',
  metadata,
  oauth: {
    schemes: { oauth: 'authorization_code' },
    authorize_url: 'https://app.intercom.com/oauth',
    token_url: 'https://api.intercom.io/auth/eagle/token',
    // They stand with the app, at Intercom.
    scopes: [],
    scope_separator: ' ',
    pkce: false,
    lifetime_s: null,
  },
  // Of an app's 10,000 in a minute, which Intercom counts in windows of ten seconds.
  limits: { concurrency: 20, rate: { limit: 160, per: 'second' } },
  classify,
  actions: {
    upsert_contact: upsertContact,
    add_tag: addTag,
    remove_tag: removeTag,
    track_event: trackEvent,
    create_note: createNote,
  },
  test: me,
  choices: { tags, admins },
  recordFields: contactFields,
});
