// Contacts are found or created by their email, in one request for up to a hundred of them.
import {
  classified,
  classifyEach,
  delivered,
  jsonOf,
  listAt,
  path,
  textAt,
  type Classification,
  type Credentials,
  type HttpRequest,
  type HttpResponse,
  type Reading,
  type Step,
} from '@sluice/connector-kit';
import { classify, classifyError } from './classify.ts';
import type { HubspotCall, HubspotMetadata } from './metadata.ts';
import { propertiesOf, type Contact } from './record.ts';
import { hubspotRequest } from './request.ts';

/** A contact as one delivery wants it. */
export interface Wanted {
  deliveryId: string;
  contact: Contact;
}

interface Input {
  id: string;
  idProperty: 'email';
  objectWriteTraceId: string;
  properties: Record<string, string>;
}

export const upsertRequest = (by: Credentials<HubspotMetadata>, wanted: readonly Wanted[]): HttpRequest =>
  hubspotRequest(by, {
    method: 'POST',
    path: path`/crm/objects/${by.metadata.api_version}/contacts/batch/upsert`,
    json: { inputs: [...inputsByEmail(wanted).values()] },
  });

/** One input for each email, because HubSpot refuses a batch that names a contact twice. What comes later counts. */
function inputsByEmail(wanted: readonly Wanted[]): Map<string, Input> {
  const inputs = new Map<string, Input>();
  for (const { deliveryId, contact } of wanted) {
    const earlier = inputs.get(contact.email);
    inputs.set(contact.email, {
      id: contact.email,
      idProperty: 'email',
      objectWriteTraceId: earlier?.objectWriteTraceId ?? deliveryId,
      properties: { ...earlier?.properties, ...propertiesOf(contact) },
    });
  }
  return inputs;
}

export interface Asked {
  call: HubspotCall;
  contact: Contact;
  nowMs: number;
}

/** What the answer means for one contact alone; `next` is what follows once it is there. */
export function readUpsert(response: HttpResponse, asked: Asked, next: (contactId: string) => Reading): Reading {
  const { call, contact, nowMs } = asked;
  const written = { call, objectType: 'contacts', properties: propertiesOf(contact) } as const;
  const conflict = conflictStep(response, written, next);
  if (conflict) return conflict;
  const classification = classify(response, nowMs);
  if (classification.class !== 'delivered') return classification;
  const found = foundIn(jsonOf(response), { trace: call.delivery.id, email: contact.email, isAlone: true });
  return typeof found === 'string' ? next(found) : found;
}

/** Refusals that one contact may be the reason of, or the batch's size. */
const splittable = [400, 409, 413, 414];

/** The same for several: a batch that was refused as a whole is split, for the sake of those that are not the reason. */
export function readUpserts(response: HttpResponse, wanted: readonly Wanted[], nowMs: number): Classification[] {
  const whole = classify(response, nowMs);
  if (whole.class !== 'delivered') return classifyEach(wanted, whole, splittable.includes(response.status));
  const body = jsonOf(response);
  const inputs = inputsByEmail(wanted);
  return wanted.map(({ deliveryId, contact: { email } }) => {
    const trace = inputs.get(email)?.objectWriteTraceId ?? deliveryId;
    const found = foundIn(body, { trace, email, isAlone: wanted.length === 1 });
    return typeof found === 'string' ? delivered : found;
  });
}

interface Sought {
  trace: string;
  email: string;
  /** Whether it was the only input, so that whatever the answer says is about it. */
  isAlone: boolean;
}

/** The contact's id, or why there is none. Results and errors stand in any order. */
function foundIn(body: unknown, { trace, email, isAlone }: Sought): string | Classification {
  const results = listAt(body, 'results');
  const errors = listAt(body, 'errors');
  const result =
    results.find((each) => textAt(each, 'objectWriteTraceId') === trace) ??
    results.find((each) => textAt(each, 'properties', 'email')?.toLowerCase() === email) ??
    (isAlone ? results[0] : undefined);
  const id = textAt(result, 'id');
  if (id !== undefined) return id;
  const error =
    errors.find((each) => listAt(each, 'context', 'objectWriteTraceId').includes(trace)) ??
    (isAlone ? errors[0] : undefined);
  if (error !== undefined) return classifyError(error);
  if (results.length + errors.length === 0) return classified('permanent', 'HubSpot wrote nothing and said no reason');
  return classified('unknown', 'HubSpot did not say what became of this contact');
}

export interface Written {
  call: HubspotCall;
  objectType: 'contacts' | 'deals' | 'notes';
  properties: Record<string, string>;
}

/** Where HubSpot names the record that stands in the way, what was to be written is written to that one. */
export function conflictStep(
  response: HttpResponse,
  { call, objectType, properties }: Written,
  next: (id: string) => Reading,
): Step | undefined {
  if (response.status !== 409) return undefined;
  const id = /Existing ID: (\d+)/.exec(textAt(jsonOf(response), 'message') ?? '')?.[1];
  if (id === undefined) return undefined;
  return {
    why: 'conflict',
    then: hubspotRequest(call, {
      method: 'PATCH',
      path: path`/crm/objects/${call.metadata.api_version}/${objectType}/${id}`,
      json: { properties },
    }),
    read: (answer, nowMs) => {
      const classification = classify(answer, nowMs);
      return classification.class === 'delivered' ? next(id) : classification;
    },
  };
}
