// The actions that say who is in an audience.
import {
  actionsOf,
  classified,
  delivered,
  jsonOf,
  path,
  textAt,
  type HttpResponse,
  type Reading,
} from '@sluice/connector-kit';
import * as z from 'zod';
import { alone, memberBatch } from '../batch.ts';
import { attemptOf, classify, isMemberExists } from '../classify.ts';
import { audience, member, memberMapping, memberPath, putMember, type Member, type MemberCall } from '../member.ts';
import type { MailchimpMetadata } from '../metadata.ts';
import { mailchimpRequest } from '../request.ts';

const action = actionsOf<MailchimpMetadata>();

const shapes = {
  noun: 'member',
  input: member,
  defaultMapping: { schema_version: 2, map: memberMapping },
  idempotency: 'natural',
} as const;

/** Writing a member, alone or with others; only what is written differs. */
function writing<F extends { id: string }>(recordOf: (call: MemberCall<F>) => Member) {
  return {
    build: (call: MemberCall<F>) => putMember(call, recordOf(call)),
    read: (response: HttpResponse, call: MemberCall<F>, nowMs: number): Reading =>
      isMemberExists(response) ? updateStep(call, recordOf(call)) : classify(response, nowMs, attemptOf(call.delivery)),
    batch: memberBatch<F>(recordOf),
  };
}

/** Asks who the member is that stands in the way, and updates that one; its address stays as it is. */
function updateStep(call: MemberCall, { email_address: _address, status_if_new: _status, ...record }: Member): Reading {
  const update = (id: string) =>
    mailchimpRequest(call, { method: 'PATCH', path: path`/lists/${call.fields.id}/members/${id}`, json: record });
  return {
    why: 'conflict',
    then: mailchimpRequest(call, { method: 'GET', path: memberPath(call) }),
    read: (response, nowMs) => {
      const reading = classify(response, nowMs);
      if (reading.class !== 'delivered') return reading;
      const id = textAt(jsonOf(response), 'id');
      return id === undefined
        ? classified('unknown', 'Mailchimp did not name the member')
        : { why: 'conflict', then: update(id), read: classify };
    },
  };
}

const upsert = z.strictObject({
  id: audience,
  status_if_new: z.enum(['subscribed', 'pending', 'transactional', 'unsubscribed']).default('subscribed').meta({
    description: 'what somebody becomes who is not there yet; pending: Mailchimp asks by mail first',
  }),
});

export const upsertMember = action({
  ...shapes,
  label: 'Create or update a member',
  fields: upsert,
  ...writing<z.infer<typeof upsert>>(({ fields, input }) => ({ status_if_new: fields.status_if_new, ...input })),
});

const addition = z.strictObject({
  id: audience,
  status_if_new: z.enum(['subscribed', 'pending']).default('subscribed').meta({
    description: 'pending: Mailchimp asks by mail first',
  }),
  resubscribe: z.boolean().default(false).meta({
    description: 'also those who are there and have left; only for people who have agreed anew',
  }),
});

export const addToList = action({
  ...shapes,
  label: 'Add to an audience',
  fields: addition,
  ...writing<z.infer<typeof addition>>(({ fields: { status_if_new, resubscribe }, input }) => ({
    status_if_new,
    ...(resubscribe ? { status: status_if_new } : {}),
    ...input,
  })),
});

const removal = z.strictObject({
  id: audience,
  how: z.enum(['unsubscribe', 'archive']).default('unsubscribe').meta({
    description: 'unsubscribe: Mailchimp remembers that the person left; archive: takes the member out of the audience',
  }),
});

const unsubscribed = { status_if_new: 'unsubscribed', status: 'unsubscribed' };
const unsubscribe = writing<z.infer<typeof removal>>(({ input }) => ({ ...input, ...unsubscribed }));

export const removeFromList = action({
  ...shapes,
  label: 'Remove from an audience',
  fields: removal,
  build: (call) =>
    call.fields.how === 'archive'
      ? mailchimpRequest(call, { method: 'DELETE', path: memberPath(call) })
      : unsubscribe.build(call),
  // Who is not there cannot be archived, and need not be.
  read: (response, call, nowMs) =>
    call.fields.how === 'archive' && response.status === 404 ? delivered : unsubscribe.read(response, call, nowMs),
  batch: {
    ...unsubscribe.batch,
    key: (call) => (call.fields.how === 'archive' ? alone(call) : call.fields.id),
  },
});
