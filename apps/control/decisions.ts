// Why an event was, or was not, delivered: every rule of its workspace, as it stood then or stands now, asked once more. Pure.
import type { DecisionAnswer } from '@sluice/api';
import type { Rule } from '@sluice/contracts';
import type { DeliveryRow, EventRow, RuleAt } from '@sluice/persistence';
import { explain, type ExplainedLeaf, type Explanation } from '@sluice/rules';
import { statusOf } from './history-answers.ts';

export interface Asked {
  event: EventRow;
  payload: Record<string, unknown>;
  /** The rules in question, in the version that counts; `deliveries` says which of them made one. */
  rules: readonly RuleAt[];
  deliveries: readonly DeliveryRow[];
  at: Date;
}

/** One decision for each rule: those that made a delivery, then those that the event is for, and of each those that came closest first. */
export function decisionsOf({ event, payload, rules, deliveries, at }: Asked): DecisionAnswer[] {
  const deliveryOf = new Map(deliveries.map((delivery) => [delivery.rule_id, delivery]));
  const decisions = rules.map((each): DecisionAnswer => {
    const delivery = deliveryOf.get(each.rule.id);
    const explanation = explain(each.rule, event, payload);
    return {
      rule: each.rule.id,
      rule_version: each.rule.version,
      connection: each.rule.connection_id,
      event: each.rule.event,
      matched: explanation.matched,
      reason: reasonOf(each, { explanation, delivery, event, at }),
      explanation: explanation.leaves,
      failed_leaves: explanation.failed,
      rule_event: delivery ? shown(delivery) : null,
    };
  });
  return decisions.sort((a, b) => distanceOf(a) - distanceOf(b) || a.failed_leaves - b.failed_leaves);
}

/** A rule for other events is further away than any whose conditions are false, however few of its leaves are. */
function distanceOf({ rule_event, explanation }: DecisionAnswer): number {
  if (rule_event !== null) return 0;
  return listens(explanation) ? 1 : 2;
}

interface Circumstances {
  explanation: Explanation;
  delivery: DeliveryRow | undefined;
  event: EventRow;
  at: Date;
}

function reasonOf(
  { rule, deleted_at }: RuleAt,
  { explanation, delivery, event, at }: Circumstances,
): DecisionAnswer['reason'] {
  if (delivery) return 'matched';
  if (deleted_at !== null && deleted_at <= at) return 'rule_deleted';
  if (!rule.active) return 'rule_inactive';
  if (!listens(explanation.leaves)) return 'other_event';
  if (!explanation.matched) return 'conditions_false';
  if (event.routed_at === null) return 'not_routed_yet';
  if (event.budget_exhausted) return 'beyond_step_budget';
  if ((event.overflow ?? 0) > 0) return 'beyond_match_limit';
  // It matches as it is asked about now, and was not there when the event was routed.
  return 'rule_not_yet_made';
}

const shown = (delivery: DeliveryRow): DecisionAnswer['rule_event'] => ({
  id: delivery.id,
  status: statusOf(delivery),
  state: delivery.state,
  state_reason: delivery.state_reason,
  last_error: delivery.last_error,
});

/** Whether the event is one that the rule is for, whatever its conditions say. */
const listens = (leaves: readonly ExplainedLeaf[]): boolean =>
  leaves.every(({ path, ok }) => ok || !['event', 'resource', 'resource_id'].includes(path));

/** The whole in one sentence. */
export function summaryOf(event: Pick<EventRow, 'event' | 'routed_at'>, decisions: readonly DecisionAnswer[]): string {
  if (event.routed_at === null) return 'The event has not been routed yet.';
  if (decisions.length === 0) return 'The workspace had no such rule.';
  const made = decisions.filter(({ rule_event }) => rule_event !== null);
  const listening = decisions.filter(({ explanation }) => listens(explanation));
  if (made.length > 0) return `${made.length} of ${decisions.length} rules made a delivery.`;
  if (listening.length === 0) return `No rule listens to ${event.event}.`;
  return `No rule matched; of ${listening.length} that listen to ${event.event}, the first here came closest.`;
}

/** The version of a rule that a delivery names counts, whatever the clock says. */
export function withNamedVersions(rules: readonly RuleAt[], named: ReadonlyMap<string, RuleAt>): RuleAt[] {
  const others = rules.filter(({ rule }: { rule: Rule }) => !named.has(rule.id));
  return [...others, ...named.values()];
}
