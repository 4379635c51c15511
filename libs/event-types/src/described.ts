// What a schema says about the values at one place of a payload: its parts, all of which hold, and what they say of members and items.
import { matchesText, Mentions, type Context } from './mentions.ts';
import { valuesOf } from './plan.ts';
import { bitOf, bitsOfType, everyType, typeBits, type Scalar, type Schema, type SchemaObject } from './schema.ts';

/** A place: every part holds for its values. `true` schemas leave no part, a `false` one makes it `never`. */
export class Described {
  readonly parts: readonly SchemaObject[];
  /** Whether no value fits. */
  readonly never: boolean;
  readonly types: number;
  /** The values that are left where they can be listed. */
  readonly values: ReadonlySet<Scalar> | undefined;
  private readonly context: Context;
  private readonly mentions: Mentions;

  private constructor(context: Context, { parts, never }: Flat, mentions: Mentions) {
    this.context = context;
    this.parts = parts;
    this.never = never;
    this.mentions = mentions;
    const types = parts.reduce((bits, part) => bits & typesOf(context, part), everyType);
    this.values = listed(parts, types);
    this.types = this.values ? [...this.values].reduce<number>((bits, value) => bits | bitOf(value), 0) : types;
  }

  /** A place of which these schemas say all. */
  static by(context: Context, schemas: readonly Schema[]): Described {
    return new Described(context, flat(context, schemas), new Mentions(context, schemas));
  }

  /** The same place when something more is known of it. What is a new name here does not change by that. */
  and(...schemas: Schema[]): Described {
    const more = flat(this.context, schemas);
    const all = { parts: [...this.parts, ...more.parts], never: this.never || more.never };
    return new Described(this.context, all, this.mentions);
  }

  /** The same place without one of its parts. */
  without(part: SchemaObject): Described {
    const parts = this.parts.filter((each) => each !== part);
    return new Described(this.context, { parts, never: this.never }, this.mentions);
  }

  /** How much there is to look at. */
  get size(): number {
    return this.parts.length + this.mentions.places.size;
  }

  get required(): Set<string> {
    return new Set(this.parts.flatMap(({ required }) => required ?? []));
  }

  /** Names that are spoken of anywhere at this place, also in alternatives. */
  get names(): ReadonlySet<string> {
    return this.mentions.names;
  }

  get patternTexts(): Set<string> {
    return new Set(this.parts.flatMap(({ patternProperties }) => Object.keys(patternProperties ?? {})));
  }

  /** Whether a name is spoken of: by itself, by a pattern, or as one of all others. */
  mentionsName(name: string): boolean {
    return this.mentions.has(name);
  }

  /** Names that are described one by one in parts that hold for every value. */
  get properties(): Set<string> {
    return new Set(this.parts.flatMap(({ properties }) => Object.keys(properties ?? {})));
  }

  /** What is said of the member of a name. */
  member(name: string): Described {
    const schemas = (part: SchemaObject): Schema[] => memberSchemas(this.context, part, name);
    return this.inside(schemas, (part) => [...schemas(part), ...given(part.unevaluatedProperties)]);
  }

  /** Whether a value may have a member of this name. */
  mayHave(name: string): boolean {
    return !this.never && !this.member(name).never;
  }

  /** What is said of members whose names match a pattern given in this very text, and are not named themselves. */
  memberByPattern(text: string): Described {
    const ofPattern = ({ patternProperties = {} }: SchemaObject): Schema[] => ofName(patternProperties, text);
    const parts = flat(this.context, this.parts.flatMap(ofPattern));
    // Another pattern may match the same names, and whether it does is not looked into: then no name in there is a new one.
    if (this.mentions.hasOtherPattern(text)) return new Described(this.context, parts, Mentions.ofEverything);
    const mentioned = [...this.mentions.places].flatMap((part) => [
      ...ofPattern(part),
      ...given(part.additionalProperties),
      ...given(part.unevaluatedProperties),
    ]);
    return new Described(this.context, parts, this.mentions.inside(mentioned));
  }

