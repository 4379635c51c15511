// What a schema that has passed the reader looks like, and which keywords there are with what kind of value each.

export type Scalar = string | number | boolean | null;
export type Schema = boolean | SchemaObject;
type Named<Value> = Readonly<Record<string, Value>>;

/** A subschema, every keyword of the right kind. Annotations (title, examples, ...) are left out: nothing here reads them. */
export interface SchemaObject {
  readonly $ref?: string;
  readonly type?: TypeName | readonly TypeName[];
  readonly enum?: readonly Scalar[];
  readonly const?: Scalar;
  readonly multipleOf?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly prefixItems?: readonly Schema[];
  readonly items?: Schema;
  readonly contains?: Schema;
  readonly minContains?: number;
  readonly maxContains?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly unevaluatedItems?: Schema;
  readonly properties?: Named<Schema>;
  readonly patternProperties?: Named<Schema>;
  readonly additionalProperties?: Schema;
  readonly propertyNames?: Schema;
  readonly unevaluatedProperties?: Schema;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly required?: readonly string[];
  readonly dependentRequired?: Named<readonly string[]>;
  readonly dependentSchemas?: Named<Schema>;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly not?: Schema;
  readonly if?: Schema;
  readonly then?: Schema;
  readonly else?: Schema;
}

export type TypeName = 'null' | 'boolean' | 'integer' | 'number' | 'string' | 'array' | 'object';

/** One bit for each kind of JSON value; `number` is two of them. */
export const typeBits: Readonly<Record<TypeName, number>> = {
  null: 1,
  boolean: 2,
  integer: 4,
  number: 4 | 8,
  string: 16,
  array: 32,
  object: 64,
};
export const everyType = 127;

/** The bits of a schema's `type`; all of them where it names none. */
export function bitsOfType(type: SchemaObject['type']): number {
  if (type === undefined) return everyType;
  const names = typeof type === 'string' ? [type] : type;
  return names.reduce((bits, name) => bits | typeBits[name], 0);
}

/** The bit of a value; 0 for what is not JSON. */
export function bitOf(value: unknown): number {
  switch (typeof value) {
    case 'string':
      return typeBits.string;
    case 'number':
      return Number.isInteger(value) ? 4 : 8;
    case 'boolean':
      return typeBits.boolean;
    case 'object':
      if (value === null) return typeBits.null;
      return Array.isArray(value) ? typeBits.array : typeBits.object;
    default:
      return 0;
  }
}

/** What kind of value a keyword takes. */
export type Kind =
  | 'schema'
  | 'schemas'
  | 'named schemas'
  | 'schemas by pattern'
  | 'definitions'
  | 'reference'
  | 'dialect'
  | 'type'
  | 'scalar'
  | 'scalars'
  | 'number'
  | 'positive number'
  | 'count'
  | 'flag'
  | 'pattern'
  | 'format'
  | 'names'
  | 'names by name'
  | 'text'
  | 'list'
  | 'anything';

const kinds: Readonly<Record<Kind, readonly string[]>> = {
  schema: [
    ...['items', 'contains', 'unevaluatedItems', 'additionalProperties', 'propertyNames', 'unevaluatedProperties'],
    ...['not', 'if', 'then', 'else'],
  ],
  schemas: ['prefixItems', 'allOf', 'anyOf', 'oneOf'],
  'named schemas': ['properties', 'dependentSchemas'],
  'schemas by pattern': ['patternProperties'],
  definitions: ['$defs'],
  reference: ['$ref'],
  dialect: ['$schema'],
  type: ['type'],
  scalar: ['const'],
  scalars: ['enum'],
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'],
  'positive number': ['multipleOf'],
  count: [
    ...['minLength', 'maxLength', 'minItems', 'maxItems', 'minContains', 'maxContains'],
    ...['minProperties', 'maxProperties'],
  ],
  flag: ['uniqueItems', 'deprecated', 'readOnly', 'writeOnly'],
  pattern: ['pattern'],
  format: ['format'],
  names: ['required'],
  'names by name': ['dependentRequired'],
  text: ['$comment', 'title', 'description', 'contentEncoding', 'contentMediaType'],
  list: ['examples'],
  anything: ['default'],
};

/** Every keyword that is taken. */
export const kindOf: ReadonlyMap<string, Kind> = new Map(
  Object.entries(kinds).flatMap(([kind, names]) => names.map((name) => [name, kind as Kind] as const)),
);

const notTaken = 'is not taken here';

/** Keywords that people write and that are refused, with what to write instead. */
export const hintOf: ReadonlyMap<string, string> = new Map([
  ['$id', `${notTaken}: a schema stands alone`],
  ['$anchor', `${notTaken}: write $ref as #/$defs/name`],
  ['$dynamicRef', `${notTaken}: write $ref as #/$defs/name`],
  ['$dynamicAnchor', `${notTaken}: write $ref as #/$defs/name`],
  ['$vocabulary', notTaken],
  ['$recursiveRef', 'is of an older JSON Schema: write $ref as #/$defs/name'],
  ['$recursiveAnchor', 'is of an older JSON Schema'],
  ['definitions', 'is of an older JSON Schema: write $defs'],
  ['dependencies', 'is of an older JSON Schema: write dependentRequired or dependentSchemas'],
  ['additionalItems', 'is of an older JSON Schema: write items beside prefixItems'],
  ['id', 'is of an older JSON Schema: a schema stands alone'],
  ['contentSchema', notTaken],
  ['nullable', 'is of OpenAPI 3.0: write the type "null" beside the other'],
  ['discriminator', 'is of OpenAPI: write const in each alternative'],
  ['example', 'is of OpenAPI: write examples, a list'],
]);
