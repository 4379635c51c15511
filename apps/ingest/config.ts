// What ingest is told.
import { serviceConfig } from '@sluice/service/config.ts';
import * as z from 'zod';

export const configShape = serviceConfig.extend({
  CONTROL_URL: z
    .url()
    .describe('Base URL of control: ingest is the front door and hands on every call that is not an event.'),
  VAULT_KEY_FILE: z.string().min(1).describe('File with the keys that open sealed machine secrets.'),
});
export type Config = z.infer<typeof configShape>;
