// What consumers of the old version count on: a property that was described still is, one that was required is, and its type has not grown.
import type { Comparison } from './comparison.ts';
import type { Described } from './described.ts';
import { within, type Place } from './place.ts';
import { typeWords } from './scalars.ts';
import { typeBits } from './schema.ts';

interface Pair {
  old: Described;
  now: Described;
  place: Place;
}

/** Tells what is broken, member by member and item by item. Alternatives (anyOf, oneOf, if) promise nothing. */
export function brokenPromises({ old, now, place }: Pair, comparison: Comparison): void {
  comparison.spend(1 + old.size + now.size);
  const required = now.required;
  for (const name of old.required) {
    if (!required.has(name))
      comparison.report(within(place, 'required'), `no longer names ${name}: consumers count on it`);
  }
  for (const name of old.properties) {
    const at = within(within(place, 'properties'), name);
    const members = { old: old.member(name), now: now.member(name), place: at };
    if (members.old.never) continue;
    if (!now.mentionsName(name)) comparison.report(at, 'is no longer described: consumers may read it');
    else toldOfTypes(members, comparison);
  }
  if ((old.types & now.types & typeBits.array) === 0) return;
  const items = { old: old.item(old.prefix), now: now.item(Math.max(old.prefix, now.prefix)) };
  if (items.old.parts.length > 0) toldOfTypes({ ...items, place: within(place, 'items') }, comparison);
}

function toldOfTypes({ old, now, place }: Pair, comparison: Comparison): void {
  const grown = now.never || old.never ? 0 : now.types & ~old.types;
  if (grown !== 0)
    comparison.report(within(place, 'type'), `may be ${typeWords(grown)} now: consumers do not expect it`);
  brokenPromises({ old, now, place }, comparison);
}
