// What a HubSpot connection is configured with. Control checks it by the JSON Schema made of this.
import { baseUrl, credential, neededBy, secret, text, type Call } from '@sluice/connector-kit';
import * as z from 'zod';

export const metadata = z
  .strictObject({
    auth_scheme: z.enum(['access_token', 'oauth']).default('access_token').meta({
      description: 'access_token: a service key, or the token of a private app; oauth: an app that a person agrees to',
    }),
    access_token: secret(credential()).optional(),
    client_id: credential().optional(),
    client_secret: secret(credential()).optional(),
    api_version: text(/^\d{4}-\d{2}$/, 'must be a year and a month, like 2026-09', { min: 7, max: 7 })
      .default('2026-09')
      .meta({ description: "the version of HubSpot's API, as it stands in its paths" }),
    base_url: baseUrl.default('https://api.hubapi.com'),
  })
  .meta(neededBy({ access_token: ['access_token'], oauth: ['client_id', 'client_secret'] }, 'access_token'));

export type HubspotMetadata = z.infer<typeof metadata>;
export type HubspotCall<F = unknown, I = unknown> = Call<HubspotMetadata, F, I>;
