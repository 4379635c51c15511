// Events as they are posted and confirmed.
import * as z from 'zod';
import { eventType, id, jsonObject, resourceName, time } from './primitives.ts';

/** What is posted. Ingest checks it by the contract's own rules (libs/contracts), which see the payload's raw text; this is the document of them. */
export const eventInput = z
  .object({
    event: eventType,
    payload: jsonObject.meta({ description: 'at least one value that is not empty; `email` must be an email address' }),
    workspace: id.optional().meta({ description: 'required with a machine token; follows from a publishable key' }),
    resource: resourceName.optional(),
    resource_id: resourceName.optional(),
    type: z.literal('event').optional(),
  })
  .meta({ id: 'EventInput' });

export const acceptedEvent = z
  .object({
    id,
    event: z.string(),
    workspace: id,
    created_by: z.string(),
    created_at: time,
    type: z.literal('event'),
    resource: z.string().optional(),
    resource_id: z.string().optional(),
  })
  .meta({ id: 'AcceptedEvent' });
export type AcceptedEvent = z.infer<typeof acceptedEvent>;

export const bulkAnswer = z
  .object({
    count: z.int(),
    error_count: z.int(),
    records: z.array(z.union([acceptedEvent, z.object({ message: z.string(), error: z.looseObject({}).optional() })])),
  })
  .meta({ id: 'BulkAnswer', description: 'in the order of what was posted' });
export type BulkAnswer = z.infer<typeof bulkAnswer>;
