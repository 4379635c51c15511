// Connections over the wire; what their metadata holds is the connector's own business (GET /integrations).
import { orders, policyLimits, rateLimits, ratePeriods } from '@sluice/contracts';
import * as z from 'zod';
import { id, jsonObject, time } from './primitives.ts';

/** Outcome codes of attempts that failed. */
const outcomeCodes = [
  'rejected_client_error',
  'rejected_server_error',
  'rate_limited',
  'auth_failed',
  'timeout',
  'network_error',
  'internal_error',
] as const;

const name = z.string().trim().min(1).max(128);
const bounded = (member: keyof typeof policyLimits) =>
  z.number().min(policyLimits[member].min).max(policyLimits[member].max);
const whole = (member: keyof typeof policyLimits) => bounded(member).int();

export const policy = z
  .strictObject({
    max_attempts: whole('max_attempts'),
    client_error_max_attempts: whole('client_error_max_attempts').meta({ description: 'tries for answers 4xx' }),
    backoff_ms: whole('backoff_ms').meta({ description: 'wait after the first failure' }),
    backoff_factor: bounded('backoff_factor'),
    backoff_cap_ms: whole('backoff_cap_ms'),
    jitter: bounded('jitter').meta({ description: 'share of the wait by which it is spread' }),
    timeout_ms: whole('timeout_ms').meta({ description: 'of one attempt' }),
    max_age_ms: whole('max_age_ms').meta({ description: 'how long a delivery is tried, pauses included' }),
    concurrency: whole('concurrency').meta({
      description: 'attempts at a time; 0 is as many as there is room for, 128 at most',
    }),
    rate: z
      .strictObject({
        limit: z.int().min(rateLimits.limit.min).max(rateLimits.limit.max),
        per: z.enum(Object.keys(ratePeriods) as [keyof typeof ratePeriods]),
      })
      .nullable()
      .meta({ description: 'attempts in each period at most; null is no limit' }),
    order: z.enum(orders).meta({
      description:
        'per_key: one at a time for each resource_id; strict: one at a time, and nothing passes one that fails',
    }),
    no_retry: z.array(z.enum(outcomeCodes)).max(outcomeCodes.length).meta({
      description: 'outcome codes after which no further attempt is made',
    }),
  })
  .partial()
  .meta({ id: 'Policy', description: 'How failures are retried; what is left out keeps its default.' });
export type PolicyInput = z.infer<typeof policy>;

export const connectionInput = z
  .object({
    workspace: id,
    type: z.string().min(1).max(64).meta({ description: 'integration, for example webhook' }),
    name,
    metadata: jsonObject.meta({ description: "the connector's settings and credentials; see GET /integrations" }),
    hidden: z.boolean().optional(),
    active: z.boolean().optional(),
    policy: policy.optional(),
  })
  .meta({ id: 'ConnectionInput' });
export type ConnectionInput = z.infer<typeof connectionInput>;

export const connectionUpdate = z
  .object({
    name,
    metadata: jsonObject.meta({
      description: 'replaces the settings; secrets left out, or sent back masked, stay as they are',
    }),
    hidden: z.boolean(),
    active: z.boolean(),
    policy,
  })
  .partial()
  .meta({ id: 'ConnectionUpdate' });
export type ConnectionUpdate = z.infer<typeof connectionUpdate>;

export const healthAnswer = z
  .object({
    state: z.enum(['closed', 'open', 'half_open']).meta({
      description: 'of its breaker: closed is well, open is left alone, half_open is being tried',
    }),
    reason: z.string().nullable().meta({ description: 'failures, timeouts or failure_rate' }),
    open_until: time.nullable(),
    parked: z.int().meta({ description: 'deliveries that wait until it can go on' }),
  })
  .meta({ id: 'Health' });
export type HealthAnswer = z.infer<typeof healthAnswer>;

export const connectionAnswer = z
  .object({
    id,
    workspace: id,
    type: z.string(),
    name: z.string(),
    metadata: jsonObject.meta({ description: 'secrets are masked' }),
    policy,
    active: z.boolean(),
    inactive_reason: z.string().optional(),
    health: healthAnswer,
    hidden: z.boolean(),
    version: z.int(),
    created_by: z.string(),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'Connection' });
export type ConnectionAnswer = z.infer<typeof connectionAnswer>;

export const parkedSummary = z
  .object({
    id: id.meta({ description: 'the delivery id' }),
    workspace: id,
    connection: id,
    event: z.string(),
    event_id: id,
    rule: id,
    attempt: z.int().meta({ description: 'the one it waits for' }),
    reason: z.string().meta({
      description: 'breaker_open, connection_inactive, throttled, held_too_long, no_slot, cut, behind or strict_retry',
    }),
    parked_at: time,
    not_before: time.nullable(),
  })
  .meta({ id: 'ParkedSummary' });
export type ParkedSummary = z.infer<typeof parkedSummary>;

export const connectionDeletion = z
  .object({ force_delete: z.boolean().optional() })
  .meta({ id: 'ConnectionDeletion', description: 'force_delete deletes the rules that use the connection too' });
export type ConnectionDeletion = z.infer<typeof connectionDeletion>;

export const deletedAnswer = z.object({ id, deleted: z.literal(true) }).meta({ id: 'Deleted' });
