// A schema made ready to check payloads: references followed, values in sets, properties in maps. Data, not code: nothing is generated from another's text.
import { formats, type TextFormat } from './formats.ts';
import type { Pattern } from './pattern.ts';
import type { ReadSchema } from './reader.ts';
import { bitsOfType, everyType, type Scalar, type Schema, type SchemaObject } from './schema.ts';

/** One subschema. The parts it has no keyword of are undefined. */
export interface Plan {
  /** Set where the schema is `true` or `false`. */
  readonly always: boolean | undefined;
  readonly types: number;
  readonly values: ReadonlySet<Scalar> | undefined;
  readonly number: NumberPlan | undefined;
  readonly text: TextPlan | undefined;
  readonly object: ObjectPlan | undefined;
  readonly array: ArrayPlan | undefined;
  readonly logic: LogicPlan | undefined;
  /** Whether it looks at what other subschemas have not: unevaluatedProperties, unevaluatedItems. */
  readonly closes: boolean;
}

export interface NumberPlan {
  readonly minimum: number;
  readonly maximum: number;
  /** Exclusive bounds; NaN where there is none, as nothing compares with it. */
  readonly above: number;
  readonly below: number;
  readonly multipleOf: number | undefined;
}

export interface TextPlan {
  readonly shortest: number;
  readonly longest: number;
  readonly pattern: Pattern | undefined;
  readonly formatName: string;
  readonly format: TextFormat | undefined;
}

export interface ObjectPlan {
  readonly properties: ReadonlyMap<string, Plan>;
  readonly patterns: readonly { readonly pattern: Pattern; readonly plan: Plan }[];
  readonly additional: Plan | undefined;
  readonly names: Plan | undefined;
  readonly unevaluated: Plan | undefined;
  readonly fewest: number;
  readonly most: number;
  readonly required: readonly string[];
  readonly dependentNames: ReadonlyMap<string, readonly string[]>;
  readonly dependentPlans: ReadonlyMap<string, Plan>;
}

export interface ArrayPlan {
  readonly prefix: readonly Plan[];
  readonly items: Plan | undefined;
  readonly contains: Plan | undefined;
  readonly fewestContained: number;
  readonly mostContained: number;
  readonly unevaluated: Plan | undefined;
  readonly fewest: number;
  readonly most: number;
  readonly unique: boolean;
}

export interface LogicPlan {
  readonly all: readonly Plan[];
  readonly any: readonly Plan[];
  readonly one: readonly Plan[];
  readonly not: Plan | undefined;
  readonly if: Plan | undefined;
  readonly then: Plan | undefined;
  readonly else: Plan | undefined;
}

/** Plans a schema. A subschema used in many places is planned once, so a plan is never larger than its schema. */
export function planOf(schema: ReadSchema): Plan {
  return new Planner(schema).plan(schema.root);
}

export class Planner {
  private readonly schema: Pick<ReadSchema, 'targets' | 'patterns'>;
  private readonly planned = new Map<Schema, Plan>();

  constructor(schema: Pick<ReadSchema, 'targets' | 'patterns'>) {
    this.schema = schema;
  }

  plan(schema: Schema): Plan {
    const known = this.planned.get(schema);
    if (known) return known;
    const plan = typeof schema === 'boolean' ? constant(schema) : this.planObject(schema);
    this.planned.set(schema, plan);
    return plan;
  }

  private planObject(schema: SchemaObject): Plan {
    return {
      always: undefined,
      types: bitsOfType(schema.type),
      values: valuesOf(schema),
      number: numberPlan(schema),
      text: this.textPlan(schema),
      object: this.objectPlan(schema),
      array: this.arrayPlan(schema),
      logic: this.logicPlan(schema),
      closes: schema.unevaluatedProperties !== undefined || schema.unevaluatedItems !== undefined,
    };
  }

  private maybe(schema: Schema | undefined): Plan | undefined {
    return schema === undefined ? undefined : this.plan(schema);
  }

  private named(schemas: Readonly<Record<string, Schema>> = {}): Map<string, Plan> {
    return new Map(Object.entries(schemas).map(([name, schema]) => [name, this.plan(schema)]));
  }

  private pattern(text: string): Pattern {
    const pattern = this.schema.patterns.get(text);
    if (!pattern) throw new Error(`the reader let an unread pattern through: ${text}`);
    return pattern;
  }

