// Dead letters and replays over the wire.
import * as z from 'zod';
import { id, jsonObject, time } from './primitives.ts';

export const deadLetterSummary = z
  .object({
    id: id.meta({ description: 'the delivery id' }),
    workspace: id,
    event: z.string(),
    event_id: id,
    rule: id,
    connection: id,
    integration_type: z.string(),
    reason: z.string().meta({ description: 'a code of docs/errors.md' }),
    outcome_code: z.string(),
    http_status: z.int().nullable(),
    message: z.string(),
    attempt_count: z.int(),
    dead_at: time,
    replayed_at: time.nullable(),
  })
  .meta({ id: 'DeadLetterSummary' });
export type DeadLetterSummary = z.infer<typeof deadLetterSummary>;

export const deadLetterAnswer = deadLetterSummary
  .extend({
    payload: jsonObject,
    attempts: z.array(
      z.object({
        attempt: z.int(),
        trigger: z.string(),
        started_at: time,
        total_ms: z.number(),
        outcome_code: z.string(),
        http_status: z.int().nullable(),
        message: z.string(),
      }),
    ),
  })
  .meta({ id: 'DeadLetter' });

export const replayAnswer = z
  .object({ id, dead_letter: id, requested_at: time, requested_by: z.string().nullable() })
  .meta({ id: 'Replay' });
export type ReplayAnswer = z.infer<typeof replayAnswer>;
