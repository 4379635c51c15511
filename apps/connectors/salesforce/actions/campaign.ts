// The actions of campaigns: a person becomes a member, or is one no longer.
import {
  actionsOf,
  at,
  classified,
  delivered,
  jsonOf,
  path,
  text,
  textAt,
  type HttpResponse,
} from '@sluice/connector-kit';
import * as z from 'zod';
import { classify, hasFault } from '../classify.ts';
import type { SalesforceMetadata } from '../metadata.ts';
import { contactMapping, keyed, person, upsert, withId } from '../person.ts';
import { quoted, rest, soql } from '../request.ts';

const action = actionsOf<SalesforceMetadata>();

const member = {
  noun: 'campaign member',
  fields: z.strictObject({
    id: text(/^[A-Za-z0-9]{15}([A-Za-z0-9]{3})?$/, "must be a campaign's id of 15 or 18 characters", {
      min: 15,
      max: 18,
    }).meta({ choices: 'campaigns' }),
  }),
  input: person,
  defaultMapping: { schema_version: 2, map: contactMapping },
  idempotency: 'natural',
} as const;

export const addToCampaign = action({
  ...member,
  label: 'Add the person to a campaign',
  build: (call) => upsert(call, call.metadata.person, call.input),
  read: (response, call, nowMs) =>
    withId(response, nowMs, (id) => ({
      then: rest(call, {
        method: 'POST',
        path: '/sobjects/CampaignMember',
        json: { CampaignId: call.fields.id, [`${call.metadata.person}Id`]: id },
      }),
      // "Already a campaign member."
      read: (added, atMs) => (hasFault(added, 'DUPLICATE_VALUE') ? delivered : classify(added, atMs)),
    })),
});

/** A membership has no external id of ours, above all not one that a person made by hand: it has to be looked up. */
export const removeFromCampaign = action({
  ...member,
  label: 'Remove the person from a campaign',
  build: (call) => {
    const { metadata, fields, input } = call;
    const field = `${metadata.person}.${metadata.external_id_field}`;
    const isPerson = `${field} = ${quoted(keyed(metadata, input).key)}`;
    return soql(call, `SELECT Id FROM CampaignMember WHERE CampaignId = ${quoted(fields.id)} AND ${isPerson} LIMIT 1`);
  },
  read: (response, call, nowMs) => {
    const found = classify(response, nowMs);
    const id = textAt(jsonOf(response), 'records', 0, 'Id');
    if (found.class !== 'delivered' || isEmpty(response)) return found;
    return id === undefined
      ? classified('retry', 'Salesforce answered the query with something else')
      : {
          then: rest(call, { method: 'DELETE', path: path`/sobjects/CampaignMember/${id}` }),
          why: 'step',
          read: (removed, atMs) =>
            hasFault(removed, 'NOT_FOUND') || hasFault(removed, 'ENTITY_IS_DELETED')
              ? delivered
              : classify(removed, atMs),
        };
  },
});

const isEmpty = (response: HttpResponse): boolean => at(jsonOf(response), 'totalSize') === 0;
