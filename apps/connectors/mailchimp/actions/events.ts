// The action that tells Mailchimp what a member did.
import { actionsOf, InputError, text, type Call, type HttpRequest } from '@sluice/connector-kit';
import * as z from 'zod';
import { audience, member, memberMapping, memberPath } from '../member.ts';
import type { MailchimpMetadata } from '../metadata.ts';
import { orCreate, statusIfNew } from '../or-create.ts';
import { mailchimpRequest } from '../request.ts';

const action = actionsOf<MailchimpMetadata>();

const nameLength = { min: 2, max: 30 };

const fields = z.strictObject({
  id: audience,
  name: text(/^[A-Za-z0-9_-]+$/, 'must be of letters, digits, - and _', nameLength)
    .optional()
    .meta({ description: "the event's name in Mailchimp; made of the event's type where it is missing" }),
  status_if_new: statusIfNew,
});

const input = member.extend({
  properties: z.record(z.string(), z.unknown()).optional().meta({ description: 'sent as texts; null is left out' }),
});

type EventCall = Call<MailchimpMetadata, z.infer<typeof fields>, z.infer<typeof input>>;

/** `lead.created` as Mailchimp allows it: `lead_created`. */
function nameOf({ fields: { name }, delivery }: EventCall): string {
  const made = name ?? delivery.event.replaceAll(/[^A-Za-z0-9_-]/g, '_').slice(0, nameLength.max);
  if (made.length < nameLength.min) throw new InputError('fields.name', "is needed: the event's type is too short");
  return made;
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const send = (call: EventCall): HttpRequest =>
  mailchimpRequest(call, {
    method: 'POST',
    path: `${memberPath(call)}/events`,
    json: {
      name: nameOf(call),
      properties: Object.fromEntries(
        Object.entries(call.input.properties ?? {})
          .filter(([, value]) => value !== null)
          .map(([key, value]) => [key, asText(value)]),
      ),
      occurred_at: new Date(call.delivery.created_at).toISOString().replace(/\.\d+Z$/, '+00:00'),
    },
  });

export const sendEvent = action({
  label: 'Send an event',
  noun: 'event',
  fields,
  input,
  defaultMapping: {
    schema_version: 2,
    map: { ...memberMapping, properties: { '@omit': { value: { '@path': '' }, keys: ['email'] } } },
  },
  idempotency: 'none',
  build: send,
  read: orCreate<EventCall>(send, ({ input: { properties: _properties, ...record } }) => record),
});
