// The action that writes a note about a contact.
import { actionsOf, path, text } from '@sluice/connector-kit';
import * as z from 'zod';
import { classify } from '../classify.ts';
import { contact, contactMapping, createContact, readContact } from '../contact.ts';
import type { IntercomMetadata } from '../metadata.ts';
import { intercomRequest } from '../request.ts';

const action = actionsOf<IntercomMetadata>();

export const createNote = action({
  label: 'Write a note about the contact',
  noun: 'note',
  fields: z.strictObject({
    admin_id: text(/^[A-Za-z0-9_-]+$/, "must be an admin's id", { min: 1, max: 50 })
      .optional()
      .meta({ choices: 'admins', description: 'whose note it is' }),
  }),
  input: z.strictObject({
    contact,
    note: z.string().min(1).meta({ description: 'Intercom takes simple HTML in it' }),
  }),
  defaultMapping: {
    schema_version: 2,
    map: {
      contact: contactMapping,
      note: { '@default': [{ '@path': 'note' }, { '@path': 'message' }, { '@event': 'type' }] },
    },
  },
  idempotency: 'none',
  build: (call) => createContact(call, call.input.contact),
  read: (response, call, nowMs) =>
    readContact(response, { by: call, nowMs }, ({ id, isNew }) => ({
      why: isNew ? 'step' : 'conflict',
      then: intercomRequest(call, {
        method: 'POST',
        path: path`/contacts/${id}/notes`,
        json: { body: call.input.note, admin_id: call.fields.admin_id },
      }),
      read: classify,
    })),
});
