// Arrays: each item must be covered by what is asked of it now, and none of the counts tightened.
import type { Comparison, Pairing } from './comparison.ts';
import type { Described } from './described.ts';
import { within } from './place.ts';
import type { SchemaObject } from './schema.ts';

export function arrayCovers(pairing: Pairing, comparison: Comparison): boolean {
  const { old, part, place } = pairing;
  const tightened = tightenedKeywords(old, part, comparison);
  for (const keyword of tightened) comparison.report(within(place, keyword), 'is tighter than before');
  return itemsCover(pairing, comparison) && tightened.length === 0;
}

function tightenedKeywords(old: Described, part: SchemaObject, comparison: Comparison): (keyof SchemaObject)[] {
  const tightened: (keyof SchemaObject)[] = [];
  if (old.most('minItems') < (part.minItems ?? 0) && (part.minItems ?? 0) > 0) tightened.push('minItems');
  if (old.least('maxItems') > (part.maxItems ?? Infinity)) tightened.push('maxItems');
  const unique = old.parts.some(({ uniqueItems }) => uniqueItems === true) || old.least('maxItems') <= 1;
  if (part.uniqueItems === true && !unique) tightened.push('uniqueItems');
  if (part.contains !== undefined && !containsCovers(old, part, comparison)) tightened.push('contains');
  const { unevaluatedItems } = part;
  // What is left unevaluated depends on all the rest; the same part word for word has been found before.
  if (unevaluatedItems !== undefined && unevaluatedItems !== true) tightened.push('unevaluatedItems');
  return tightened;
}

function containsCovers(old: Described, part: SchemaObject, { identities }: Comparison): boolean {
  const { contains, minContains = 1, maxContains = Infinity } = part;
  if (contains === undefined || (minContains === 0 && maxContains === Infinity)) return true;
  const asked = identities.of(contains);
  return old.parts.some(
    (each) =>
      each.contains !== undefined &&
      identities.of(each.contains) === asked &&
      (each.minContains ?? 1) >= minContains &&
      (each.maxContains ?? Infinity) <= maxContains,
  );
}

function itemsCover({ old, part, place }: Pairing, comparison: Comparison): boolean {
  const { prefixItems = [], items } = part;
  const longest = old.least('maxItems');
  let covers = true;
  for (const [index, asked] of prefixItems.entries()) {
    const at = within(within(place, 'prefixItems'), index);
    if (index < longest) covers = comparison.covers(old.item(index), asked, at) && covers;
  }
  if (items === undefined) return covers;
  // One by one as long as the old version tells them apart, then all others at once.
  const last = Math.max(prefixItems.length, old.prefix);
  for (let index = prefixItems.length; index <= last && index < longest; index++) {
    covers = comparison.covers(old.item(index), items, within(place, 'items')) && covers;
  }
  return covers;
}
