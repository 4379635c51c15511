// A member of an audience: what a mapping makes of one, its id, and how it is found or created in one request.
import { email, fromPayload, path, query, text, type HttpRequest } from '@sluice/connector-kit';
import { hash } from 'node:crypto';
import * as z from 'zod';
import type { MailchimpCall } from './metadata.ts';
import { mailchimpRequest } from './request.ts';

/** Members that are not named here go to Mailchimp as they are. */
export const member = z.looseObject({
  email_address: email(),
  merge_fields: z.record(z.string(), z.unknown()).optional(),
  interests: z.record(z.string(), z.boolean()).optional(),
  tags: z.array(z.string()).optional(),
  language: z.string().optional(),
});

export type Member = z.infer<typeof member>;

export const memberMapping = {
  email_address: { '@path': 'email' },
  merge_fields: fromPayload({ FNAME: 'first_name', LNAME: 'last_name', PHONE: 'phone' }),
};

export const audience = text(/^[A-Za-z0-9_-]+$/, "must be an audience's id", { min: 1, max: 50 }).meta({
  choices: 'lists',
  description: 'the audience',
});

export type MemberCall<F = object> = MailchimpCall<F & { id: string }, Member>;

/** Mailchimp's id of a member is MD5; it keeps nothing secret. */
const memberId = (address: string): string => hash('md5', address);

export const memberPath = ({ fields, input }: MemberCall): string =>
  path`/lists/${fields.id}/members/${memberId(input.email_address)}`;

/** Creates the member, or updates what `record` has. */
export const putMember = (call: MemberCall, record: object): HttpRequest =>
  mailchimpRequest(call, { method: 'PUT', path: `${memberPath(call)}${validation(call)}`, json: record });

export const validation = ({ metadata }: MailchimpCall): string =>
  query({ skip_merge_validation: metadata.skip_merge_validation || undefined });
