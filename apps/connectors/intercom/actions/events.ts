// The action that tells Intercom what a contact did.
import { actionsOf, at, type HttpRequest } from '@sluice/connector-kit';
import * as z from 'zod';
import { classify } from '../classify.ts';
import { contact, contactMapping, contactMembers, createContact, readContact } from '../contact.ts';
import type { IntercomCall, IntercomMetadata } from '../metadata.ts';
import { intercomRequest } from '../request.ts';

const action = actionsOf<IntercomMetadata>();

const fields = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(120)
    .optional()
    .meta({ description: "the event's name in Intercom; the event's type where it is missing" }),
});
const input = z.strictObject({
  contact,
  metadata: z.record(z.string(), z.unknown()).optional().meta({ description: 'Intercom keeps the first ten' }),
});

type EventCall = IntercomCall<z.infer<typeof fields>, z.infer<typeof input>>;

const metadataMax = 10;

/** Objects that Intercom knows as one value: an amount of money, a link. */
const known = [
  ['amount', 'currency'],
  ['url', 'value'],
] as const;

function valueOf(value: unknown): unknown {
  if (typeof value !== 'object') return value;
  const isKnown = known.some((keys) => keys.every((key) => at(value, key) !== undefined));
  return isKnown ? value : JSON.stringify(value);
}

/** Nothing where nothing is left. */
function metadataOf(given: Record<string, unknown> = {}): { metadata?: Record<string, unknown> } {
  const kept = Object.entries(given)
    .filter(([, value]) => value !== null)
    .slice(0, metadataMax);
  return kept.length === 0 ? {} : { metadata: Object.fromEntries(kept.map(([key, value]) => [key, valueOf(value)])) };
}

/** Always with the time of the event itself: by it Intercom knows a repeat. */
const track = (call: EventCall, who: { id: string } | { user_id: string } | { email: string }): HttpRequest =>
  intercomRequest(call, {
    method: 'POST',
    path: '/events',
    json: {
      event_name: call.fields.name ?? call.delivery.event,
      created_at: Math.floor(call.delivery.created_at / 1_000),
      ...who,
      ...metadataOf(call.input.metadata),
    },
  });

export const trackEvent = action({
  label: 'Track an event',
  noun: 'event',
  fields,
  input,
  defaultMapping: {
    schema_version: 2,
    map: { contact: contactMapping, metadata: { '@omit': { value: { '@path': '' }, keys: contactMembers } } },
  },
  // Workspace, contact, name and time in seconds are one event.
  idempotency: 'key',
  build: (call) => {
    const { email, external_id } = call.input.contact;
    return track(call, external_id === undefined ? { email } : { user_id: external_id });
  },
  read: (response, call, nowMs) =>
    response.status === 404
      ? {
          why: 'conflict',
          then: createContact(call, call.input.contact),
          read: (created, atMs) =>
            readContact(created, { by: call, nowMs: atMs }, ({ id }) => ({
              why: 'conflict',
              then: track(call, { id }),
              read: classify,
            })),
        }
      : classify(response, nowMs),
});
