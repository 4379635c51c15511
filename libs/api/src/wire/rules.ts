// Rules over the wire: which events go to which connection, under which conditions and in which shape; trying them; and why they decided as they did.
import * as z from 'zod';
import { eventType, id, jsonObject, resourceName, time } from './primitives.ts';

const conditions = jsonObject.meta({
  description: 'an event pattern over {type, resource, resource_id, payload}; null takes every event of the type',
});
const mapping = jsonObject.meta({ description: "the rule's own mapping; null uses the connection's default mapping" });

export const ruleInput = z
  .object({
    workspace: id,
    connection: id,
    event: eventType.meta({ description: 'event type; one that ends in .* takes all below it' }),
    metadata: z
      .looseObject({ action: z.string().min(1).max(64) })
      .meta({ description: "the action, and the action's own fields" }),
    resource: resourceName.nullish(),
    resource_id: resourceName.nullish(),
    conditions: conditions.nullish(),
    mapping: mapping.nullish(),
    active: z.boolean().optional(),
    hidden: z.boolean().optional(),
  })
  .meta({ id: 'RuleInput' });
export type RuleInput = z.infer<typeof ruleInput>;

export const ruleUpdate = ruleInput
  .omit({ workspace: true, connection: true })
  .extend({ expected_version: z.int().min(1).optional() })
  .partial()
  .meta({ id: 'RuleUpdate' });
export type RuleUpdate = z.infer<typeof ruleUpdate>;

const warning = z.object({ param: z.string(), msg: z.string() });

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
    conditions: jsonObject.nullable(),
    mapping: jsonObject.nullable(),
    active: z.boolean(),
    hidden: z.boolean(),
    version: z.int(),
    created_by: z.string(),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'Rule' });
export type RuleAnswer = z.infer<typeof ruleAnswer>;

/** A rule made or changed, and what about it is sound but probably not meant. */
export const ruleWithWarnings = z.object({ rule: ruleAnswer, warnings: z.array(warning).optional() });

/** An event to try a rule on; nothing is stored and nothing is sent. */
export const triedEvent = z
  .object({
    event: eventType,
    payload: jsonObject,
    resource: resourceName.nullish(),
    resource_id: resourceName.nullish(),
  })
  .meta({ id: 'TriedEvent' });
export type TriedEvent = z.infer<typeof triedEvent>;

export const ruleTestInput = z.object({ event: triedEvent }).meta({ id: 'RuleTestInput' });
export type RuleTestInput = z.infer<typeof ruleTestInput>;

export const newRuleTestInput = z
  .object({ workspace: id, rule: ruleInput.omit({ workspace: true }), event: triedEvent })
  .meta({ id: 'NewRuleTestInput' });
export type NewRuleTestInput = z.infer<typeof newRuleTestInput>;

const explainedLeaf = z
  .object({
    path: z.string(),
    test: z.string().meta({ description: 'the test, as JSON' }),
    value: z.unknown().optional().meta({ description: 'what the event has there' }),
    ok: z.boolean(),
  })
  .meta({ id: 'ExplainedLeaf' });

export const shownRequest = z
  .object({
    method: z.string(),
    url: z.string(),
    headers: z.record(z.string(), z.string()),
    body: z.string(),
  })
  .meta({ id: 'ShownRequest', description: 'with secrets struck out' });
export type ShownRequest = z.infer<typeof shownRequest>;

export const ruleTestAnswer = z
  .object({
    matched: z.boolean(),
    explanation: z.array(explainedLeaf),
    payload: z.unknown().optional().meta({ description: 'what the mapping makes, where the rule matches' }),
    request: shownRequest.optional().meta({ description: 'what would be sent' }),
    errors: z.array(z.object({ param: z.string(), msg: z.string() })).optional(),
    warnings: z.array(z.object({ param: z.string(), msg: z.string() })).optional(),
  })
  .meta({ id: 'RuleTest' });
export type RuleTestAnswer = z.infer<typeof ruleTestAnswer>;

const decisionReasons = [
  'matched',
  'other_event',
  'conditions_false',
  'rule_inactive',
  'rule_deleted',
  'rule_not_yet_made',
  'beyond_match_limit',
  'beyond_step_budget',
  'not_routed_yet',
] as const;

export const decision = z
  .object({
    rule: id,
    rule_version: z.int(),
    connection: id,
    event: z.string(),
    matched: z.boolean(),
    reason: z.enum(decisionReasons).meta({ description: 'of what the rule decided' }),
    explanation: z.array(explainedLeaf),
    failed_leaves: z.int(),
    rule_event: z
      .object({
        id,
        status: z.string(),
        state: z.string(),
        state_reason: z.string().nullable(),
        last_error: z.string().nullable(),
      })
      .nullable()
      .meta({ description: 'what became of the delivery, where the rule made one' }),
  })
  .meta({ id: 'Decision' });
export type DecisionAnswer = z.infer<typeof decision>;

export const decisionsAnswer = z
  .object({ event: id, at: time, summary: z.string(), records: z.array(decision) })
  .meta({ id: 'Decisions', description: 'sorted by fewest failed leaves' });
export type DecisionsAnswer = z.infer<typeof decisionsAnswer>;
