// Values that fit an Avro schema, for property tests.
import fc from 'fast-check';

interface Named {
  type: 'record' | 'enum';
  name: string;
  namespace?: string;
  fields?: { name: string; type: Schema }[];
  symbols?: string[];
}
type Schema = string | Schema[] | Named | { type: Schema; items?: Schema; values?: Schema };

/** avsc reads whole numbers right within this; times and counts are far from it. */
const safe = 2 ** 52;
const text = fc.string({ unit: 'binary' });

const primitives: Record<string, fc.Arbitrary<unknown>> = {
  null: fc.constant(null),
  boolean: fc.boolean(),
  int: fc.integer(),
  long: fc.integer({ min: -safe, max: safe }),
  double: fc.double({ noNaN: true }),
  string: text,
  bytes: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
};

/** Values of a schema; `known` are the named types met before. */
export function valuesOf(schema: Schema, known = new Map<string, fc.Arbitrary<unknown>>()): fc.Arbitrary<unknown> {
  if (typeof schema === 'string') {
    const found = primitives[schema] ?? known.get(schema.split('.').at(-1) ?? '');
    if (!found) throw new Error(`no values for ${schema}`);
    return found;
  }
  if (Array.isArray(schema)) return fc.oneof(...schema.map((branch) => valuesOf(branch, known)));
  if (schema.type === 'record' || schema.type === 'enum') return named(schema as Named, known);
  if (schema.type === 'array' && 'items' in schema && schema.items) {
    return fc.array(valuesOf(schema.items, known), { maxLength: 4 });
  }
  if (schema.type === 'map' && 'values' in schema && schema.values) {
    return fc.dictionary(
      text.filter((key) => key !== '__proto__'),
      valuesOf(schema.values, known),
      { maxKeys: 4 },
    );
  }
  return valuesOf(schema.type, known);
}

function named(
  { type, name, fields = [], symbols = [] }: Named,
  known: Map<string, fc.Arbitrary<unknown>>,
): fc.Arbitrary<unknown> {
  const values =
    type === 'enum'
      ? fc.constantFrom(...symbols)
      : fc.record(Object.fromEntries(fields.map((field) => [field.name, valuesOf(field.type, known)])), {
          noNullPrototype: true,
        });
  known.set(name, values);
  return values;
}
