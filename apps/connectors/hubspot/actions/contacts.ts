// The actions that write contacts, a hundred in one request.
import { actionsOf, delivered, withFirst, type Batch } from '@sluice/connector-kit';
import * as z from 'zod';
import type { HubspotCall, HubspotMetadata } from '../metadata.ts';
import { contact, contactMapping, propertyName, propertyValue, type Contact } from '../record.ts';
import { readUpsert, readUpserts, upsertRequest, type Wanted } from '../upsert.ts';

const action = actionsOf<HubspotMetadata>();
const defaultMapping = { schema_version: 2, map: contactMapping };

/** What both actions have in common: only what they want of the contact differs. */
function writing<F>(contactOf: (call: HubspotCall<F, Contact>) => Contact) {
  const wantedOf = (call: HubspotCall<F, Contact>): Wanted => ({
    deliveryId: call.delivery.id,
    contact: contactOf(call),
  });
  const batch: Batch<HubspotMetadata, F, Contact> = {
    max: 100,
    // HubSpot names no limit; what it takes for too large (413) is split all the same.
    maxBytes: 1_000_000,
    build: withFirst((first, calls) => upsertRequest(first, calls.map(wantedOf))),
    read: (response, calls, nowMs) => readUpserts(response, calls.map(wantedOf), nowMs),
  };
  return {
    input: contact,
    defaultMapping,
    idempotency: 'natural' as const,
    build: (call: HubspotCall<F, Contact>) => upsertRequest(call, [wantedOf(call)]),
    read: (response: Parameters<typeof readUpsert>[0], call: HubspotCall<F, Contact>, nowMs: number) =>
      readUpsert(response, { call, contact: contactOf(call), nowMs }, () => delivered),
    batch,
  };
}

export const upsertContact = action({
  label: 'Create or update a contact',
  noun: 'contact',
  ...writing(({ input }) => input),
});

const property = z.strictObject({
  id: propertyName.meta({ choices: 'properties', description: 'internal name of the property' }),
  value: propertyValue,
});

export const updateProperty = action({
  label: "Set a contact's property",
  noun: 'property',
  fields: property,
  ...writing<z.infer<typeof property>>(({ input, fields }) => ({ ...input, [fields.id]: fields.value })),
});
