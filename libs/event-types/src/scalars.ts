// Numbers and lengths: whether they fit, and how it is said when they do not.
import { clip } from './place.ts';
import type { NumberPlan, TextPlan } from './plan.ts';
import { typeBits, type Scalar, type TypeName } from './schema.ts';

/** What a number does not fit; undefined when it does. */
export function numberProblem(plan: NumberPlan, value: number): string | undefined {
  if (value < plan.minimum) return `must be ${plan.minimum} or more`;
  if (value > plan.maximum) return `must be ${plan.maximum} or less`;
  if (value <= plan.above) return `must be more than ${plan.above}`;
  if (value >= plan.below) return `must be less than ${plan.below}`;
  if (plan.multipleOf === undefined || isMultiple(value, plan.multipleOf)) return undefined;
  return `must be a multiple of ${plan.multipleOf}`;
}

/** As people mean it: 19.99 is a multiple of 0.01, though a computer that divides them gets 1998.9999999999998. */
export function isMultiple(value: number, of: number): boolean {
  if (Number.isInteger(value) && Number.isInteger(of)) return value % of === 0;
  const times = value / of;
  return Math.abs(times - Math.round(times)) <= Math.abs(times) * 4 * Number.EPSILON;
}

/** What a text's length does not fit, counted in characters (code points). */
export function lengthProblem({ shortest, longest }: TextPlan, text: string): string | undefined {
  // A character takes one or two units, so most lengths need no counting.
  const certain = text.length <= longest && Math.ceil(text.length / 2) >= shortest;
  if (certain) return undefined;
  const length = text.length < shortest || text.length > 2 * longest ? text.length : characters(text);
  if (length < shortest) return `must have at least ${shortest} characters`;
  if (length > longest) return `must have at most ${longest} characters`;
  return undefined;
}

function characters(text: string): number {
  let pairs = 0;
  for (let at = 0; at < text.length; at++) if ((text.codePointAt(at) as number) > 0xffff) pairs++;
  return text.length - pairs;
}

const words: readonly [TypeName, string][] = [
  ['string', 'a string'],
  ['number', 'a number'],
  ['integer', 'an integer'],
  ['boolean', 'true or false'],
  ['object', 'an object'],
  ['array', 'an array'],
  ['null', 'null'],
];

/** The types in words: an integer or null. */
export function typeWords(types: number): string {
  let rest = types;
  const found: string[] = [];
  for (const [name, word] of words) {
    if ((rest & typeBits[name]) !== typeBits[name]) continue;
    rest &= ~typeBits[name];
    found.push(word);
  }
  if (rest === (typeBits.number & ~typeBits.integer)) found.push('a number that is not whole');
  return listed(found, 'of no type');
}

/** The values that are allowed, as JSON. */
export function valueWords(values: ReadonlySet<Scalar>): string {
  const texts = [...values].slice(0, 10).map((value) => clip(JSON.stringify(value), 40));
  const rest = values.size - texts.length;
  return `must be ${listed(rest > 0 ? [...texts, `one of ${rest} more values`] : texts, 'one of no values')}`;
}

function listed(texts: readonly string[], none: string): string {
  if (texts.length < 2) return texts[0] ?? none;
  return `${texts.slice(0, -1).join(', ')} or ${texts.at(-1)}`;
}
