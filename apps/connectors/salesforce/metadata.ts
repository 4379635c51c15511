// What a Salesforce connection is configured with. Control checks it by the JSON Schema made of this.
import { baseUrl, credential, neededBy, secret, text } from '@sluice/connector-kit';
import * as z from 'zod';

/** The API name of an object or field. */
export const apiName = text(/^[A-Za-z][A-Za-z0-9_]*$/, 'must be an API name: letters, digits and underscores', {
  min: 1,
  max: 120,
});

export const metadata = z
  .strictObject({
    auth_scheme: z.enum(['oauth', 'jwt', 'client_credentials']),
    login_url: baseUrl.default('https://login.salesforce.com').meta({
      description: 'https://test.salesforce.com for a sandbox; client_credentials needs the My Domain URL',
    }),
    client_id: credential().meta({ description: 'the consumer key of the External Client App' }),
    client_secret: secret(credential()).optional(),
    username: credential(255).meta({ description: 'jwt: the user to act as' }).optional(),
    private_key: secret(
      text(/^-----BEGIN (RSA )?PRIVATE KEY-----[A-Za-z0-9+/=\s]+-----END (RSA )?PRIVATE KEY-----\s*$/, 'must be PEM', {
        min: 1,
        max: 16_384,
      }),
    ).optional(),
    audience: baseUrl.default('https://login.salesforce.com').meta({
      description: 'jwt: https://test.salesforce.com for a sandbox',
    }),
    external_id_field: apiName.meta({
      description: 'a text field that is External ID and Unique, of that name on Lead and on Contact',
    }),
    person: z.enum(['Contact', 'Lead']).default('Contact').meta({
      description: 'the records that properties, campaigns and tasks are for',
    }),
    allow_duplicates: z.boolean().default(false).meta({
      description: 'save what a duplicate rule would only warn of',
    }),
    api_version: text(/^v(4[6-9]|[5-9][0-9])\.0$/, 'must be v46.0 or later', { min: 5, max: 5 }).default('v66.0'),
    base_url: baseUrl.meta({ description: 'for proxies and tests; else the host that Salesforce names' }).optional(),
  })
  .meta(
    neededBy({
      oauth: ['client_secret'],
      jwt: ['username', 'private_key'],
      client_credentials: ['client_secret'],
    }),
  );

export type SalesforceMetadata = z.infer<typeof metadata>;
