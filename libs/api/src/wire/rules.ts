// Rules over the wire.
import * as z from 'zod';
import { eventType, id, jsonObject, resourceName, time } from './primitives.ts';

export const ruleInput = z
  .object({
    workspace: id,
    connection: id,
    event: eventType,
    metadata: z
      .looseObject({ action: z.string().min(1).max(64) })
      .meta({ description: "the action, and the action's own fields" }),
    resource: resourceName.nullish(),
    resource_id: resourceName.nullish(),
    active: z.boolean().optional(),
    hidden: z.boolean().optional(),
  })
  .meta({ id: 'RuleInput' });
export type RuleInput = z.infer<typeof ruleInput>;

export const ruleUpdate = ruleInput.omit({ workspace: true, connection: true }).partial().meta({ id: 'RuleUpdate' });
export type RuleUpdate = z.infer<typeof ruleUpdate>;

export const ruleAnswer = z
  .object({
    id,
    connection: id,
    workspace: id,
    type: z.string().meta({ description: "the connection's integration" }),
    resource: z.string().optional(),
    resource_id: z.string().optional(),
    event: z.string(),
    metadata: jsonObject,
    active: z.boolean(),
    hidden: z.boolean(),
    version: z.int(),
    created_by: z.string(),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'Rule' });
export type RuleAnswer = z.infer<typeof ruleAnswer>;
