// The catalog over the wire: what can be connected, and enough about it to render a form.
import * as z from 'zod';
import { jsonObject } from './primitives.ts';

export const integrationAnswer = z
  .object({
    name: z.string(),
    type: z.string(),
    authentication: z.string(),
    settings: jsonObject.meta({ description: 'JSON Schema of the metadata; secret members are marked writeOnly' }),
    actions: z.record(
      z.string(),
      z.object({ key: z.string(), label: z.string(), noun: z.string(), fields: jsonObject.optional() }),
    ),
  })
  .meta({ id: 'Integration' });
export type IntegrationAnswer = z.infer<typeof integrationAnswer>;
