// What setup is told.
import { serviceConfig } from '@sluice/service/config.ts';
import * as z from 'zod';

export const configShape = serviceConfig.pick({ KAFKA_BROKERS: true, REGISTRY_URL: true }).extend({
  POSTGRES_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//)
    .describe('postgres://user:password@host:port/database'),
  VAULT_KEY_FILE: z.string().min(1).describe('File with the keys that seal secrets.'),
  REPLICATION_FACTOR: z.coerce
    .number()
    .int()
    .min(1)
    .max(9)
    .default(1)
    .describe('Copies of each new topic; 3 in production.'),
});
export type Config = z.infer<typeof configShape>;
