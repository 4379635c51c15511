// A contact: what a mapping makes of one, and how it is found or created, in one request where it is new.
import {
  classified,
  delivered,
  email,
  jsonOf,
  path,
  textAt,
  type Credentials,
  type HttpRequest,
  type HttpResponse,
  type Reading,
  type Step,
} from '@sluice/connector-kit';
import * as z from 'zod';
import { classify, saidIn } from './classify.ts';
import type { IntercomMetadata } from './metadata.ts';
import { intercomRequest } from './request.ts';

const seconds = z.int().min(0).meta({ description: 'seconds since 1970' });

export const contact = z.strictObject({
  email: email(),
  external_id: z.string().min(1).max(255).optional().meta({ description: "the person's id in your product" }),
  name: z.string().nullable().optional(),
  phone: z.string().nullable().optional(),
  signed_up_at: seconds.optional(),
  last_seen_at: seconds.optional(),
  unsubscribed_from_emails: z.boolean().optional(),
  custom_attributes: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
    .optional()
    .meta({ description: 'attributes that exist in Intercom, by their names' }),
});

export type Contact = z.infer<typeof contact>;

export const contactMapping = {
  email: { '@path': 'email' },
  external_id: { '@string': { '@path': 'user_id' } },
  name: {
    '@default': [
      { '@path': 'name' },
      { '@join': { value: [{ '@path': 'first_name' }, { '@path': 'last_name' }], separator: ' ' } },
    ],
  },
  phone: { '@path': 'phone' },
};

/** Members of a plain payload that the mapping has used. */
export const contactMembers = ['email', 'user_id', 'name', 'first_name', 'last_name', 'phone'];

/** Always as a user: Intercom keeps leads apart by nothing, so that each event would make another. */
export const createContact = (by: Credentials<IntercomMetadata>, record: Contact): HttpRequest =>
  intercomRequest(by, { method: 'POST', path: '/contacts', json: { role: 'user', ...record } });

/** The contact that there is now. */
export interface Found {
  id: string;
  isNew: boolean;
}

interface Asked {
  by: Credentials<IntercomMetadata>;
  nowMs: number;
}

/**
 * What the answer to `createContact` means, and what follows once the contact is there. A contact who was there before is named by
 * Intercom's refusal, which no search that lags behind can be wrong about.
 */
export function readContact(response: HttpResponse, { by, nowMs }: Asked, next: (found: Found) => Reading): Reading {
  const conflict = response.status === 409 ? saidIn(response) : '';
  const existing = /\bid=([\w-]+)/.exec(conflict)?.[1];
  if (existing !== undefined) {
    const found = { id: existing, isNew: false };
    const go = () => next(found);
    return /archived contact/i.test(conflict) ? unarchived(by, { id: existing, said: conflict }, go) : go();
  }
  const reading = classify(response, nowMs);
  if (reading.class !== 'delivered') return reading;
  const id = textAt(jsonOf(response), 'id');
  return id === undefined ? classified('unknown', 'Intercom did not name the contact') : next({ id, isNew: true });
}

/** Nothing more for a contact that was made just now; one more request for one that was there before. */
export const withExisting = (response: HttpResponse, asked: Asked, step: (id: string) => Omit<Step, 'why'>): Reading =>
  readContact(response, asked, ({ id, isNew }) => (isNew ? delivered : { why: 'conflict', ...step(id) }));

/** Who was archived comes back where the connection says so. */
function unarchived(
  by: Credentials<IntercomMetadata>,
  { id, said }: { id: string; said: string },
  next: () => Reading,
): Reading {
  if (!by.metadata.unarchive) return classified('permanent', said);
  return {
    why: 'conflict',
    then: intercomRequest(by, { method: 'POST', path: path`/contacts/${id}/unarchive` }),
    read: (response, nowMs) => {
      // What Intercom says of contacts that were deleted; to ask again would not help.
      if (response.status === 500) return classified('permanent', `${said}; Intercom cannot unarchive it`);
      const reading = classify(response, nowMs);
      return reading.class === 'delivered' ? next() : reading;
    },
  };
}
