// Which names of members the schemas at one place of a payload speak of at all, also in alternatives, conditions and what they rule out.
import { matches, type Pattern } from './pattern.ts';
import type { Schema, SchemaObject } from './schema.ts';

/** What both versions are read with. */
export interface Context {
  readonly targets: ReadonlyMap<SchemaObject, Schema>;
  readonly patterns: ReadonlyMap<string, Pattern>;
}

export function matchesText({ patterns }: Context, text: string, name: string): boolean {
  const pattern = patterns.get(text);
  return pattern !== undefined && matches(pattern, name);
}

export class Mentions {
  static readonly ofEverything = Mentions.all();

  /** Every subschema that may be asked at this place. */
  readonly places = new Set<SchemaObject>();
  readonly names = new Set<string>();
  private readonly texts = new Set<string>();
  private everything = false;
  private readonly context: Context;

  constructor(context: Context, schemas: readonly Schema[]) {
    this.context = context;
    for (const schema of schemas) this.collect(schema);
  }

  private static all(): Mentions {
    const mentions = new Mentions({ targets: new Map(), patterns: new Map() }, []);
    mentions.everything = true;
    return mentions;
  }

  /** What is mentioned one step further in, where these schemas are all that may be asked. */
  inside(schemas: readonly Schema[]): Mentions {
    return this === Mentions.ofEverything ? this : new Mentions(this.context, schemas);
  }

  hasOtherPattern(text: string): boolean {
    return this === Mentions.ofEverything || [...this.texts].some((other) => other !== text);
  }

  has(name: string): boolean {
    if (this.everything || this.names.has(name)) return true;
    return [...this.texts].some((text) => matchesText(this.context, text, name));
  }

  private collect(schema: Schema): void {
    if (typeof schema === 'boolean' || this.places.has(schema)) return;
    this.places.add(schema);
    const { properties, patternProperties, dependentSchemas, required = [], dependentRequired = {} } = schema;
    for (const named of [properties, dependentSchemas, dependentRequired]) {
      for (const name of Object.keys(named ?? {})) this.names.add(name);
    }
    for (const name of [...required, ...Object.values(dependentRequired).flat()]) this.names.add(name);
    for (const text of Object.keys(patternProperties ?? {})) this.texts.add(text);
    const others = [schema.additionalProperties, schema.unevaluatedProperties];
    if (others.some((each) => typeof each === 'object')) this.everything = true;
    const { allOf = [], anyOf = [], oneOf = [] } = schema;
    const single = [schema.not, schema.if, schema.then, schema.else, this.context.targets.get(schema)];
    for (const each of [...allOf, ...anyOf, ...oneOf, ...single, ...Object.values(dependentSchemas ?? {})]) {
      if (each !== undefined) this.collect(each);
    }
  }
}
