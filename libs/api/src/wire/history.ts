// What happened, over the wire: events with their rule events (our deliveries), attempts, payloads.
import * as z from 'zod';
import { id, jsonObject, time } from './primitives.ts';

export const statuses = ['pending', 'processing', 'retrying', 'completed', 'failed', 'canceled'] as const;
export const states = [
  'queued',
  'in_flight',
  'waiting_retry',
  'parked',
  'dead',
  'filtered',
  'delivered',
  'canceled',
] as const;
export type Status = (typeof statuses)[number];
export type State = (typeof states)[number];

export const ruleEvent = z
  .object({
    id: id.meta({ description: 'the delivery id; the receiver sees it as webhook-id' }),
    type: z.literal('rule'),
    workspace: id,
    event: z.string(),
    event_id: id,
    resource: z.string().optional(),
    resource_id: z.string().optional(),
    connection: id,
    rule: id,
    integration_type: z.string(),
    status: z.enum(statuses),
    state: z.enum(states),
    state_reason: z.string().nullable(),
    attempt_count: z.int(),
    next_attempt_at: time.nullable(),
    started_at: time.optional(),
    completed_at: time.optional(),
    last_error: z.string().optional(),
    rule_version: z.int(),
    connection_version: z.int(),
    mapping_version: z.int().nullable(),
    dead_letter: id.nullable(),
    replay: id.nullable(),
    mapping_warnings: z.array(z.string()).meta({ description: 'what the mapping left out, by its error policy' }),
    trace_id: z.string().nullable(),
    created_by: z.string().nullable(),
    created_at: time,
  })
  .meta({ id: 'RuleEvent' });
export type RuleEventAnswer = z.infer<typeof ruleEvent>;

export const eventAnswer = z
  .object({
    id,
    type: z.literal('event'),
    workspace: id,
    event: z.string(),
    resource: z.string().optional(),
    resource_id: z.string().optional(),
    status: z.enum(statuses),
    total_rules: z.int().meta({ description: '0 with status completed: the event matched no rule' }),
    completed_count: z.int(),
    failed_count: z.int(),
    overflow_count: z
      .int()
      .meta({ description: 'matching rules beyond the limit of one event, which made no delivery' }),
    schema_problem: z
      .string()
      .nullable()
      .meta({ description: 'why the payload does not fit its registered type, which only warns' }),
    started_at: time.optional(),
    completed_at: time.optional(),
    trace_id: z.string().nullable(),
    created_by: z.string().nullable(),
    created_at: time,
    rule_events: z.array(ruleEvent),
  })
  .meta({ id: 'Event' });
export type EventAnswer = z.infer<typeof eventAnswer>;

export const attemptAnswer = z
  .object({
    id: z.int().meta({ description: 'number of the attempt, from 1' }),
    attempt: z.int(),
    trigger: z.string(),
    outcome_code: z.string(),
    message: z.string(),
    started_at: time,
    queued_ms: z.number(),
    connect_ms: z.number().nullable(),
    ttfb_ms: z.number().nullable(),
    total_ms: z.number(),
    http_status: z.int().nullable(),
    error: z.object({ layer: z.string(), code: z.string(), message: z.string() }).nullable(),
    request: z
      .object({
        method: z.string(),
        url: z.string(),
        headers: z.record(z.string(), z.string()),
        body_bytes: z.int(),
        body_sha256: z.string(),
      })
      .nullable(),
    response: z
      .object({ status: z.int(), headers: z.record(z.string(), z.string()), body: z.string(), truncated: z.boolean() })
      .nullable(),
    next: z.object({ at: time.nullable(), cause: z.enum(['backoff', 'retry_after', 'breaker', 'none']) }),
    trace_id: z.string().nullable(),
    span_id: z.string().nullable(),
  })
  .meta({ id: 'Attempt' });
export type AttemptAnswer = z.infer<typeof attemptAnswer>;

export const payloadAnswer = z
  .object({ id, payload: jsonObject.meta({ description: 'as it came, digits and all' }) })
  .meta({ id: 'EventPayload' });
