// Calls and answers for the tests of the Salesforce connector.
import type { Action, Call } from '@sluice/connector-kit';
import type { Delivery } from '@sluice/contracts';
import { salesforce } from './connector.ts';
import { metadata, type SalesforceMetadata } from './metadata.ts';

export const host = 'https://example.my.salesforce.com';
export const access = { token: 't', baseUrl: host };
export const settings = metadata.parse({
  auth_scheme: 'oauth',
  client_id: 'c',
  client_secret: 's',
  external_id_field: 'Sluice_Id__c',
});
export const action = (name: string): Action<SalesforceMetadata> => salesforce.actions[name]!;

/** A call as the host makes it: what its shapes say has been done. */
export function callOf(name: string, input: unknown, more: { fields?: unknown; metadata?: SalesforceMetadata } = {}) {
  const { input: shape, fields } = action(name);
  const call: Call<SalesforceMetadata> = {
    delivery: {} as Delivery,
    metadata: more.metadata ?? settings,
    access,
    fields: fields ? fields.parse(more.fields) : {},
    input: shape ? shape.parse(input) : undefined,
    nowMs: 0,
  };
  return call as Call<SalesforceMetadata, never, never>;
}
export const fault = (errorCode: string, message = '') => [{ errorCode, message }];
