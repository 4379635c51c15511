// Up to 200 upserts in one request (sObject Collections), and what became of each.
import { classifyEach, jsonOf, listAt, path, withFirst, type Batch, type Classification } from '@sluice/connector-kit';
import { classify, classifyResult } from './classify.ts';
import type { SalesforceMetadata } from './metadata.ts';
import { keyed, type Person, type PersonCall } from './person.ts';
import { rest } from './request.ts';

/** Statuses of a refusal that one record may have brought on all. */
const oneAtFault: readonly number[] = [300, 400, 413];

export interface Upsert<F> {
  object: (metadata: SalesforceMetadata) => SalesforceMetadata['person'];
  record: (call: PersonCall<F>) => Person;
}

export function upsertBatch<F>({ object, record }: Upsert<F>): Batch<SalesforceMetadata, F, Person> {
  /** Salesforce refuses two records of the same external id, so these are one: the later field counts, as if sent in turn. */
  function gathered(calls: readonly PersonCall<F>[]) {
    const records = new Map<string, Record<string, unknown>>();
    const keys = calls.map((call) => {
      const { key, fields } = keyed(call.metadata, record(call));
      records.set(key, { ...records.get(key), ...fields });
      return key;
    });
    return { records, keys };
  }

  return {
    max: 200,
    maxBytes: 1_000_000,
    build: withFirst((first, calls) => {
      const type = object(first.metadata);
      const field = first.metadata.external_id_field;
      return rest(first, {
        method: 'PATCH',
        path: path`/composite/sobjects/${type}/${field}`,
        json: {
          allOrNone: false,
          records: [...gathered(calls).records].map(([key, fields]) => ({
            ...fields,
            attributes: { type },
            [field]: key,
          })),
        },
      });
    }),
    read: (response, calls, nowMs) => {
      const whole = classify(response, nowMs);
      const isForOne = whole.class === 'permanent' && oneAtFault.includes(response.status);
      if (whole.class !== 'delivered') return classifyEach(calls, whole, isForOne);
      const { records, keys } = gathered(calls);
      const results = listAt(jsonOf(response));
      const read = [...records.keys()].map((key, place) => [key, classifyResult(results[place], nowMs)] as const);
      const sharedFault = read.find(([key, found]) => found.class === 'permanent' && isShared(key, keys, found));
      if (sharedFault) return classifyEach(calls, sharedFault[1], true);
      const byKey = new Map(read);
      return keys.flatMap((key) => byKey.get(key) ?? []);
    },
  };
}

/** Whether a record failed for more than one delivery, or for standing beside another: apart, only the one at fault fails. */
const isShared = (key: string, keys: readonly string[], { message }: Classification): boolean =>
  keys.indexOf(key) !== keys.lastIndexOf(key) || /duplicate external id/i.test(message);
