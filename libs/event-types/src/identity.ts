// Whether two subschemas are the same but for annotations, the order of their members and what stands behind a reference: by number.
import { kindOf, type Schema, type SchemaObject } from './schema.ts';

/** Annotations, and what does not count by itself. */
const ignored: ReadonlySet<string> = new Set([
  ...['$schema', '$comment', '$defs', 'title', 'description', 'default', 'deprecated', 'readOnly', 'writeOnly'],
  ...['examples', 'contentEncoding', 'contentMediaType'],
]);

export class Identities {
  private readonly targets: ReadonlyMap<SchemaObject, Schema>;
  /** What a subschema says, its own subschemas by number -> its number. */
  private readonly numbers = new Map<string, number>();
  private readonly known = new Map<Schema, number>();

  constructor(targets: ReadonlyMap<SchemaObject, Schema>) {
    this.targets = targets;
  }

  /** The same number for the same meaning. Each subschema is looked at once, however often it is referred to. */
  of(schema: Schema): number {
    const known = this.known.get(schema);
    if (known !== undefined) return known;
    const number = typeof schema === 'boolean' ? this.numberOf(String(schema)) : this.ofObject(schema);
    this.known.set(schema, number);
    return number;
  }

  /** Whether two lists name the same subschemas, in whatever order. */
  sameLists(one: readonly Schema[] | undefined, other: readonly Schema[] | undefined): boolean {
    const numbers = (list: readonly Schema[] = []) => list.map((each) => this.of(each)).sort((a, b) => a - b);
    return numbers(one).join() === numbers(other).join();
  }

  private numberOf(text: string): number {
    const number = this.numbers.get(text) ?? this.numbers.size;
    this.numbers.set(text, number);
    return number;
  }

  private ofObject(schema: SchemaObject): number {
    const target = this.targets.get(schema);
    const members = Object.entries(schema).filter(([keyword]) => !ignored.has(keyword));
    if (members.length === 0) return this.of(true);
    // A reference with nothing beside it is what it refers to.
    if (target !== undefined && members.length === 1) return this.of(target);
    const said = members.map(([keyword, value]): [string, unknown] =>
      keyword === '$ref' && target !== undefined ? [keyword, this.of(target)] : [keyword, this.valueOf(keyword, value)],
    );
    return this.numberOf(JSON.stringify(sorted(said)));
  }

  private valueOf(keyword: string, value: unknown): unknown {
    switch (kindOf.get(keyword)) {
      case 'schema':
        return this.of(value as Schema);
      case 'schemas': {
        const numbers = (value as Schema[]).map((each) => this.of(each));
        return keyword === 'prefixItems' ? numbers : numbers.sort((a, b) => a - b);
      }
      case 'named schemas':
      case 'schemas by pattern':
        return sorted(Object.entries(value as Record<string, Schema>).map(([name, each]) => [name, this.of(each)]));
      case 'names by name':
        return sorted(
          Object.entries(value as Record<string, string[]>).map(([name, list]) => [name, [...list].sort()]),
        );
      case 'names':
      case 'scalars':
        return (value as unknown[]).map((each) => JSON.stringify(each)).sort();
      case 'type':
        return [value].flat().sort();
      default:
        return value;
    }
  }
}

const sorted = <Value>(members: [string, Value][]): [string, Value][] => members.sort(([a], [b]) => (a < b ? -1 : 1));
