// Whether an array fits: its items, their number, and what it must contain.
import type { Evaluation } from './evaluation.ts';
import type { ArrayPlan, Plan } from './plan.ts';
import { price } from './run.ts';
import type { Seen } from './seen.ts';

interface Items {
  items: readonly unknown[];
  seen: Seen | undefined;
}

export function arrayFits(evaluation: Evaluation, plan: ArrayPlan, { items, seen }: Items): boolean {
  const { prefix, items: rest, contains } = plan;
  let fits = countFits(evaluation, plan, items);
  if (!fits && !evaluation.loud) return false;
  const end = rest ? items.length : Math.min(prefix.length, items.length);
  for (let at = 0; at < end; at++) {
    const item = prefix[at] ?? rest;
    if (!item || evaluation.memberFits(item, items[at], at)) continue;
    if (!evaluation.loud) return false;
    fits = false;
  }
  if (seen) seen.items = Math.max(seen.items, end);
  return (!contains || containsFits(evaluation, { ...plan, contains }, { items, seen })) && fits;
}

function countFits(evaluation: Evaluation, plan: ArrayPlan, items: readonly unknown[]): boolean {
  if (items.length < plan.fewest) return evaluation.refuse(`must have at least ${plan.fewest} items`);
  if (items.length > plan.most) return evaluation.refuse(`must have at most ${plan.most} items`);
  if (!plan.unique) return true;
  // The items are scalars, or they do not fit anyway: a set knows all of them.
  evaluation.spend(items.length * price.item);
  return new Set(items).size === items.length || evaluation.refuse('must not have an item twice');
}

function containsFits(
  evaluation: Evaluation,
  { contains, fewestContained, mostContained }: ArrayPlan & { contains: Plan },
  { items, seen }: Items,
): boolean {
  let count = 0;
  for (let at = 0; at < items.length; at++) {
    if (!evaluation.quietly(() => evaluation.fits(contains, items[at], undefined))) continue;
    count++;
    seen?.indexes.add(at);
    const decided = mostContained === Infinity ? count >= fewestContained : count > mostContained;
    if (decided && !seen) break;
  }
  const kind = 'items of the kind asked for';
  if (count < fewestContained) return evaluation.refuse(`must have at least ${fewestContained} ${kind}`);
  return count <= mostContained || evaluation.refuse(`must have at most ${mostContained} ${kind}`);
}

/** Whether the items fit that nothing else has looked at. */
export function restFits(
  evaluation: Evaluation,
  plan: ArrayPlan | undefined,
  { items, seen }: { items: readonly unknown[]; seen: Seen },
): boolean {
  if (!plan?.unevaluated) return true;
  let fits = true;
  for (let at = 0; at < items.length; at++) {
    evaluation.spend(1);
    if (seen.hasItem(at) || evaluation.memberFits(plan.unevaluated, items[at], at)) continue;
    if (!evaluation.loud) return false;
    fits = false;
  }
  seen.items = items.length;
  return fits;
}
