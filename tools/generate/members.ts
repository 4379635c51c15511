// The members that a JSON Schema of the catalog describes, as rows of a table for people.

/** The part of a JSON Schema that the page shows. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly description?: string;
  readonly hint?: string;
  readonly default?: unknown;
  readonly choices?: string;
}

/** @param kind whose members they are: the first cell of each row */
export const memberRows = (kind: string, schema: Schema | undefined): string[][] =>
  schema ? membersOf(schema, '').map((cells) => [kind, ...cells]) : [];

function membersOf(schema: Schema, prefix: string): string[][] {
  // Several shapes that it may have: a member that two of them name alike is told once.
  const shapes = [schema, ...(schema.anyOf ?? [])];
  const rows = shapes.flatMap((shape) => [...namedMembers(shape, prefix), ...otherMembers(shape, prefix)]);
  return [...new Map(rows.map((cells) => [JSON.stringify(cells), cells])).values()];
}

function namedMembers({ properties = {}, required = [] }: Schema, prefix: string): string[][] {
  return Object.entries(properties).flatMap(([name, member]) => [
    [`\`${prefix}${name}\`${required.includes(name) ? ', required' : ''}`, cell(typeOf(member)), cell(aboutOf(member))],
    ...membersOf(member, `${prefix}${name}.`),
  ]);
}

/** Where members have names, others may be allowed besides. */
function otherMembers({ properties, additionalProperties }: Schema, prefix: string): string[][] {
  if (!properties || typeof additionalProperties !== 'object') return [];
  return [
    [
      `${prefix === '' ? '' : `\`${prefix}\` `}any other`,
      cell(typeOf(additionalProperties)),
      cell(aboutOf(additionalProperties)),
    ],
  ];
}

function typeOf({ type, enum: values, anyOf, items }: Schema): string {
  if (values) return values.map((value) => `\`${String(value)}\``).join(', ');
  if (anyOf) return anyOf.map(typeOf).join(' or ');
  if (items) return `list of ${typeOf(items)}`;
  return type === undefined ? 'any' : [type].flat().join(' or ');
}

function aboutOf({ description, hint, default: byDefault, choices }: Schema): string {
  return [
    ...[description ?? hint ?? []].flat(),
    ...(byDefault === undefined ? [] : [`otherwise \`${JSON.stringify(byDefault)}\``]),
    ...(choices === undefined ? [] : [`live choices: \`${choices}\``]),
  ].join('; ');
}

/** A text that breaks out of no table's cell. */
export const cell = (text: string): string =>
  text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll(/\s+/g, ' ').trim();
