// A schema and its next version, and the payloads of which compatibility speaks: those without members that only the next version knows.
import fc from 'fast-check';
import { subschemasOf } from '../src/references.ts';
import type { Schema, SchemaObject } from '../src/schema.ts';
import { oneKeyword, payloadFor, schema, subschema, tidySchema, tidySubschema } from './arbitraries.ts';

type Plain = Record<string, unknown>;

/** One thing that may be done to a schema, somewhere in it. */
const edit = fc.oneof(
  fc.record({ kind: fc.constant('drop' as const), where: fc.nat(), which: fc.nat() }),
  fc.record({ kind: fc.constant('shift' as const), where: fc.nat(), which: fc.nat(), by: fc.constantFrom(-1, 1) }),
  fc.record({ kind: fc.constant('add' as const), where: fc.nat(), schema: oneKeyword }),
  fc.record({
    kind: fc.constant('put' as const),
    where: fc.nat(),
    which: fc.nat(),
    schema: fc.oneof(subschema(1), tidySubschema(1)),
  }),
);
type Edit = typeof edit extends fc.Arbitrary<infer Value> ? Value : never;

/** A schema with the version that follows it: edited a little, as versions are. */
const versions: fc.Arbitrary<[before: SchemaObject, after: SchemaObject]> = fc
  .tuple(fc.oneof(schema, { arbitrary: tidySchema, weight: 2 }), fc.array(edit, { minLength: 1, maxLength: 2 }))
  .map(([before, edits]) => {
    const after = structuredClone(before);
    for (const each of structuredClone(edits)) apply(after, each);
    return [before, { ...after, type: 'object' }];
  });

/** The same with payloads made for the version before. */
export const versionsInUse = versions.chain(([before, after]) =>
  fc.record({
    before: fc.constant(before),
    after: fc.constant(after),
    payloads: fc.array(payloadFor(before), { minLength: 12, maxLength: 12 }),
  }),
);

function apply(root: SchemaObject, edit: Edit): void {
  const all = objectsOf(root);
  const place = all[edit.where % all.length] as Plain;
  const keywords = Object.keys(place).filter((keyword) => keyword !== '$defs');
  const keyword = 'which' in edit ? (keywords[edit.which % keywords.length] ?? 'title') : '';
  const value = place[keyword];
  if (edit.kind === 'drop') delete place[keyword];
  else if (edit.kind === 'add') Object.assign(place, typeof edit.schema === 'boolean' ? {} : edit.schema);
  else if (edit.kind === 'shift') {
    if (typeof value === 'number' && keyword !== 'const' && value + edit.by > 0) place[keyword] = value + edit.by;
    else if (Array.isArray(value) && value.length > 1) place[keyword] = value.slice(1);
  } else if (typeof value === 'object' && value !== null) {
    const members = Object.keys(value);
    const name = members[edit.where % members.length];
    const holdsSchemas = Object.values(value).every(
      (each) => ['object', 'boolean'].includes(typeof each) && each !== null,
    );
    if (name !== undefined && holdsSchemas && !keyword.startsWith('dependentRequired')) {
      (value as Plain)[name] = edit.schema;
    }
  }
}

function objectsOf(schema: Schema): SchemaObject[] {
  return typeof schema === 'boolean' ? [] : [schema, ...subschemasOf(schema).flatMap(objectsOf)];
}

/** A payload without the members that `before` says nothing of and `after` gives a meaning. */
export function withoutNewMembers(payload: unknown, before: SchemaObject, after: SchemaObject): unknown {
  return pruned(payload, { schemas: [before], root: before }, { schemas: [after], root: after });
}

interface Place {
  schemas: readonly Schema[];
  root: SchemaObject;
}

function pruned(value: unknown, before: Place, after: Place): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const [old, now] = [asked(before), asked(after)];
  const inner = (each: unknown, key: string | number): unknown =>
    pruned(each, { ...before, schemas: insideOf(old, key) }, { ...after, schemas: insideOf(now, key) });
  if (Array.isArray(value)) return value.map(inner);
  const kept = Object.entries(value).filter(([name]) => speaksOf(old, name) || !speaksOf(now, name));
  return Object.fromEntries(kept.map(([name, each]) => [name, inner(each, name)]));
}

/** Every subschema that may be asked at a place. */
function asked({ schemas, root }: Place): SchemaObject[] {
  const found = new Set<SchemaObject>();
  const add = (schema: Schema | undefined): void => {
    if (typeof schema !== 'object' || found.has(schema)) return;
    found.add(schema);
    const { allOf = [], anyOf = [], oneOf = [], dependentSchemas = {} } = schema;
    const single = [schema.not, schema.if, schema.then, schema.else];
    for (const each of [...allOf, ...anyOf, ...oneOf, ...Object.values(dependentSchemas), ...single]) add(each);
    if (schema.$ref !== undefined) add((root as { $defs?: { one: Schema } }).$defs?.one);
  };
  schemas.forEach(add);
  return [...found];
}

function speaksOf(schemas: readonly SchemaObject[], name: string): boolean {
  return schemas.some((schema) => {
    const { properties = {}, patternProperties = {}, dependentSchemas = {}, dependentRequired = {} } = schema;
    const { required = [] } = schema;
    if ([properties, dependentSchemas, dependentRequired].some((named) => name in named)) return true;
    if (required.includes(name) || Object.values(dependentRequired).flat().includes(name)) return true;
    if (Object.keys(patternProperties).some((text) => new RegExp(text, 'u').test(name))) return true;
    return [schema.additionalProperties, schema.unevaluatedProperties].some((each) => typeof each === 'object');
  });
}

function insideOf(schemas: readonly SchemaObject[], key: string | number): Schema[] {
  const all = schemas.flatMap((schema) => {
    if (typeof key === 'number') {
      const { prefixItems = [], items, contains, unevaluatedItems } = schema;
      return [prefixItems[key] ?? items, contains, unevaluatedItems];
    }
    const { properties = {}, patternProperties = {}, additionalProperties, unevaluatedProperties } = schema;
    const matched = Object.entries(patternProperties).filter(([text]) => new RegExp(text, 'u').test(key));
    const known = [...(key in properties ? [properties[key]] : []), ...matched.map(([, each]) => each)];
    return [...(known.length > 0 ? known : [additionalProperties]), unevaluatedProperties];
  });
  return all.filter((each) => each !== undefined);
}