  private textPlan(schema: SchemaObject): TextPlan | undefined {
    const { minLength = 0, maxLength = Infinity, pattern, format } = schema;
    if (minLength === 0 && maxLength === Infinity && pattern === undefined && format === undefined) return undefined;
    return {
      shortest: minLength,
      longest: maxLength,
      pattern: pattern === undefined ? undefined : this.pattern(pattern),
      formatName: format ?? '',
      format: format === undefined ? undefined : formats.get(format),
    };
  }

  private objectPlan(schema: SchemaObject): ObjectPlan | undefined {
    if (!objectKeywords.some((keyword) => schema[keyword] !== undefined)) return undefined;
    return {
      properties: this.named(schema.properties),
      patterns: Object.entries(schema.patternProperties ?? {}).map(([text, each]) => ({
        pattern: this.pattern(text),
        plan: this.plan(each),
      })),
      additional: this.maybe(schema.additionalProperties),
      names: this.maybe(schema.propertyNames),
      unevaluated: this.maybe(schema.unevaluatedProperties),
      fewest: schema.minProperties ?? 0,
      most: schema.maxProperties ?? Infinity,
      required: schema.required ?? [],
      dependentNames: new Map(Object.entries(schema.dependentRequired ?? {})),
      dependentPlans: this.named(schema.dependentSchemas),
    };
  }

  private arrayPlan(schema: SchemaObject): ArrayPlan | undefined {
    if (!arrayKeywords.some((keyword) => schema[keyword] !== undefined)) return undefined;
    return {
      prefix: (schema.prefixItems ?? []).map((each) => this.plan(each)),
      items: this.maybe(schema.items),
      contains: this.maybe(schema.contains),
      fewestContained: schema.minContains ?? 1,
      mostContained: schema.maxContains ?? Infinity,
      unevaluated: this.maybe(schema.unevaluatedItems),
      fewest: schema.minItems ?? 0,
      most: schema.maxItems ?? Infinity,
      unique: schema.uniqueItems ?? false,
    };
  }

  private logicPlan(schema: SchemaObject): LogicPlan | undefined {
    const target = this.schema.targets.get(schema);
    // What is referred to has to fit like a part of allOf, and tells what it has looked at like one.
    const all = [...(target === undefined ? [] : [target]), ...(schema.allOf ?? [])];
    const { anyOf, oneOf, not } = schema;
    if (all.length === 0 && [anyOf, oneOf, not, schema.if].every((each) => each === undefined)) return undefined;
    return {
      all: all.map((each) => this.plan(each)),
      any: (anyOf ?? []).map((each) => this.plan(each)),
      one: (oneOf ?? []).map((each) => this.plan(each)),
      not: this.maybe(not),
      if: this.maybe(schema.if),
      then: this.maybe(schema.then),
      else: this.maybe(schema.else),
    };
  }
}

const objectKeywords = [
  ...(['properties', 'patternProperties', 'additionalProperties', 'propertyNames', 'unevaluatedProperties'] as const),
  ...(['minProperties', 'maxProperties', 'required', 'dependentRequired', 'dependentSchemas'] as const),
];
const arrayKeywords = [
  ...(['prefixItems', 'items', 'contains', 'unevaluatedItems', 'minItems', 'maxItems', 'uniqueItems'] as const),
];

/** A plan of lists all of whose items fit a plan. */
export function listPlan(items: Plan): Plan {
  const array = { prefix: [], items, contains: undefined, fewestContained: 1, mostContained: Infinity };
  return {
    ...constant(true),
    always: undefined,
    array: { ...array, unevaluated: undefined, fewest: 0, most: Infinity, unique: false },
  };
}

function constant(always: boolean): Plan {
  const nothing = { values: undefined, number: undefined, text: undefined, object: undefined, array: undefined };
  return { always, types: everyType, ...nothing, logic: undefined, closes: false };
}

/** The values that `enum` and `const` leave. */
export function valuesOf({ enum: list, const: only }: SchemaObject): Set<Scalar> | undefined {
  if (only === undefined) return list && new Set(list);
  return new Set(list === undefined || list.includes(only) ? [only] : []);
}

function numberPlan(schema: SchemaObject): NumberPlan | undefined {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  const given = [minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf];
  if (given.every((each) => each === undefined)) return undefined;
  return {
    minimum: minimum ?? -Infinity,
    maximum: maximum ?? Infinity,
    above: exclusiveMinimum ?? NaN,
    below: exclusiveMaximum ?? NaN,
    multipleOf,
  };
}
