// Compiled mappings, made when an event first needs them and kept while they are in use.
import { hash } from 'node:crypto';
import { catalog } from '@sluice/catalog';
import type { Connection, Rule } from '@sluice/contracts';
import { compileMapping, type Mapping } from '@sluice/mapping';
import type { Applied } from './route.ts';

/** Kept compiled at most; some kilobytes each. */
const compiledMax = 5_000;

const sha256 = (text: string): string => hash('sha256', text);

export class Mappings {
  /** The mappings that connectors declare for their actions. */
  private readonly ofActions = new Map(
    [...catalog.values()].flatMap(({ slug, actions }) =>
      Object.values(actions).flatMap(({ key, default_mapping: schema }): [string, Applied][] =>
        schema ? [actionMapping(`action ${slug} ${key}`, schema)] : [],
      ),
    ),
  );
  /** Key -> compiled; the longest unused first. */
  private readonly compiled = new Map<string, Mapping>();

  /** A rule's own mapping, else its connection's default, else that of its action, compiled; undefined where there is none. */
  of(rule: Rule, connection: Connection | undefined): Applied | undefined {
    if (rule.mapping !== null) {
      const key = `rule ${rule.id} ${rule.version}`;
      return { mapping: this.compile(key, rule.mapping), version: null, key };
    }
    if (connection && connection.default_mapping !== null) {
      const key = `connection ${connection.id} ${connection.mapping_version ?? 0}`;
      return { mapping: this.compile(key, connection.default_mapping), version: connection.mapping_version, key };
    }
    return this.ofActions.get(`action ${rule.connector} ${rule.action}`);
  }

  private compile(key: string, text: string): Mapping {
    const known = this.compiled.get(key);
    // Put last again, so that what is not used becomes the first.
    if (known) this.compiled.delete(key);
    const mapping = known ?? compiled(text);
    this.compiled.set(key, mapping);
    if (this.compiled.size > compiledMax) this.compiled.delete(this.compiled.keys().next().value ?? '');
    return mapping;
  }
}

const actionMapping = (key: string, schema: object): [string, Applied] => [
  key,
  { mapping: compileMapping(schema, { sha256 }), version: null, key },
];

/** Mappings are checked before they are stored; one that does not compile all the same fails its deliveries and nobody else's. */
function compiled(text: string): Mapping {
  try {
    return compileMapping(JSON.parse(text), { sha256 });
  } catch (error) {
    const message = `the mapping does not compile: ${error instanceof Error ? error.message : String(error)}`;
    return { kind: 'directives', run: () => ({ ok: false, field: '', message }) };
  }
}
