// Alternatives and conditions: by finding the alternative that covers, by going through the old ones case by case, or by being the same.
import type { Comparison, Pairing } from './comparison.ts';
import type { Described } from './described.ts';
import { within, type Place } from './place.ts';
import { typeBits, type Schema, type TypeName } from './schema.ts';

export function logicCovers(pairing: Pairing, comparison: Comparison): boolean {
  return [
    anyOfCovers(pairing, comparison),
    oneOfCovers(pairing, comparison),
    notCovers(pairing, comparison),
    conditionCovers(pairing, comparison),
  ].every(Boolean);
}

function anyOfCovers({ old, part, place }: Pairing, comparison: Comparison): boolean {
  const { anyOf } = part;
  if (!anyOf || old.parts.some((each) => each.anyOf && comparison.identities.sameLists(each.anyOf, anyOf))) return true;
  return someCovers(old, { asked: anyOf, place: within(place, 'anyOf') }, comparison);
}

function oneOfCovers({ old, part, place }: Pairing, comparison: Comparison): boolean {
  const { oneOf } = part;
  if (!oneOf || old.parts.some((each) => each.oneOf && comparison.identities.sameLists(each.oneOf, oneOf))) return true;
  const at = within(place, 'oneOf');
  const described = oneOf.map((each) => comparison.described([each]));
  const exclusive = described.every((one, index) =>
    described.slice(index + 1).every((other) => comparison.apart(one, other)),
  );
  if (!exclusive) return comparison.report(at, 'has changed, and a value may fit several alternatives');
  return someCovers(old, { asked: oneOf, place: at }, comparison);
}

/** Whether each value is covered by one of the alternatives. */
function someCovers(
  old: Described,
  { asked, place }: { asked: readonly Schema[]; place: Place },
  comparison: Comparison,
): boolean {
  if (old.never || old.types === 0) return true;
  const covered = (each: Schema): boolean => comparison.quietly(() => comparison.covers(old, each, place));
  if (asked.some(covered)) return true;
  const cases = casesOf(old);
  if (cases.length > 0) return cases.every((each) => someCovers(each, { asked, place }, comparison));
  return comparison.report(place, 'cannot be shown to allow all that was allowed before');
}

/** The old place taken apart: by the alternatives it gives, else by type. */
function casesOf(old: Described): Described[] {
  for (const part of old.parts) {
    for (const keyword of ['anyOf', 'oneOf'] as const) {
      const alternatives = part[keyword];
      if (!alternatives) continue;
      // What it refers to and its allOf stand among the parts already.
      const { [keyword]: _, $ref: _target, allOf: _all, ...rest } = part;
      return alternatives.map((each) => old.without(part).and(rest, each));
    }
  }
  const names = (Object.keys(typeBits) as TypeName[]).filter((name) => name !== 'integer' || !hasFractions(old));
  const types = names.filter((name) => (old.types & typeBits[name]) !== 0 && (name !== 'number' || hasFractions(old)));
  return types.length > 1 ? types.map((type) => old.and({ type })) : [];
}

const hasFractions = (old: Described): boolean => (old.types & typeBits.number & ~typeBits.integer) !== 0;

function notCovers({ old, part, place }: Pairing, comparison: Comparison): boolean {
  const { not } = part;
  if (not === undefined) return true;
  const number = comparison.identities.of(not);
  if (old.parts.some((each) => each.not !== undefined && comparison.identities.of(each.not) === number)) return true;
  if (comparison.apart(old, comparison.described([not]))) return true;
  return comparison.report(within(place, 'not'), 'may rule out what was allowed before');
}

function conditionCovers({ old, part, place }: Pairing, comparison: Comparison): boolean {
  const { if: condition, then = true, else: otherwise = true } = part;
  if (condition === undefined || (then === true && otherwise === true)) return true;
  const same = (one: Schema = true, other: Schema = true): boolean =>
    comparison.identities.of(one) === comparison.identities.of(other);
  const known = old.parts.some(
    (each) => each.if !== undefined && same(each.if, condition) && same(each.then, then) && same(each.else, otherwise),
  );
  if (known) return true;
  const both = [then, otherwise].every((each) => comparison.quietly(() => comparison.covers(old, each, place)));
  return both || comparison.report(within(place, 'if'), 'has changed, and may rule out what was allowed before');
}
