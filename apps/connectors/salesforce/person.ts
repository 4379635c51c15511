// A lead or contact: what a mapping makes of one, and how it is found or created by the external id, in one request.
import {
  classified,
  email,
  fromPayload,
  InputError,
  jsonOf,
  path,
  textAt,
  type Call,
  type Credentials,
  type HttpRequest,
  type HttpResponse,
  type Reading,
  type Step,
} from '@sluice/connector-kit';
import * as z from 'zod';
import { classify } from './classify.ts';
import type { SalesforceMetadata } from './metadata.ts';
import { rest } from './request.ts';

/** Fields by their API names; one of them may be the external id, else the email is. */
export const person = z.looseObject({ Email: email(80) });
export type Person = z.infer<typeof person>;

export type PersonCall<F> = Call<SalesforceMetadata, F, Person>;

export const contactMapping = fromPayload({
  Email: 'email',
  FirstName: 'first_name',
  LastName: 'last_name',
  Title: 'title',
  Phone: 'phone',
});
export const leadMapping = { ...contactMapping, ...fromPayload({ Company: 'company', Website: 'website' }) };

/** The external id, and the fields without it. */
export function keyed({ external_id_field }: SalesforceMetadata, record: Person) {
  const { [external_id_field]: given, ...fields } = record;
  const key = given ?? record.Email;
  if ((typeof key !== 'string' && typeof key !== 'number') || !/^\S(.{0,253}\S)?$/s.test(String(key)))
    throw new InputError(external_id_field, 'must be a text of 1 to 255 characters without space around it');
  return { key: String(key), fields };
}

/** Finds the record by its external id and updates it, or creates it. */
export function upsert(
  credentials: Credentials<SalesforceMetadata>,
  object: SalesforceMetadata['person'],
  record: Person,
): HttpRequest {
  const { key, fields } = keyed(credentials.metadata, record);
  return rest(credentials, {
    method: 'PATCH',
    path: path`/sobjects/${object}/${credentials.metadata.external_id_field}/${key}`,
    json: fields,
  });
}

/** After an upsert: the next request, with the record's id. */
export function withId(response: HttpResponse, nowMs: number, next: (id: string) => Omit<Step, 'why'>): Reading {
  const reading = classify(response, nowMs);
  if (reading.class !== 'delivered') return reading;
  const id = textAt(jsonOf(response), 'id');
  return id === undefined ? classified('unknown', 'Salesforce did not name the record') : { ...next(id), why: 'step' };
}
