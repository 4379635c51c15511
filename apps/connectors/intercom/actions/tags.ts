// The actions that tag contacts: the contact first, because tags know contacts by their id.
import { actionsOf, delivered, path, text } from '@sluice/connector-kit';
import * as z from 'zod';
import { classify } from '../classify.ts';
import { contact, contactMapping, createContact, readContact, withExisting } from '../contact.ts';
import type { IntercomMetadata } from '../metadata.ts';
import { intercomRequest } from '../request.ts';

const action = actionsOf<IntercomMetadata>();

const shapes = {
  noun: 'tag',
  fields: z.strictObject({
    id: text(/^[A-Za-z0-9_-]+$/, "must be a tag's id", { min: 1, max: 50 }).meta({ choices: 'tags' }),
  }),
  input: contact,
  defaultMapping: { schema_version: 2, map: contactMapping },
  idempotency: 'natural',
} as const;

export const addTag = action({
  ...shapes,
  label: 'Add a tag to the contact',
  build: (call) => createContact(call, call.input),
  read: (response, call, nowMs) =>
    readContact(response, { by: call, nowMs }, ({ id, isNew }) => ({
      why: isNew ? 'step' : 'conflict',
      then: intercomRequest(call, {
        method: 'POST',
        path: path`/contacts/${id}/tags`,
        json: { id: call.fields.id },
      }),
      read: classify,
    })),
});

export const removeTag = action({
  ...shapes,
  label: 'Remove a tag from the contact',
  build: (call) => createContact(call, call.input),
  read: (response, call, nowMs) =>
    withExisting(response, { by: call, nowMs }, (id) => ({
      then: intercomRequest(call, { method: 'DELETE', path: path`/contacts/${id}/tags/${call.fields.id}` }),
      // The contact has just been named, so it is the tag that is not there.
      read: (removed, atMs) => (removed.status === 404 ? delivered : classify(removed, atMs)),
    })),
});
