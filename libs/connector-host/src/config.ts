// What the service of a connector is told.
import { outboundConfig } from '@sluice/outbound';
import { serviceConfig } from '@sluice/service/config.ts';
import * as z from 'zod';

export const configShape = serviceConfig.extend({
  ...outboundConfig,
  CONTROL_URL: z
    .url({ protocol: /^https?$/ })
    .default('http://control:3000')
    .describe('Where access tokens are asked for.'),
  VAULT_KEY_FILE: z.string().min(1).describe('File with the keys that open sealed credentials.'),
  PROCESS_CONCURRENCY: z.coerce.number().int().min(1).max(10_000).default(1_024).describe('Attempts at a time in all.'),
});
export type Config = z.infer<typeof configShape>;
