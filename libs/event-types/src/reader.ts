// Reads an untrusted schema: every keyword known and of the right kind, references resolved, bounds kept. What passes is safe to plan and compare.
import type { Problem } from '@sluice/contracts';
import { formats } from './formats.ts';
import { forbiddenNames, jsonProblem } from './json-bounds.ts';
import { limits } from './limits.ts';
import { readPattern, type Pattern } from './pattern.ts';
import { clip, paramOf, top, within, type Place } from './place.ts';
import { referenceProblems, type Reference } from './references.ts';
import { hintOf, kindOf, typeBits, type Kind, type Schema, type SchemaObject } from './schema.ts';

/** A schema that has passed. */
export interface ReadSchema {
  readonly root: SchemaObject;
  /** What each subschema with a `$ref` refers to. No chain of them leads back. */
  readonly targets: ReadonlyMap<SchemaObject, Schema>;
  readonly patterns: ReadonlyMap<string, Pattern>;
}

/** Never throws, whatever it is given. */
export function readSchema(schema: unknown): ReadSchema | { problems: Problem[] } {
  const problem = jsonProblem(schema, 'schema', { bytes: limits.schemaBytes, depth: limits.schemaDepth });
  if (problem) return { problems: [problem] };
  const reader = new Reader();
  reader.readRoot(schema);
  if (reader.problems.length > 0) return { problems: reader.problems };
  const root = schema as SchemaObject;
  const targets = new Map(reader.references.map(({ from, to }) => [from, to as Schema]));
  const problems = referenceProblems(root, reader.references, reader.uniques);
  return problems.length > 0 ? { problems } : { root, targets, patterns: reader.patterns };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isScalar = (value: unknown): boolean => typeof value !== 'object' || value === null;
const isText = (value: unknown): value is string => typeof value === 'string';

class Reader {
  readonly problems: Problem[] = [];
  readonly references: Reference[] = [];
  readonly patterns = new Map<string, Pattern>();
  /** Subschemas that ask for unique items. */
  readonly uniques: { schema: SchemaObject; place: Place }[] = [];
  /** Subschemas by where they stand, `/$defs/name`. */
  private readonly byPointer = new Map<string, Schema>();
  private subschemas = 0;

  readRoot(schema: unknown): void {
    const place = top('schema');
    if (!isObject(schema)) return this.report(place, 'must be a JSON Schema: an object');
    this.read(schema, place);
    if (schema.type !== 'object') this.report(within(place, 'type'), 'must be "object": a payload is one');
    for (const reference of this.references) {
      reference.to = this.byPointer.get(reference.pointer);
      if (reference.to === undefined) {
        this.report(reference.place, 'must point to a schema in this document, #/$defs/name');
      }
    }
  }

  private report(place: Place, msg: string): void {
    if (this.problems.length < limits.schemaProblems) this.problems.push({ param: paramOf(place), msg });
  }

  private read(schema: unknown, place: Place): void {
    if (typeof schema !== 'boolean' && !isObject(schema)) {
      return this.report(place, 'must be a schema: an object, true or false');
    }
    if (++this.subschemas > limits.subschemas) {
      if (this.subschemas === limits.subschemas + 1) {
        this.report(top('schema'), `may have ${limits.subschemas} subschemas at most`);
      }
      return;
    }
    this.byPointer.set(pointerTo(place), schema);
    if (typeof schema === 'boolean') return;
    for (const [keyword, value] of Object.entries(schema)) {
      const kind = kindOf.get(keyword);
      const at = within(place, keyword);
      if (kind) this.readKeyword(kind, value, { at, schema: schema });
      else this.report(at, hintOf.get(keyword) ?? 'is not a keyword of JSON Schema 2020-12');
    }
    if (schema.uniqueItems === true) this.uniques.push({ schema, place: within(place, 'uniqueItems') });
  }

  private readKeyword(kind: Kind, value: unknown, { at, schema }: { at: Place; schema: SchemaObject }): void {
    switch (kind) {
      case 'schema':
        return this.read(value, at);
      case 'schemas':
        if (!Array.isArray(value) || value.length === 0) return this.report(at, 'must be a list of schemas, not empty');
        return value.forEach((each, index) => this.read(each, within(at, index)));
      case 'named schemas':
      case 'definitions':
        return this.eachMember(value, at, (name, member) => this.read(member, within(at, name)));
      case 'schemas by pattern':
        return this.eachMember(value, at, (name, member) => {
          this.readPattern(name, within(at, name));
          this.read(member, within(at, name));
        });
      case 'names by name':
        return this.eachMember(value, at, (name, member) => this.readNames(member, within(at, name)));
      case 'names':
        return this.readNames(value, at);
      case 'pattern':
        return this.readPattern(value, at);
      case 'reference':
        return this.readReference(value, { at, schema });
      default: {
        const problem = plainProblem(kind, value);
        if (problem) this.report(at, problem);
      }
    }
  }

  private eachMember(value: unknown, at: Place, read: (name: string, member: unknown) => void): void {
    if (!isObject(value)) return this.report(at, 'must be an object');
    for (const [name, member] of Object.entries(value)) read(name, member);
  }

  private readNames(value: unknown, at: Place): void {
    if (!Array.isArray(value) || !value.every(isText)) return this.report(at, 'must be a list of property names');
    const forbidden = value.find((name) => forbiddenNames.has(name));
    if (forbidden !== undefined) this.report(at, `the name ${forbidden} is not allowed`);
    if (new Set(value).size < value.length) this.report(at, 'must name each property once');
  }

  private readPattern(value: unknown, at: Place): void {
    if (!isText(value)) return this.report(at, 'must be a string');
    // After a problem no other pattern is compiled: building them is what costs.
    if (this.patterns.has(value) || this.problems.length > 0) return;
    if (this.patterns.size >= limits.patterns) {
      return this.report(at, `a schema may have ${limits.patterns} patterns at most`);
    }
    const pattern = readPattern(value);
    if ('problem' in pattern) this.report(at, pattern.problem);
    else this.patterns.set(value, pattern);
  }

  private readReference(value: unknown, { at, schema }: { at: Place; schema: SchemaObject }): void {
    if (!isText(value) || !value.startsWith('#')) {
      return this.report(at, 'must point into this document, #/$defs/name: nothing is fetched');
    }
    this.references.push({ from: schema, to: undefined, pointer: decoded(value.slice(1)), place: at });
  }
}

/** What is wrong with the value of a keyword that holds neither schemas nor names. */
function plainProblem(kind: Kind, value: unknown): string | undefined {
  switch (kind) {
    case 'dialect':
      return value === dialect || value === `${dialect}#` ? undefined : `must be ${dialect}`;
    case 'type':
      return isType(value) ? undefined : `must be one of ${Object.keys(typeBits).join(', ')}, or a list of them`;
    case 'scalar':
      return isScalar(value) ? undefined : 'may be a string, number, boolean or null only';
    case 'scalars':
      if (!Array.isArray(value) || value.length === 0) return 'must be a list of values, not empty';
      if (!value.every(isScalar)) return 'may hold strings, numbers, booleans and null only';
      return new Set(value).size === value.length ? undefined : 'must hold each value once';
    case 'number':
      return typeof value === 'number' ? undefined : 'must be a number';
    case 'positive number':
      return typeof value === 'number' && value > 0 ? undefined : 'must be a number above 0';
    case 'count':
      return Number.isInteger(value) && (value as number) >= 0 ? undefined : 'must be a whole number, 0 or more';
    case 'flag':
      return typeof value === 'boolean' ? undefined : 'must be true or false';
    case 'format':
      return isText(value) && formats.has(value) ? undefined : `must be one of ${[...formats.keys()].join(', ')}`;
    case 'text':
      return isText(value) ? undefined : 'must be a string';
    case 'list':
      return Array.isArray(value) ? undefined : 'must be a list';
    default:
      return undefined;
  }
}

const dialect = 'https://json-schema.org/draft/2020-12/schema';

function isType(value: unknown): boolean {
  const names: unknown[] = Array.isArray(value) ? value : [value];
  const known = names.every((name) => isText(name) && Object.hasOwn(typeBits, name));
  return known && names.length > 0 && new Set(names).size === names.length;
}

/** The JSON pointer to a place, without the document's own name. */
function pointerTo(place: Place): string {
  let pointer = '';
  for (let at = place; at.parent; at = at.parent) {
    pointer = `/${at.key.replaceAll('~', '~0').replaceAll('/', '~1')}${pointer}`;
  }
  return pointer;
}

function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return clip(fragment, 80);
  }
}
