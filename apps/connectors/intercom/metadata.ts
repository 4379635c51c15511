// What an Intercom connection is configured with. Control checks it by the JSON Schema made of this.
import { baseUrl, credential, neededBy, secret, type Call } from '@sluice/connector-kit';
import * as z from 'zod';

export const metadata = z
  .strictObject({
    auth_scheme: z.enum(['access_token', 'oauth']).default('access_token').meta({
      description: 'access_token: that of a private app; oauth: an app that a person agrees to',
    }),
    access_token: secret(credential()).optional(),
    client_id: credential().optional(),
    client_secret: secret(credential()).optional(),
    region: z.enum(['us', 'eu', 'au']).default('us').meta({ description: 'where the workspace is kept' }),
    unarchive: z.boolean().default(false).meta({
      description: 'bring archived contacts back when an event is about them; otherwise it is refused',
    }),
    base_url: baseUrl.meta({ description: "for proxies and tests, in place of the region's" }).optional(),
  })
  .meta(neededBy({ access_token: ['access_token'], oauth: ['client_id', 'client_secret'] }, 'access_token'));

export type IntercomMetadata = z.infer<typeof metadata>;
export type IntercomCall<F = unknown, I = unknown> = Call<IntercomMetadata, F, I>;
