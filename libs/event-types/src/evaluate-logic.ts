// Whether a value fits what is said by allOf, anyOf, oneOf, not and if.
import type { Evaluation } from './evaluation.ts';
import type { LogicPlan, Plan } from './plan.ts';
import { price } from './run.ts';
import { bitOf } from './schema.ts';
import { Seen } from './seen.ts';

interface Looked {
  value: unknown;
  seen: Seen | undefined;
}

export function logicFits(evaluation: Evaluation, plan: LogicPlan, looked: Looked): boolean {
  const { value, seen } = looked;
  let fits = true;
  for (const each of plan.all) {
    if (evaluation.fits(each, value, seen)) continue;
    if (!evaluation.loud) return false;
    fits = false;
  }
  if (plan.any.length > 0 && fitting(evaluation, plan.any, { ...looked, upTo: seen ? Infinity : 1 }) === 0) {
    fits = refuseAlternatives(evaluation, plan.any, value);
  }
  if (plan.one.length > 0) {
    const count = fitting(evaluation, plan.one, { ...looked, upTo: 2 });
    if (count === 0) fits = refuseAlternatives(evaluation, plan.one, value);
    else if (count > 1) fits = evaluation.refuse('must fit one alternative only and fits several');
  }
  const { not } = plan;
  if (not && evaluation.quietly(() => evaluation.fits(not, value, undefined))) {
    fits = evaluation.refuse('must not be what the schema rules out');
  }
  return (!plan.if || conditionFits(evaluation, { ...plan, if: plan.if }, looked)) && fits;
}

/** Whether a value fits quietly; what was looked at counts only if it does. */
function fitsQuietly(evaluation: Evaluation, plan: Plan, { value, seen }: Looked): boolean {
  const branch = seen && new Seen();
  const fits = evaluation.quietly(() => evaluation.fits(plan, value, branch));
  if (fits && seen && branch) evaluation.spend(seen.take(branch) * price.name);
  return fits;
}

/** How many of the alternatives a value fits; counted no further than needed. */
function fitting(evaluation: Evaluation, plans: readonly Plan[], looked: Looked & { upTo: number }): number {
  let count = 0;
  for (const plan of plans) if (fitsQuietly(evaluation, plan, looked) && ++count >= looked.upTo) break;
  return count;
}

/** Where one alternative alone is for values of this type, what is wrong with that one says more. */
function refuseAlternatives(evaluation: Evaluation, plans: readonly Plan[], value: unknown): false {
  if (!evaluation.loud) return false;
  const type = bitOf(value);
  const near = plans.filter((plan) => plan.always === undefined && (plan.types & type) !== 0);
  const before = evaluation.problems.length;
  if (near.length === 1 && near[0]) evaluation.fits(near[0], value, undefined);
  if (evaluation.problems.length > before) return false;
  return evaluation.refuse(`must fit one of ${plans.length} alternatives`);
}

function conditionFits(evaluation: Evaluation, plan: LogicPlan & { if: Plan }, looked: Looked): boolean {
  const then = fitsQuietly(evaluation, plan.if, looked) ? plan.then : plan.else;
  return !then || evaluation.fits(then, looked.value, looked.seen);
}
