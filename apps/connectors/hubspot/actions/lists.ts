// The actions that change who is on a list: the contact first, because lists know contacts by their id.
import { actionsOf, classified, jsonOf, listAt, path, text, type Step } from '@sluice/connector-kit';
import * as z from 'zod';
import { classify } from '../classify.ts';
import type { HubspotCall, HubspotMetadata } from '../metadata.ts';
import { contact, contactMapping } from '../record.ts';
import { hubspotRequest } from '../request.ts';
import { readUpsert, upsertRequest } from '../upsert.ts';

type Change = 'add' | 'remove';

const action = actionsOf<HubspotMetadata>();

const list = z.strictObject({
  id: text(/^\d+$/, "must be a list's id, a number", { min: 1, max: 20 }).meta({
    choices: 'lists',
    description: 'a static list of contacts; HubSpot itself decides who is on an active one',
  }),
});

function membership(label: string, change: Change) {
  return action({
    label,
    noun: 'list membership',
    fields: list,
    input: contact,
    defaultMapping: { schema_version: 2, map: contactMapping },
    idempotency: 'natural',
    build: (call) => upsertRequest(call, [{ deliveryId: call.delivery.id, contact: call.input }]),
    read: (response, call, nowMs) =>
      readUpsert(response, { call, contact: call.input, nowMs }, (contactId) =>
        membershipStep(call, call.fields.id, { contactId, change }),
      ),
  });
}

function membershipStep(
  call: HubspotCall,
  listId: string,
  { contactId, change }: { contactId: string; change: Change },
): Step {
  const { api_version } = call.metadata;
  return {
    why: 'step',
    then: hubspotRequest(call, {
      method: 'PUT',
      path: path`/crm/lists/${api_version}/${listId}/memberships/${change}`,
      json: [contactId],
    }),
    read: (answer, nowMs) => {
      const classification = classify(answer, nowMs);
      const isMissing = listAt(jsonOf(answer), 'recordIdsMissing').length > 0;
      // It was there a moment ago: merged or deleted since, or not known everywhere yet. The next attempt finds or creates it.
      if (classification.class === 'delivered' && isMissing && change === 'add')
        return classified('retry', 'HubSpot did not find the contact that was to be put on the list');
      return classification;
    },
  };
}

export const addToList = membership('Add a contact to a list', 'add');
export const removeFromList = membership('Remove a contact from a list', 'remove');
