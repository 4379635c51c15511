// Checks a payload against a plan: exact, and within a number of steps that no schema and no payload can talk it out of.
import type { Problem } from '@sluice/contracts';
import { arrayFits, restFits } from './evaluate-arrays.ts';
import { logicFits } from './evaluate-logic.ts';
import { objectFits, othersFit } from './evaluate-objects.ts';
import type { Plan, TextPlan } from './plan.ts';
import { price, Run, type Members } from './run.ts';
import { lengthProblem, numberProblem, typeWords, valueWords } from './scalars.ts';
import { bitOf, typeBits, type Scalar } from './schema.ts';
import { Seen } from './seen.ts';

/**
 * What a value does not fit, at most `limits.payloadProblems`; none when the list is empty. `name` is what the value is called.
 * A payload that takes more than `limits.steps` has that as its last problem.
 */
export function problemsOf(plan: Plan, value: unknown, name: string): Problem[] {
  const evaluation = new Evaluation(name);
  return evaluation.problemsOf(() => evaluation.fits(plan, value, undefined));
}

export class Evaluation extends Run {
  /** Whether a value fits. `seen` takes note of what was looked at, where somebody asks for it. */
  fits(plan: Plan, value: unknown, seen: Seen | undefined): boolean {
    this.spend(1);
    if (plan.always !== undefined) return plan.always || this.refuse('is not allowed');
    const type = bitOf(value);
    if ((plan.types & type) === 0) return this.loud && this.refuse(`must be ${typeWords(plan.types)}`);
    if (plan.values && !plan.values.has(value as Scalar)) return this.loud && this.refuse(valueWords(plan.values));
    const own = plan.closes ? new Seen() : seen;
    let fits = this.partFits(plan, value, own);
    if (!fits && !this.loud) return false;
    if (plan.logic) fits = logicFits(this, plan.logic, { value, seen: own }) && fits;
    if (!fits && !this.loud) return false;
    if (plan.closes && own) {
      if (type === typeBits.array) fits = restFits(this, plan.array, { items: value as unknown[], seen: own }) && fits;
      else if (type === typeBits.object)
        fits = othersFit(this, plan.object, { value: value as Members, seen: own }) && fits;
      if (seen) this.spend(seen.take(own) * price.name);
    }
    return fits;
  }

  /** Whether a member or item fits; `false` for a property says that there is no such property. */
  memberFits(plan: Plan, value: unknown, key: string | number): boolean {
    if (plan.always === false && typeof key === 'string') return this.refuse('is not known', key);
    return this.inside(key, () => this.fits(plan, value, undefined));
  }

  /** What the keywords say that are for values of this type only. */
  private partFits(plan: Plan, value: unknown, seen: Seen | undefined): boolean {
    if (typeof value === 'string') return !plan.text || this.textFits(plan.text, value);
    if (typeof value === 'number') {
      const problem = plan.number && numberProblem(plan.number, value);
      return problem === undefined || this.refuse(problem);
    }
    if (Array.isArray(value)) return !plan.array || arrayFits(this, plan.array, { items: value as unknown[], seen });
    if (typeof value !== 'object' || value === null) return true;
    return !plan.object || objectFits(this, plan.object, { value: value as Members, seen });
  }

  private textFits(plan: TextPlan, text: string): boolean {
    this.spend(text.length >> 2);
    const problem = lengthProblem(plan, text);
    if (problem !== undefined) return this.refuse(problem);
    if (plan.format) {
      this.spend(price.format + (Math.min(text.length, plan.format.longest) >> 2));
      const fits = text.length <= plan.format.longest && plan.format.fits(text);
      if (!fits) return this.refuse(`must be of the format ${plan.formatName}`);
    }
    if (!plan.pattern || this.matches(plan.pattern, text)) return true;
    return this.refuse(`must match the pattern ${plan.pattern.text}`);
  }
}
