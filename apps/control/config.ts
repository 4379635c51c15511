// What control is told.
import { serviceConfig } from '@sluice/service/config.ts';
import * as z from 'zod';

export const configShape = serviceConfig.extend({
  POSTGRES_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//)
    .describe('postgres://user:password@host:port/database'),
  POSTGRES_POOL: z.coerce.number().int().min(2).max(100).default(10).describe('Connections to Postgres at most.'),
  VAULT_KEY_FILE: z.string().min(1).describe('File with the keys that seal credentials and secrets.'),
});
export type Config = z.infer<typeof configShape>;
