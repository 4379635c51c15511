// The action that writes contacts.
import { actionsOf, path } from '@sluice/connector-kit';
import { classify } from '../classify.ts';
import { contact, contactMapping, createContact, withExisting } from '../contact.ts';
import type { IntercomMetadata } from '../metadata.ts';
import { intercomRequest } from '../request.ts';

const action = actionsOf<IntercomMetadata>();

export const upsertContact = action({
  label: 'Create or update a contact',
  noun: 'contact',
  input: contact,
  defaultMapping: { schema_version: 2, map: contactMapping },
  idempotency: 'natural',
  build: (call) => createContact(call, call.input),
  read: (response, call, nowMs) =>
    withExisting(response, { by: call, nowMs }, (id) => ({
      then: intercomRequest(call, { method: 'PUT', path: path`/contacts/${id}`, json: call.input }),
      read: classify,
    })),
});
