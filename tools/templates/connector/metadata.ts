// What a connection to Acme is configured with. Control checks it by the JSON Schema made of this.
import { baseUrl, credential, secret } from '@sluice/connector-kit';
import * as z from 'zod';

export const metadata = z.strictObject({
  api_key: secret(credential()).meta({ description: 'as Acme shows it' }),
  base_url: baseUrl.default('https://api.acme.example'),
});

export type AcmeMetadata = z.infer<typeof metadata>;
