// What the tracker is told.
import { serviceConfig } from '@sluice/service/config.ts';
import * as z from 'zod';

export const configShape = serviceConfig.extend({
  POSTGRES_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//)
    .describe('postgres://user:password@host:port/database'),
});
export type Config = z.infer<typeof configShape>;
