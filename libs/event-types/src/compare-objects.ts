// Objects: each member that may be there must be covered by what is asked of it now. A name nobody spoke of before may be given a meaning.
import type { Comparison, Pairing } from './comparison.ts';
import type { Described } from './described.ts';
import { matchesText } from './mentions.ts';
import { within, type Place } from './place.ts';
import type { SchemaObject } from './schema.ts';

export function objectCovers(pairing: Pairing, comparison: Comparison): boolean {
  return [
    countsCover(pairing, comparison),
    requiredCovers(pairing, comparison),
    dependentsCover(pairing, comparison),
    propertiesCover(pairing, comparison),
    patternsCover(pairing, comparison),
    othersCover(pairing, comparison),
    namesCover(pairing, comparison),
  ].every(Boolean);
}

function countsCover({ old, part, place }: Pairing, comparison: Comparison): boolean {
  const { minProperties = 0, maxProperties = Infinity, unevaluatedProperties } = part;
  const tightened: (keyof SchemaObject)[] = [];
  if (Math.max(old.most('minProperties'), old.required.size) < minProperties) tightened.push('minProperties');
  if (old.least('maxProperties') > maxProperties) tightened.push('maxProperties');
  if (unevaluatedProperties !== undefined && unevaluatedProperties !== true) tightened.push('unevaluatedProperties');
  for (const keyword of tightened) comparison.report(within(place, keyword), 'is tighter than before');
  return tightened.length === 0;
}

function requiredCovers({ old, part, place }: Pairing, comparison: Comparison): boolean {
  const required = old.required;
  const added = (part.required ?? []).filter((name) => !required.has(name));
  for (const name of added) comparison.report(within(place, 'required'), `asks for ${name}, which could be left out`);
  return added.length === 0;
}

function dependentsCover({ old, part, place }: Pairing, comparison: Comparison): boolean {
  const required = old.required;
  const at = within(place, 'dependentRequired');
  const lists = Object.entries(part.dependentRequired ?? {}).map(([name, others]) => {
    const known = new Set(old.parts.flatMap(({ dependentRequired: { [name]: list } = {} }) => list ?? []));
    const added = others.filter((other) => other !== name && !required.has(other) && !known.has(other));
    if (added.length === 0 || !old.mayHave(name)) return true;
    return comparison.report(within(at, name), `asks for ${added[0]}, which could be left out`);
  });
  const schemas = Object.entries(part.dependentSchemas ?? {}).map(([name, asked]) => {
    if (!old.mayHave(name)) return true;
    const known = old.parts.flatMap(({ dependentSchemas: { [name]: schema } = {} }) => schema ?? []);
    const withName = old.and({ required: [name] }, ...known);
    return comparison.covers(withName, asked, within(within(place, 'dependentSchemas'), name));
  });
  return [...lists, ...schemas].every(Boolean);
}

function propertiesCover({ old, part, place }: Pairing, comparison: Comparison): boolean {
  const all = Object.entries(part.properties ?? {}).map(([name, asked]) => {
    if (!old.mentionsName(name)) return true;
    return comparison.covers(old.member(name), asked, within(within(place, 'properties'), name));
  });
  return all.every(Boolean);
}

function patternsCover({ old, part, place }: Pairing, comparison: Comparison): boolean {
  const at = within(place, 'patternProperties');
  const all = Object.entries(part.patternProperties ?? {}).map(([text, asked]) => {
    const patternAt = within(at, text);
    const named = [...old.names]
      .filter((name) => matchesText(comparison.context, text, name))
      .map((name) => comparison.covers(old.member(name), asked, patternAt));
    // Two patterns may match the same name, and whether they do is not looked into.
    const texts = old.patternTexts;
    const matched = [...texts].map((other) => comparison.covers(old.memberByPattern(other), asked, patternAt));
    const others = texts.has(text) || comparison.covers(old.otherMembers, asked, patternAt);
    return [...named, ...matched, others].every(Boolean);
  });
  return all.every(Boolean);
}

/** Members that the new version neither names nor has a pattern for. */
function othersCover({ old, part, place }: Pairing, comparison: Comparison): boolean {
  const { properties = {}, patternProperties = {}, additionalProperties: asked } = part;
  if (asked === undefined || asked === true) return true;
  const texts = Object.keys(patternProperties);
  const left = (name: string): boolean =>
    !Object.hasOwn(properties, name) && !texts.some((text) => matchesText(comparison.context, text, name));
  const named = [...old.names].filter(left).map((name) => {
    const at = within(within(place, 'properties'), name);
    if (asked === false && old.mayHave(name)) return comparison.report(at, 'is no longer allowed');
    return comparison.covers(old.member(name), asked, at);
  });
  const at = within(place, 'additionalProperties');
  const matched = [...old.patternTexts]
    .filter((text) => !Object.hasOwn(patternProperties, text))
    .map((text) => covering(old.memberByPattern(text), { asked, at }, comparison));
  return [...named, ...matched, covering(old.otherMembers, { asked, at }, comparison)].every(Boolean);
}

function covering(
  old: Described,
  { asked, at }: { asked: SchemaObject | false; at: Place },
  comparison: Comparison,
): boolean {
  if (asked !== false || old.never) return comparison.covers(old, asked, at);
  return comparison.report(at, 'no longer allows properties that are not named');
}

function namesCover({ old, part, place }: Pairing, comparison: Comparison): boolean {
  const { propertyNames } = part;
  if (propertyNames === undefined) return true;
  const at = within(place, 'propertyNames');
  const closed = old.otherMembers.never && old.patternTexts.size === 0;
  if (closed)
    return comparison.coversValues(new Set([...old.names].filter((name) => old.mayHave(name))), propertyNames, at);
  const known = old.parts.flatMap((each) => each.propertyNames ?? []);
  return comparison.covers(comparison.described([{ type: 'string' }, ...known]), propertyNames, at);
}
