// Small schemas and small values for property tests: few names, short texts, low numbers, so that they often meet.
import fc from 'fast-check';
import type { Schema, SchemaObject } from '../src/schema.ts';

const names = ['a', 'b', 'ab', 'c'] as const;
const patterns = ['^a', 'b$', '^[ab]*$', '.', '^c'] as const;
const texts = ['', 'a', 'b', 'ab', 'ba', 'abc', '😀'] as const;

const name = fc.constantFrom(...names);
const low = fc.integer({ min: 0, max: 3 });
const number = fc.oneof(fc.integer({ min: -3, max: 5 }), fc.constantFrom(0.5, 1.5, -0.5));
const scalar = fc.oneof(fc.constantFrom(...texts), number, fc.boolean(), fc.constant(null));
const scalars = fc.uniqueArray(scalar, { minLength: 1, maxLength: 4 });
const typeName = fc.constantFrom('null', 'boolean', 'integer', 'number', 'string', 'array', 'object' as const);

/** A few of a record's keywords, never all. */
const some = (keywords: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<SchemaObject> =>
  fc.subarray(Object.keys(keywords), { minLength: 1, maxLength: 4 }).chain((chosen) => {
    const model = Object.fromEntries(chosen.map((keyword) => [keyword, keywords[keyword] as fc.Arbitrary<unknown>]));
    return fc.record(model) as fc.Arbitrary<SchemaObject>;
  });

const named = <Value>(key: fc.Arbitrary<string>, value: fc.Arbitrary<Value>): fc.Arbitrary<Record<string, Value>> =>
  fc.dictionary(key, value, { minKeys: 1, maxKeys: 3, noNullPrototype: true });

const text = some({
  type: fc.constant('string'),
  minLength: low,
  maxLength: low,
  pattern: fc.constantFrom(...patterns),
});
const amount = some({
  type: fc.constantFrom('number', 'integer'),
  minimum: number,
  maximum: number,
  exclusiveMinimum: number,
  exclusiveMaximum: number,
  multipleOf: fc.constantFrom(1, 2, 3),
});
const choice = fc.oneof(
  scalar.map((each) => ({ const: each })),
  scalars.map((each) => ({ enum: each })),
);
const anyTypes = fc.uniqueArray(typeName, { minLength: 1, maxLength: 3 }).map((type) => ({ type }));

function arrayOf(part: fc.Arbitrary<Schema>): fc.Arbitrary<SchemaObject> {
  const plain = some({
    type: fc.constant('array'),
    items: part,
    prefixItems: fc.array(part, { minLength: 1, maxLength: 2 }),
    contains: part,
    minContains: low,
    maxContains: low,
    minItems: low,
    maxItems: low,
    unevaluatedItems: part,
  });
  const unique = fc.record({
    items: fc.oneof(choice, fc.constant({ type: 'number' })),
    uniqueItems: fc.constant(true),
  });
  return fc.oneof({ arbitrary: plain, weight: 4 }, unique as fc.Arbitrary<SchemaObject>);
}

const objectOf = (part: fc.Arbitrary<Schema>): fc.Arbitrary<SchemaObject> =>
  some({
    type: fc.constant('object'),
    properties: named(name, part),
    patternProperties: named(fc.constantFrom(...patterns), part),
    additionalProperties: part,
    propertyNames: fc.oneof(text, choice),
    unevaluatedProperties: part,
    required: fc.uniqueArray(name, { maxLength: 2 }),
    dependentRequired: named(name, fc.uniqueArray(name, { maxLength: 2 })),
    dependentSchemas: named(name, part),
    minProperties: low,
    maxProperties: low,
  });

const logicOf = (part: fc.Arbitrary<Schema>): fc.Arbitrary<SchemaObject> => {
  const list = fc.array(part, { minLength: 1, maxLength: 3 });
  return some({ allOf: list, anyOf: list, oneOf: list, not: part, if: part, then: part, else: part });
};

/** Any subschema, `depth` levels at most; some refer to `#/$defs/one`. */
export function subschema(depth: number): fc.Arbitrary<Schema> {
  const leaf = fc.oneof(text, amount, choice, anyTypes as fc.Arbitrary<SchemaObject>, fc.boolean());
  if (depth === 0) return leaf;
  const part = subschema(depth - 1);
  const mixed = fc.tuple(objectOf(part), logicOf(part)).map(([first, second]) => ({ ...first, ...second }));
  const reference = fc.constant({ $ref: '#/$defs/one' });
  return fc.oneof(leaf, { arbitrary: objectOf(part), weight: 3 }, arrayOf(part), logicOf(part), mixed, reference);
}

/** A schema as an event type has it. */
export const schema: fc.Arbitrary<SchemaObject> = fc
  .tuple(objectOf(subschema(2)), logicOf(subschema(1)), fc.boolean(), subschema(0))
  .map(([object, logic, both, one]) => ({ ...object, ...(both ? logic : {}), type: 'object', $defs: { one } }));

/** Keywords that go together, each there or not. */
const maybe = (keywords: Record<string, fc.Arbitrary<unknown>>, type: string): fc.Arbitrary<SchemaObject> =>
  fc.record({ ...keywords, type: fc.constant(type) }, { requiredKeys: ['type'] }) as fc.Arbitrary<SchemaObject>;

/** A subschema as people write them: of one type, its keywords seldom at odds. Payloads made for it mostly fit. */
export function tidySubschema(depth: number): fc.Arbitrary<SchemaObject> {
  const above = fc.integer({ min: 2, max: 4 });
  const leaf = fc.oneof(
    maybe({ minLength: fc.nat({ max: 1 }), maxLength: above }, 'string'),
    maybe({ minimum: fc.integer({ min: -3, max: 0 }), maximum: above, exclusiveMaximum: fc.constant(5) }, 'number'),
    choice as fc.Arbitrary<SchemaObject>,
  );
  if (depth === 0) return leaf;
  const part = tidySubschema(depth - 1);
  const array = maybe({ items: part, maxItems: above, prefixItems: fc.tuple(part) }, 'array');
  const either = fc.tuple(part, part).map((anyOf) => ({ anyOf }));
  return fc.oneof(leaf, array, { arbitrary: tidyObject(part), weight: 2 }, either);
}

const tidyObject = (part: fc.Arbitrary<Schema>): fc.Arbitrary<SchemaObject> =>
  maybe(
    {
      properties: named(fc.constantFrom('a', 'b'), part),
      required: fc.subarray(['a', 'b'], { maxLength: 1 }),
      patternProperties: named(fc.constantFrom('^c'), part),
      additionalProperties: fc.oneof(part, fc.boolean()),
    },
    'object',
  );

export const tidySchema = tidyObject(tidySubschema(2));

/** One keyword and its value, for a schema that lacks it. */
export const oneKeyword: fc.Arbitrary<SchemaObject> = fc
  .oneof(text, amount, arrayOf(tidySubschema(0)), objectOf(tidySubschema(0)), tidySubschema(1))
  .chain((each) => fc.constantFrom(...Object.entries(each)))
  .map(([keyword, one]) => ({ [keyword]: one as unknown }));

/** Any value. */
export const value: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', maxDepth: 3 },
    scalar,
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(name, tie('any'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).any;

/** A payload. */
export const payload = fc.dictionary(name, value, { maxKeys: 4, noNullPrototype: true });

/** A payload made for a schema: more often one that fits than `payload`, and deeper. */
export function payloadFor(schema: SchemaObject): fc.Arbitrary<unknown> {
  return made(schema, { root: schema, depth: 4 });
}

interface Making {
  root: SchemaObject;
  depth: number;
}

function made(schema: Schema | undefined, { root, depth }: Making): fc.Arbitrary<unknown> {
  if (typeof schema !== 'object' || depth === 0) return value;
  const make = (each: Schema | undefined): fc.Arbitrary<unknown> => made(each, { root, depth: depth - 1 });
  const { $defs } = root as { $defs?: { one: Schema } };
  if (schema.$ref !== undefined) return make($defs?.one);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const types = [schema.type ?? []].flat();
  const has = (type: string, ...keywords: (keyof SchemaObject)[]): boolean =>
    types.length > 0 ? types.includes(type as never) : keywords.some((keyword) => schema[keyword] !== undefined);
  const parts = [schema.anyOf, schema.oneOf, schema.allOf].flatMap((list) => list ?? []).map(make);
  if (has('string', 'minLength', 'maxLength', 'pattern')) parts.push(textFor(schema));
  if (has('number', 'minimum', 'maximum', 'multipleOf') || has('integer')) {
    parts.push(numberFor(schema));
  }
  if (has('array', 'items', 'prefixItems', 'contains', 'minItems')) parts.push(madeArray(schema, make));
  if (has('object', 'properties', 'patternProperties', 'additionalProperties', 'required', 'propertyNames')) {
    parts.push(madeObject(schema, make));
  }
  return parts.length > 0 ? fc.oneof(...parts) : value;
}

function textFor({ minLength = 0, maxLength = 9, pattern = '' }: SchemaObject): fc.Arbitrary<string> {
  const fitting = texts.filter((each) => [...each].length >= minLength && [...each].length <= maxLength);
  const found = fitting.filter((each) => new RegExp(pattern, 'u').test(each));
  return fc.oneof(fc.constantFrom(...texts), {
    arbitrary: fc.constantFrom(...(found.length > 0 ? found : texts)),
    weight: 4,
  });
}

function numberFor({ minimum = -3, maximum = 5 }: SchemaObject): fc.Arbitrary<number> {
  const [low, high] = [Math.ceil(Math.min(minimum, maximum)), Math.floor(Math.max(minimum, maximum))];
  return low > high ? number : fc.oneof(number, { arbitrary: fc.integer({ min: low, max: high }), weight: 4 });
}

type Make = (schema: Schema | undefined) => fc.Arbitrary<unknown>;

function madeArray(
  { prefixItems = [], items, contains, maxItems = 3 }: SchemaObject,
  make: Make,
): fc.Arbitrary<unknown> {
  const rest = fc.array(contains === undefined ? make(items) : fc.oneof(make(items), make(contains)), { maxLength: 3 });
  const prefix = fc
    .nat({ max: prefixItems.length })
    .chain((count) => fc.tuple(...prefixItems.slice(0, count).map(make)));
  return fc.tuple(prefix, rest).map(([first, others]) => [...first, ...others].slice(0, Math.max(1, maxItems)));
}

function madeObject(schema: SchemaObject, make: Make): fc.Arbitrary<unknown> {
  const { properties = {}, patternProperties = {}, additionalProperties, required = [] } = schema;
  const members = names.map((each) => {
    const matched = Object.entries(patternProperties).find(([text]) => new RegExp(text, 'u').test(each))?.[1];
    return [each, make(properties[each] ?? matched ?? additionalProperties)] as const;
  });
  const record = fc.record(Object.fromEntries(members), { requiredKeys: [] });
  const needed = fc.record(Object.fromEntries(members.filter(([each]) => required.includes(each))));
  return fc.oneof(
    { arbitrary: fc.tuple(record, needed).map(([some, all]) => ({ ...some, ...all })), weight: 3 },
    fc.dictionary(name, value, { maxKeys: 3, noNullPrototype: true }),
  );
}
