// Event types over the wire: registered ones with their schema, and those that traffic was seen of.
import * as z from 'zod';
import { eventType, id, jsonObject, time } from './primitives.ts';

const mode = z
  .enum(['off', 'warn', 'enforce'])
  .meta({ description: 'off: not looked at; warn: taken with a note; enforce: refused' });

export const eventTypeInput = z
  .object({
    workspace: id.nullish().meta({ description: 'left out: for all workspaces of the organization' }),
    name: eventType,
    description: z.string().max(1_024).nullish(),
    schema: jsonObject.meta({ description: 'JSON Schema 2020-12 of the payload' }),
    example: jsonObject.nullish(),
    mode: mode.optional(),
  })
  .meta({ id: 'EventTypeInput' });
export type EventTypeInput = z.infer<typeof eventTypeInput>;

export const eventTypeUpdate = eventTypeInput
  .pick({ description: true, schema: true, example: true, mode: true })
  .partial()
  .extend({
    expected_version: z.int().min(1).optional(),
    force: z.boolean().optional().meta({ description: 'take a schema that is not compatible with the present one' }),
  })
  .meta({ id: 'EventTypeUpdate' });
export type EventTypeUpdate = z.infer<typeof eventTypeUpdate>;

export const eventTypeAnswer = z
  .object({
    id,
    workspace: id.nullable(),
    name: z.string(),
    version: z.int(),
    description: z.string().nullable(),
    schema: jsonObject,
    example: jsonObject.nullable(),
    mode,
    created_by: z.string(),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'EventType' });
export type EventTypeAnswer = z.infer<typeof eventTypeAnswer>;

export const discoveredEventType = z
  .object({
    workspace: id,
    name: z.string(),
    first_seen_at: time,
    last_seen_at: time,
    sample: z.object({ event: id, payload: jsonObject.nullable() }),
  })
  .meta({ id: 'DiscoveredEventType', description: 'seen in traffic, and not registered' });
export type DiscoveredEventType = z.infer<typeof discoveredEventType>;
