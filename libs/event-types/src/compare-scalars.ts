// Numbers and texts: a bound may be loosened, never tightened.
import type { Comparison, Pairing } from './comparison.ts';
import type { Described } from './described.ts';
import { within } from './place.ts';
import { isMultiple } from './scalars.ts';
import { typeBits, type SchemaObject } from './schema.ts';

export function scalarCovers({ old, part, place }: Pairing, comparison: Comparison): boolean {
  const tightened = [
    ...((old.types & typeBits.number) === 0 ? [] : tightenedNumbers(old, part)),
    ...((old.types & typeBits.string) === 0 ? [] : tightenedTexts(old, part)),
  ];
  for (const keyword of tightened) {
    comparison.report(within(place, keyword), `is tighter than before: ${JSON.stringify(part[keyword])}`);
  }
  return tightened.length === 0;
}

type Keyword = keyof SchemaObject;

function tightenedNumbers(old: Described, part: SchemaObject): Keyword[] {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = part;
  const from = old.most('minimum');
  const above = old.most('exclusiveMinimum');
  const to = old.least('maximum');
  const below = old.least('exclusiveMaximum');
  const tightened: Keyword[] = [];
  if (minimum !== undefined && from < minimum && above < minimum) tightened.push('minimum');
  if (exclusiveMinimum !== undefined && from <= exclusiveMinimum && above < exclusiveMinimum) {
    tightened.push('exclusiveMinimum');
  }
  if (maximum !== undefined && to > maximum && below > maximum) tightened.push('maximum');
  if (exclusiveMaximum !== undefined && to >= exclusiveMaximum && below > exclusiveMaximum) {
    tightened.push('exclusiveMaximum');
  }
  if (multipleOf !== undefined && !wasMultiple(old, multipleOf)) tightened.push('multipleOf');
  return tightened;
}

/** Fractions are taken as they stand: what is a multiple of one fraction need not look like one of another to a computer. */
function wasMultiple(old: Described, of: number): boolean {
  const whole = (old.types & typeBits.number) === typeBits.integer ? [1] : [];
  const known = [...old.parts.flatMap(({ multipleOf }) => multipleOf ?? []), ...whole];
  return known.some((each) => each === of || (Number.isInteger(of) && Number.isInteger(each) && isMultiple(each, of)));
}

function tightenedTexts(old: Described, part: SchemaObject): Keyword[] {
  const tightened: Keyword[] = [];
  if (old.most('minLength') < (part.minLength ?? 0) && (part.minLength ?? 0) > 0) tightened.push('minLength');
  if (old.least('maxLength') > (part.maxLength ?? Infinity)) tightened.push('maxLength');
  for (const keyword of ['pattern', 'format'] as const) {
    const asked = part[keyword];
    if (asked !== undefined && !old.parts.some((each) => each[keyword] === asked)) tightened.push(keyword);
  }
  return tightened;
}
