// What the router is told.
import { serviceConfig } from '@sluice/service/config.ts';
import * as z from 'zod';

export const configShape = serviceConfig.extend({
  EXPRESSION_PROCESSES: z.coerce
    .number()
    .int()
    .min(1)
    .max(16)
    .default(1)
    .describe('Processes that evaluate JSONata mappings; started when the first such mapping is used.'),
});
export type Config = z.infer<typeof configShape>;
