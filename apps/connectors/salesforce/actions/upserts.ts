// The actions that are one upsert of a lead or contact: its fields, and one property besides.
import { actionsOf, InputError } from '@sluice/connector-kit';
import * as z from 'zod';
import { apiName, type SalesforceMetadata } from '../metadata.ts';
import { contactMapping, leadMapping, person, upsert, type Person } from '../person.ts';
import { upsertBatch, type Upsert } from '../upsert-batch.ts';

const action = actionsOf<SalesforceMetadata>();

interface Described<F> extends Upsert<F> {
  label: string;
  noun: string;
  fields?: z.ZodType<F>;
  mapping: Record<string, unknown>;
}

const upsertAction = <F>({ mapping, object, record, ...described }: Described<F>) =>
  action<F, Person>({
    ...described,
    input: person,
    defaultMapping: { schema_version: 2, map: mapping },
    idempotency: 'natural',
    build: (call) => upsert(call, object(call.metadata), record(call)),
    batch: upsertBatch({ object, record }),
  });

export const upsertLead = upsertAction({
  label: 'Create or update the lead',
  noun: 'lead',
  mapping: leadMapping,
  object: () => 'Lead',
  record: ({ input }) => input,
});

export const upsertContact = upsertAction({
  label: 'Create or update the contact',
  noun: 'contact',
  mapping: contactMapping,
  object: () => 'Contact',
  record: ({ input }) => input,
});

export const updateProperty = upsertAction({
  label: 'Set a property of the person',
  noun: 'property',
  fields: z.strictObject({
    id: apiName.meta({ choices: 'properties', description: 'the field, by its API name' }),
    value: z.union([z.string(), z.number(), z.boolean(), z.null()]).meta({ description: 'null empties the field' }),
  }),
  mapping: contactMapping,
  object: ({ person: object }) => object,
  record: ({ input, fields: { id, value }, metadata }) => {
    if (id === metadata.external_id_field)
      throw new InputError('fields.id', 'is the external id, by which the person is found');
    return { ...input, [id]: value };
  },
});
