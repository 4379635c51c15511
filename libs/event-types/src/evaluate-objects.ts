// Whether an object fits: its members one by one, their number, and which must be there. Own members only, whatever they are called.
import type { Evaluation } from './evaluation.ts';
import type { ObjectPlan } from './plan.ts';
import { price, type Members } from './run.ts';
import type { Seen } from './seen.ts';

interface Whole {
  value: Members;
  seen: Seen | undefined;
}

interface Member extends Whole {
  name: string;
}

export function objectFits(evaluation: Evaluation, plan: ObjectPlan, { value, seen }: Whole): boolean {
  const names = evaluation.namesOf(value);
  let fits = true;
  if (names.length < plan.fewest) fits = evaluation.refuse(`must have at least ${plan.fewest} properties`);
  else if (names.length > plan.most) fits = evaluation.refuse(`must have at most ${plan.most} properties`);
  for (const name of plan.required) {
    evaluation.spend(1);
    if (!Object.hasOwn(value, name)) fits = evaluation.refuse('is required', name);
    if (!fits && !evaluation.loud) return false;
  }
  for (const name of names) {
    const member = { value, name, seen };
    const nameFits = !plan.names || propertyNameFits(evaluation, plan, name);
    if (nameFits && propertyFits(evaluation, plan, member) && dependentsFit(evaluation, plan, member)) continue;
    if (!evaluation.loud) return false;
    fits = false;
  }
  return fits;
}

function propertyNameFits(evaluation: Evaluation, { names }: ObjectPlan, name: string): boolean {
  if (!names || evaluation.quietly(() => evaluation.fits(names, name, undefined))) return true;
  return evaluation.refuse('is not a name that may be used', name);
}

function propertyFits(evaluation: Evaluation, plan: ObjectPlan, { value, name, seen }: Member): boolean {
  const property = plan.properties.get(name);
  let known = property !== undefined;
  let fits = !property || evaluation.memberFits(property, value[name], name);
  for (const each of plan.patterns) {
    if (!evaluation.matches(each.pattern, name)) continue;
    known = true;
    fits = evaluation.memberFits(each.plan, value[name], name) && fits;
  }
  if (!known && plan.additional) fits = evaluation.memberFits(plan.additional, value[name], name);
  if (seen && (known || plan.additional)) {
    evaluation.spend(price.name);
    seen.names.add(name);
  }
  return fits;
}

function dependentsFit(evaluation: Evaluation, plan: ObjectPlan, { value, name, seen }: Member): boolean {
  let fits = true;
  for (const other of plan.dependentNames.get(name) ?? []) {
    evaluation.spend(1);
    if (!Object.hasOwn(value, other)) fits = evaluation.refuse(`is required beside ${name}`, other);
  }
  const dependent = plan.dependentPlans.get(name);
  return (!dependent || evaluation.fits(dependent, value, seen)) && fits;
}

/** Whether the members fit that nothing else has looked at. */
export function othersFit(
  evaluation: Evaluation,
  plan: ObjectPlan | undefined,
  { value, seen }: { value: Members; seen: Seen },
): boolean {
  if (!plan?.unevaluated) return true;
  let fits = true;
  for (const name of evaluation.namesOf(value)) {
    if (seen.hasName(name) || evaluation.memberFits(plan.unevaluated, value[name], name)) continue;
    if (!evaluation.loud) return false;
    fits = false;
  }
  seen.everyName = true;
  return fits;
}
