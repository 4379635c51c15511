// Dead letters and replays over the wire.
import * as z from 'zod';
import { eventType, id, jsonObject, time } from './primitives.ts';

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
    trace_id: z.string().nullable().meta({ description: 'of its last attempt' }),
  })
  .meta({ id: 'DeadLetterSummary' });
export type DeadLetterSummary = z.infer<typeof deadLetterSummary>;

export const deadLetterAnswer = deadLetterSummary
  .extend({
    rule_version: z.int(),
    connection_version: z.int(),
    mapping_version: z.int().nullable(),
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
  .meta({ id: 'DeadLetterReplay' });
export type ReplayAnswer = z.infer<typeof replayAnswer>;

const replayFilter = z
  .strictObject({
    workspace: id.optional(),
    connection: id.optional(),
    event: eventType.optional(),
    reason: z.string().min(1).max(200).optional(),
    from: time.optional().meta({ description: 'given up then or later' }),
    to: time.optional().meta({ description: 'given up before' }),
  })
  .refine((filter) => Object.values(filter).some((value) => value !== undefined), 'must name something')
  .refine(({ from, to }) => from === undefined || to === undefined || Date.parse(from) < Date.parse(to), {
    path: ['to'],
    error: 'must be after from',
  });

/** Dead letters per second. */
const replayRates = { default: 100, max: 1_000 } as const;

export const replayRunInput = z
  .strictObject({
    filter: replayFilter,
    dry_run: z.boolean().default(false).meta({ description: 'count, and replay nothing' }),
    rate: z
      .int()
      .min(1)
      .max(replayRates.max)
      .default(replayRates.default)
      .meta({ description: 'dead letters per second, at most' }),
  })
  .meta({ id: 'ReplayInput' });
export type ReplayRunInput = z.infer<typeof replayRunInput>;

export const replayCount = z
  .object({ count: z.int().meta({ description: 'dead letters that the filter names' }) })
  .meta({ id: 'ReplayCount' });
export type ReplayCount = z.infer<typeof replayCount>;

export const replayRunAnswer = z
  .object({
    id: id.meta({ description: 'the receiver sees it as x-sluice-replay' }),
    status: z.enum(['running', 'completed', 'canceled']).meta({ description: 'completed: all were asked for again' }),
    filter: replayFilter,
    rate: z.int(),
    total: z.int().meta({ description: 'dead letters that the filter named when it began' }),
    done: z.int().meta({ description: 'asked for again by it; others may ask for the rest' }),
    delivered: z.int().meta({ description: 'of these, by now' }),
    failed: z.int().meta({ description: 'of these, dead again by now' }),
    requested_by: z.string(),
    created_at: time,
    ended_at: time.nullable(),
  })
  .meta({ id: 'Replay' });
export type ReplayRunAnswer = z.infer<typeof replayRunAnswer>;
