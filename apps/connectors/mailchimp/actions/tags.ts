// The actions that tag members.
import { actionsOf, delivered, type HttpRequest } from '@sluice/connector-kit';
import * as z from 'zod';
import { classify } from '../classify.ts';
import { audience, member, memberMapping, memberPath, type MemberCall } from '../member.ts';
import type { MailchimpMetadata } from '../metadata.ts';
import { orCreate, statusIfNew } from '../or-create.ts';
import { mailchimpRequest } from '../request.ts';

const action = actionsOf<MailchimpMetadata>();

const tag = z.string().min(1).max(100).meta({ description: "the tag's name" });

const tagged = (call: MemberCall<{ tag: string }>, status: 'active' | 'inactive'): HttpRequest =>
  mailchimpRequest(call, {
    method: 'POST',
    path: `${memberPath(call)}/tags`,
    json: { tags: [{ name: call.fields.tag, status }] },
  });

const shapes = {
  noun: 'tag',
  input: member,
  defaultMapping: { schema_version: 2, map: memberMapping },
  idempotency: 'natural',
} as const;

const addition = z.strictObject({ id: audience, tag, status_if_new: statusIfNew });
type Addition = MemberCall<z.infer<typeof addition>>;
const add = (call: Addition) => tagged(call, 'active');

export const addTag = action({
  ...shapes,
  label: 'Add a tag',
  fields: addition,
  build: add,
  read: orCreate<Addition>(add, ({ input }) => input),
});

export const removeTag = action({
  ...shapes,
  label: 'Remove a tag',
  fields: z.strictObject({ id: audience, tag }),
  build: (call) => tagged(call, 'inactive'),
  // Who is not there has no tags.
  read: (response, _call, nowMs) => (response.status === 404 ? delivered : classify(response, nowMs)),
});
