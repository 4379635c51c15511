// What a Mailchimp connection is configured with. Control checks it by the JSON Schema made of this.
import { baseUrl, credential, neededBy, secret, text, type Call } from '@sluice/connector-kit';
import * as z from 'zod';

export const metadata = z
  .strictObject({
    auth_scheme: z.enum(['api_key', 'oauth']).default('api_key'),
    api_key: secret(
      text(/^[A-Za-z0-9_]+-[a-z]{2}[0-9]{1,3}$/, 'must be a whole key, with its data center at the end: ...-us21', {
        min: 1,
        max: 256,
      }),
    ).optional(),
    client_id: credential().optional(),
    client_secret: secret(credential()).optional(),
    data_center: text(/^[a-z]{2}[0-9]{1,3}$/, "must be a data center's name, like us21", { min: 3, max: 5 })
      .meta({
        description: 'oauth: what the address of Mailchimp begins with when one is logged in; a key names its own',
      })
      .optional(),
    skip_merge_validation: z.boolean().default(false).meta({
      description: 'take members also without the merge fields that their audience requires',
    }),
    base_url: baseUrl
      .meta({ description: 'for proxies and tests, in place of https://us21.api.mailchimp.com/3.0' })
      .optional(),
  })
  .meta(neededBy({ api_key: ['api_key'], oauth: ['client_id', 'client_secret', 'data_center'] }, 'api_key'));

export type MailchimpMetadata = z.infer<typeof metadata>;
export type MailchimpCall<F = unknown, I = unknown> = Call<MailchimpMetadata, F, I>;
