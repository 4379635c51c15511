// The actions that create a record of its own, a deal or a note, and connect it with the contact.
import { actionsOf, delivered, fromPayload, path, type HttpResponse, type Step } from '@sluice/connector-kit';
import * as z from 'zod';
import { classify } from '../classify.ts';
import type { HubspotCall, HubspotMetadata } from '../metadata.ts';
import { contact, contactMapping, propertiesOf, propertyName, propertyValue, type Contact } from '../record.ts';
import { hubspotRequest } from '../request.ts';
import { conflictStep, readUpsert, upsertRequest, type Written } from '../upsert.ts';

const action = actionsOf<HubspotMetadata>();

/** HubSpot's own numbers for "belongs to this contact". */
const associationTypeIds = { deals: 3, notes: 202 } as const;

interface RecordFields {
  delivery_id_property?: string | undefined;
}
type RecordCall<F extends RecordFields = RecordFields> = HubspotCall<F, { contact: Contact }>;

const deliveryIdProperty = propertyName.optional().meta({
  description:
    'a property with unique values, made in HubSpot for this: it gets the delivery id, so that a repeat is refused',
});

const buildContact = (call: RecordCall) =>
  upsertRequest(call, [{ deliveryId: call.delivery.id, contact: call.input.contact }]);

interface Made {
  objectType: keyof typeof associationTypeIds;
  properties: Record<string, string>;
}

function createStep(call: RecordCall, contactId: string, { objectType, properties }: Made): Step {
  const { delivery_id_property: key } = call.fields;
  const written: Written = {
    call,
    objectType,
    properties: { ...properties, ...(key === undefined ? {} : { [key]: call.delivery.id }) },
  };
  const types = [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: associationTypeIds[objectType] }];
  return {
    why: 'step',
    then: hubspotRequest(call, {
      method: 'POST',
      path: path`/crm/objects/${call.metadata.api_version}/${objectType}`,
      json: { properties: written.properties, associations: [{ to: { id: contactId }, types }] },
    }),
    read: (answer, nowMs) => {
      if (key !== undefined && isRepeat(answer, key)) return delivered;
      return conflictStep(answer, written, () => delivered) ?? classify(answer, nowMs);
    },
  };
}

/** Whether HubSpot refused the record because an earlier attempt made it. The code stands now in `errors`, now in the message. */
const isRepeat = ({ status, body }: HttpResponse, key: string): boolean =>
  status === 400 && body.includes('CONFLICTING_UNIQUE_VALUE') && body.includes(key);

const dealFields = z.strictObject({
  pipeline: z.string().min(1).max(100).optional().meta({ choices: 'pipelines' }),
  dealstage: z.string().min(1).max(100).optional().meta({ choices: 'deal_stages' }),
  delivery_id_property: deliveryIdProperty,
});

export const createDeal = action({
  label: 'Create a deal',
  noun: 'deal',
  fields: dealFields,
  input: z.strictObject({
    contact,
    deal: z.object({ dealname: z.string().min(1).max(65_536) }).catchall(propertyValue),
  }),
  defaultMapping: {
    schema_version: 2,
    map: {
      contact: contactMapping,
      deal: {
        dealname: { '@default': [{ '@path': 'deal_name' }, { '@path': 'company' }, { '@path': 'email' }] },
        ...fromPayload({ amount: 'amount', closedate: 'close_date' }),
      },
    },
  },
  idempotency: 'none',
  build: buildContact,
  read: (response, call, nowMs) =>
    readUpsert(response, { call, contact: call.input.contact, nowMs }, (contactId) => {
      const { pipeline, dealstage } = call.fields;
      const properties = propertiesOf({ pipeline, dealstage, ...call.input.deal });
      return createStep(call, contactId, { objectType: 'deals', properties });
    }),
});

export const createNote = action({
  label: 'Create a note',
  noun: 'note',
  fields: z.strictObject({ delivery_id_property: deliveryIdProperty }),
  input: z.strictObject({
    contact,
    note: z
      .object({
        hs_note_body: z.string().min(1).max(65_536),
        hs_timestamp: z
          .union([z.string().max(40), z.number()])
          .optional()
          .meta({ description: 'the event, if missing' }),
      })
      .catchall(propertyValue),
  }),
  defaultMapping: {
    schema_version: 2,
    map: {
      contact: contactMapping,
      note: { hs_note_body: { '@default': [{ '@path': 'note' }, { '@path': 'message' }, { '@event': 'type' }] } },
    },
  },
  idempotency: 'none',
  build: buildContact,
  read: (response, call, nowMs) =>
    readUpsert(response, { call, contact: call.input.contact, nowMs }, (contactId) => {
      const hs_timestamp = new Date(call.delivery.created_at).toISOString();
      const properties = propertiesOf({ hs_timestamp, ...call.input.note });
      return createStep(call, contactId, { objectType: 'notes', properties });
    }),
});
