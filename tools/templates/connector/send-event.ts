// The action send_event: one event of one person.
import { actionsOf, email, jsonRequest } from '@sluice/connector-kit';
import * as z from 'zod';
import type { AcmeMetadata } from './metadata.ts';

const input = z.strictObject({
  email: email(),
  event: z.string().min(1).max(200).meta({ description: 'what happened' }),
  properties: z.record(z.string(), z.unknown()).optional(),
});

export const sendEvent = actionsOf<AcmeMetadata>()({
  label: 'Send an event',
  noun: 'event',
  input,
  defaultMapping: {
    schema_version: 2,
    map: { email: { '@path': 'email' }, event: { '@event': 'type' }, properties: { '@path': '' } },
  },
  // `key` only where Acme is known to tell a repeat by the id.
  idempotency: 'none',
  build: ({ metadata, delivery, input: made }) =>
    jsonRequest({
      method: 'POST',
      url: `${metadata.base_url}/v1/events`,
      authorization: `Bearer ${metadata.api_key}`,
      json: { id: delivery.id, ...made },
    }),
});
