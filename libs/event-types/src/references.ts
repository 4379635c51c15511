// What references bring about, counted and not followed: a schema of a kilobyte can name more subschemas than there are atoms.
import type { Problem } from '@sluice/contracts';
import { limits } from './limits.ts';
import { paramOf, type Place } from './place.ts';
import { bitsOfType, typeBits, type Schema, type SchemaObject } from './schema.ts';

/** A `$ref`: who refers, to what. */
export interface Reference {
  readonly from: SchemaObject;
  to: Schema | undefined;
  readonly pointer: string;
  readonly place: Place;
}

/** Problems that show only when the whole document has been read. */
export function referenceProblems(
  root: SchemaObject,
  references: readonly Reference[],
  uniques: readonly { schema: SchemaObject; place: Place }[],
): Problem[] {
  const targets = new Map(references.map((reference) => [reference.from, reference]));
  const count = new Counter(targets).count(root);
  if (typeof count !== 'number') return [{ param: paramOf(count.place), msg: 'must not lead back to itself' }];
  if (count > limits.subschemas) {
    return [{ param: 'schema', msg: `may have ${limits.subschemas} subschemas at most, counted where each is used` }];
  }
  return uniques
    .filter(({ schema }) => !holdsScalars(schema, targets))
    .map(({ place }) => ({ param: paramOf(place), msg: 'needs items whose type is a scalar: string, number, ...' }));
}

type Targets = ReadonlyMap<SchemaObject, Reference>;

class Counter {
  private readonly targets: Targets;
  /** What is known of a subschema; `undefined` while it is being counted. */
  private readonly counts = new Map<Schema, number | undefined>();

  constructor(targets: Targets) {
    this.targets = targets;
  }

  /** How many subschemas there are with every reference replaced by what it refers to, or a reference that leads back. */
  count(schema: Schema): number | Reference {
    if (typeof schema === 'boolean') return 1;
    const known = this.counts.get(schema);
    if (known !== undefined) return known;
    this.counts.set(schema, undefined);
    let sum = 1;
    for (const child of this.children(schema)) {
      // Met again before its count is known: it is inside itself, and only a reference can have led there.
      const again = typeof child !== 'boolean' && this.counts.has(child) && this.counts.get(child) === undefined;
      const reference = this.targets.get(schema);
      if (again && reference) return reference;
      const count = this.count(child);
      if (typeof count !== 'number') return count;
      sum += count;
    }
    this.counts.set(schema, sum);
    return sum;
  }

  private children(schema: SchemaObject): Schema[] {
    const target = this.targets.get(schema)?.to;
    // Definitions are counted where they are used, and once more here: one that nobody uses may be at fault too.
    return [...(target === undefined ? [] : [target]), ...subschemasOf(schema)];
  }
}

/** The subschemas that stand in a schema, definitions included. */
export function subschemasOf(schema: SchemaObject): Schema[] {
  const { $defs } = schema as { $defs?: Readonly<Record<string, Schema>> };
  const named = [$defs, schema.properties, schema.patternProperties, schema.dependentSchemas];
  const lists = [schema.prefixItems, schema.allOf, schema.anyOf, schema.oneOf];
  const single = [
    ...[schema.items, schema.contains, schema.unevaluatedItems, schema.additionalProperties, schema.propertyNames],
    ...[schema.unevaluatedProperties, schema.not, schema.if, schema.then, schema.else],
  ];
  return [
    ...named.flatMap((schemas) => Object.values(schemas ?? {})),
    ...lists.flatMap((schemas) => schemas ?? []),
    ...single.filter((each) => each !== undefined),
  ];
}

const scalars = typeBits.null | typeBits.boolean | typeBits.number | typeBits.string;

/** Whether every item of the arrays a schema describes is a scalar, so that finding a repeated one takes a set and no comparing. */
function holdsScalars({ items, prefixItems = [] }: SchemaObject, targets: Targets): boolean {
  return items !== undefined && [items, ...prefixItems].every((each) => isScalar(each, targets));
}

function isScalar(schema: Schema, targets: Targets): boolean {
  if (typeof schema === 'boolean') return !schema;
  if (schema.enum !== undefined || schema.const !== undefined) return true;
  if ((bitsOfType(schema.type) & ~scalars) === 0) return true;
  const target = targets.get(schema)?.to;
  if (target !== undefined && isScalar(target, targets)) return true;
  const { anyOf = [], oneOf = [], allOf = [] } = schema;
  if (allOf.some((each) => isScalar(each, targets))) return true;
  return [anyOf, oneOf].some((each) => each.length > 0 && each.every((one) => isScalar(one, targets)));
}
