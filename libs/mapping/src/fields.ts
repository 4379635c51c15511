// Mapping schema version 1: a list of fields, each from a path or literal through transforms. It comes to the same directives.
import type { Problem } from '@sluice/contracts';
import { policies } from './expression.ts';
import { isForbiddenKey, isObject } from './json.ts';
import { mappingLimits } from './limits.ts';
import { parsePath, positionOf } from './path.ts';
import { refuse } from './site.ts';
import { transformed, transformProblems } from './transforms.ts';

interface Field {
  dest: string;
  source: { type: 'path' | 'literal'; value: unknown };
  transforms?: (string | Record<string, unknown>)[];
  on_error?: string;
}

/** Notes what is wrong with a schema of version 1 whose shape is checked. */
export function checkFields(schema: Record<string, unknown>, problems: Problem[]): void {
  const note = (param: string, msg: string): void => refuse(problems, { param, msg });
  refuseOthers(schema, ['schema_version', 'fields'], (key, msg) => note(`schema.${key}`, msg));
  const { fields } = schema;
  if (!Array.isArray(fields)) return note('schema.fields', 'must be a list of fields');
  if (fields.length > mappingLimits.fields) {
    return note('schema.fields', `may have ${mappingLimits.fields} fields at most`);
  }
  const tree = new Tree();
  fields.forEach((field: unknown, at) => {
    const param = `schema.fields[${at}]`;
    if (!isObject(field)) return note(param, 'must be an object');
    checkField(field, (member, msg) => note(`${param}.${member}`, msg));
    const dest = destProblem(field.dest) ?? tree.put(String(field.dest).split('.'), null);
    if (dest !== undefined) note(`${param}.dest`, dest);
  });
}

type Note = (member: string, msg: string) => void;

function checkField(field: Record<string, unknown>, note: Note): void {
  refuseOthers(field, ['dest', 'source', 'transforms', 'on_error'], note);
  checkSource(field.source, note);
  if (field.on_error !== undefined && !policies.some((policy) => policy === field.on_error)) {
    note('on_error', `must be one of ${policies.join(', ')}`);
  }
  const { transforms = [] } = field;
  if (!Array.isArray(transforms) || transforms.length > mappingLimits.transforms) {
    note('transforms', `must be a list of ${mappingLimits.transforms} transforms at most`);
  } else {
    transforms.forEach((transform: unknown, at) => {
      for (const [member, msg] of transformProblems(transform)) note(`transforms[${at}]${member}`, msg);
    });
  }
}

function checkSource(source: unknown, note: Note): void {
  if (!isObject(source)) return note('source', 'must be an object with type and value');
  refuseOthers(source, ['type', 'value'], (key, msg) => note(`source.${key}`, msg));
  if (source.type === 'literal') {
    if (!Object.hasOwn(source, 'value')) note('source.value', 'must be given');
  } else if (source.type === 'path') {
    const path = typeof source.value === 'string' ? parsePath(source.value) : 'must be a text';
    if (typeof path === 'string') note('source.value', path);
    else if (path.length === 0) note('source.value', 'must name a member of the payload');
  } else note('source.type', 'must be path or literal');
}

function refuseOthers(object: Record<string, unknown>, known: readonly string[], note: Note): void {
  for (const key of Object.keys(object))
    if (!known.includes(key)) note(key, `is unknown; there are ${known.join(', ')}`);
}

function destProblem(dest: unknown): string | undefined {
  if (typeof dest !== 'string' || dest === '') return 'must be a path such as "contact.emails.0"';
  const parts = dest.split('.');
  if (parts.includes('')) return 'has an empty part';
  if (parts.length > mappingLimits.destParts) return `may have ${mappingLimits.destParts} parts at most`;
  const forbidden = parts.find(isForbiddenKey);
  if (forbidden !== undefined) return `has the part ${forbidden}, which is not allowed`;
  if (parts.some((part) => part.startsWith('@'))) return 'has a part that begins with @';
  const isFar = parts.slice(1).some((part) => positionOf(part) >= mappingLimits.positions);
  return isFar ? `has a position above ${mappingLimits.positions - 1}` : undefined;
}

/** What a schema of version 1 that is checked comes to in version 2. */
export function toDirectives(schema: unknown): { schema_version: 2; map: object } {
  const tree = new Tree();
  for (const field of (schema as { fields: Field[] }).fields) tree.put(field.dest.split('.'), expressionOf(field));
  return { schema_version: 2, map: tree.expression() as object };
}

function expressionOf({ source, transforms = [], on_error }: Field): object {
  const taken = source.type === 'path' ? { '@path': source.value } : { '@const': source.value };
  const value = transforms.reduce<object>(transformed, taken);
  if (on_error === undefined) return value;
  // Who says what is to happen on an error means a value that is missing, too; leaving it out is what happens anyway.
  return on_error === 'skip_field'
    ? { ...value, '@on_error': on_error }
    : { '@required': value, '@on_error': on_error };
}

/** Fields by their place: each part of a `dest` is a member of an object, or, where it is a number, a position in a list. */
class Tree {
  private readonly members = new Map<string, Tree>();
  private leaf: object | null | undefined = undefined;

  /** Puts a field in its place; what is wrong with the place, or undefined. */
  put(parts: readonly string[], leaf: object | null): string | undefined {
    const [part, ...rest] = parts;
    if (part === undefined) {
      if (this.leaf !== undefined || this.members.size > 0) return 'is taken by another field';
      this.leaf = leaf;
      return undefined;
    }
    if (this.leaf !== undefined) return 'lies within another field';
    const isMixed =
      !this.isRoot && [...this.members.keys()].some((key) => positionOf(key) < 0 !== positionOf(part) < 0);
    if (isMixed) return 'makes an object of what another field makes a list, or the reverse';
    const member = this.members.get(part) ?? new Tree(false);
    this.members.set(part, member);
    return member.put(rest, leaf);
  }

  private readonly isRoot: boolean;

  constructor(isRoot = true) {
    this.isRoot = isRoot;
  }

  expression(): unknown {
    if (this.leaf !== undefined) return this.leaf;
    const members = Object.fromEntries([...this.members].map(([key, member]) => [key, member.expression()]));
    const isList = !this.isRoot && [...this.members.keys()].every((key) => positionOf(key) >= 0);
    return isList ? { '@row': members } : members;
  }
}
