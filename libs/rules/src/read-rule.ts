// A rule as one branch of tests: its event type, its resource, its conditions.
import type { Rule } from '@sluice/contracts';
import { prefixTaken } from './event-type-pattern.ts';
import { limits } from './limits.ts';
import type { ReadBranch, ReadLeaf } from './pattern.ts';
import { readConditions } from './read-conditions.ts';

/** What of a rule decides which events it matches. */
export type Matcher = Pick<Rule, 'event' | 'resource' | 'resource_id' | 'active' | 'conditions'>;

/** The rule's tests, or undefined where its conditions are not sound. The event type comes first. */
export function readRule(rule: Matcher): ReadBranch | undefined {
  const conditions = parsed(rule.conditions);
  if (conditions === undefined) return undefined;
  const { branch, problems } = readConditions(conditions);
  if (problems.length > 0) return undefined;
  return { leaves: [...ownLeaves(rule), ...branch.leaves], choices: branch.choices };
}

/** Tests that a rule has besides its conditions, called as the rule calls them. */
export function ownLeaves({ event, resource, resource_id }: Matcher): ReadLeaf[] {
  const prefix = prefixTaken(event);
  const leaves: ReadLeaf[] = [
    { ...ownLeaf('type', event), at: 'event', tests: [prefix === undefined ? event : { op: 'prefix', text: prefix }] },
  ];
  if (resource !== null) leaves.push(ownLeaf('resource', resource));
  if (resource_id !== null) leaves.push(ownLeaf('resource_id', resource_id));
  return leaves;
}

const ownLeaf = (field: string, text: string): ReadLeaf => ({
  path: [field],
  at: field,
  tests: [text],
  absent: false,
  written: [text],
});

/** Null where there are none, undefined where they are no JSON or far beyond any length that is allowed. */
function parsed(conditions: string | null): unknown {
  if (conditions === null || conditions === undefined) return null;
  if (conditions.length > 4 * limits.conditionsBytes) return undefined;
  try {
    return JSON.parse(conditions) as unknown;
  } catch {
    return undefined;
  }
}