  /** What is said of members that neither their name nor a pattern describes. */
  get otherMembers(): Described {
    return this.inside(
      ({ additionalProperties }) => given(additionalProperties),
      (part) => [...given(part.additionalProperties), ...given(part.unevaluatedProperties)],
    );
  }

  /** What is said of the item at an index. */
  item(index: number): Described {
    const schemas = ({ prefixItems = [], items }: SchemaObject): Schema[] => given(prefixItems[index] ?? items);
    return this.inside(schemas, (part) => [...schemas(part), ...given(part.contains), ...given(part.unevaluatedItems)]);
  }

  private inside(holding: (part: SchemaObject) => Schema[], mentioned: (part: SchemaObject) => Schema[]): Described {
    const mentions = this.mentions.inside([...this.mentions.places].flatMap(mentioned));
    return new Described(this.context, flat(this.context, this.parts.flatMap(holding)), mentions);
  }

  /** Items from this index on are all described alike. */
  get prefix(): number {
    return Math.max(0, ...this.parts.map(({ prefixItems = [] }) => prefixItems.length));
  }

  /** The largest of the numbers that the parts give by a keyword; of `max...` the smallest. */
  most(keyword: LowerBound): number {
    return Math.max(...this.parts.map((part) => part[keyword] ?? -Infinity), -Infinity);
  }

  least(keyword: UpperBound): number {
    return Math.min(...this.parts.map((part) => part[keyword] ?? Infinity), Infinity);
  }
}

const given = (schema: Schema | undefined): Schema[] => (schema === undefined ? [] : [schema]);
const ofName = (named: Readonly<Record<string, Schema>>, name: string): Schema[] =>
  Object.hasOwn(named, name) ? given(named[name]) : [];

function memberSchemas(context: Context, part: SchemaObject, name: string): Schema[] {
  const { properties = {}, patternProperties = {}, additionalProperties } = part;
  const byPattern = Object.entries(patternProperties).flatMap(([text, schema]) =>
    matchesText(context, text, name) ? [schema] : [],
  );
  const schemas = [...ofName(properties, name), ...byPattern];
  return schemas.length > 0 ? schemas : given(additionalProperties);
}

type LowerBound = 'minimum' | 'exclusiveMinimum' | 'minLength' | 'minItems' | 'minProperties';
type UpperBound = 'maximum' | 'exclusiveMaximum' | 'maxLength' | 'maxItems' | 'maxProperties';

interface Flat {
  parts: readonly SchemaObject[];
  never: boolean;
}

/** The parts of schemas, those of allOf and behind references among them. */
function flat(context: Context, schemas: readonly Schema[]): Flat {
  const parts: SchemaObject[] = [];
  let never = false;
  const add = (schema: Schema): void => {
    if (typeof schema === 'boolean') never ||= !schema;
    else {
      parts.push(schema);
      for (const each of [...given(context.targets.get(schema)), ...(schema.allOf ?? [])]) add(each);
    }
  };
  schemas.forEach(add);
  return { parts, never };
}

/** The types a value may be of that fits, as far as types, listed values and alternatives say it. */
function typesOf(context: Context, schema: Schema): number {
  if (typeof schema === 'boolean') return schema ? everyType : 0;
  const { allOf = [], anyOf, oneOf } = schema;
  const values = valuesOf(schema);
  const ofValues = values ? [...values].reduce<number>((bits, value) => bits | bitOf(value), 0) : everyType;
  const all = [...given(context.targets.get(schema)), ...allOf].map((each) => typesOf(context, each));
  const some = [anyOf, oneOf].map((each) => each?.reduce((bits, one) => bits | typesOf(context, one), 0) ?? everyType);
  return [...all, ...some].reduce((bits, each) => bits & each, bitsOfType(schema.type) & ofValues);
}

function listed(parts: readonly SchemaObject[], types: number): ReadonlySet<Scalar> | undefined {
  const sets = parts.flatMap((part) => valuesOf(part) ?? []);
  const few = (types & ~(typeBits.null | typeBits.boolean)) === 0 ? [null, true, false] : undefined;
  const first = sets[0] ?? few;
  if (!first) return undefined;
  return new Set([...first].filter((value) => (bitOf(value) & types) !== 0 && sets.every((set) => set.has(value))));
}
