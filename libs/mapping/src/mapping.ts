// Mappings: checked before they are stored, compiled once, run on every event.
import type { Problem } from '@sluice/contracts';
import { buildExpression, buildRoot } from './expression.ts';
import { checkFields, toDirectives } from './fields.ts';
import { isDirective, isObject } from './json.ts';
import { mappingLimits } from './limits.ts';
import { measured } from './measure.ts';
import { Run, type Failure, type MapInput } from './run.ts';
import { checkShape } from './shape.ts';
import { refuse, type Build, type Evaluate } from './site.ts';

export type { MapInput } from './run.ts';

export type MapResult =
  | { ok: true; value: unknown; warnings: { field: string; message: string }[] }
  | { ok: false; field: string; message: string };

/** Directives run here and at once; an expression of the expert tier is evaluated elsewhere. */
export type Mapping =
  { kind: 'directives'; run: (input: MapInput) => MapResult } | { kind: 'jsonata'; expression: string };

/** What is needed from outside: SHA-256 of a text's UTF-8, in lower-case hexadecimal. */
interface Parts {
  sha256: (text: string) => string;
}

/** What is wrong with a mapping schema, each with its place; nothing where it can be stored. Never throws. */
export const checkMapping = (schema: unknown): Problem[] => compile(schema, { sha256: () => '' }).problems;

/** Compiles a schema that was checked; throws for one that is not sound. */
export function compileMapping(schema: unknown, parts: Parts): Mapping {
  const { mapping, problems } = compile(schema, parts);
  if (mapping && problems.length === 0) return mapping;
  throw new Error(problems.map(({ param, msg }) => `${param} ${msg}`).join('; '));
}

/** The mapping where none is stored: the payload as it is. */
export const generatedMapping = (): object => ({ schema_version: 2, map: { '@path': '' } });

/** The mapping is of no use while there are problems. */
function compile(schema: unknown, { sha256 }: Parts): { mapping?: Mapping; problems: Problem[] } {
  const problems = checkShape(schema);
  if (problems.length > 0 || !isObject(schema)) return { problems };
  const build: Build = { problems, nodes: 0, nodesMax: mappingLimits.nodes, sha256, expression: buildExpression };
  if (schema.schema_version === 1) {
    checkFields(schema, problems);
    if (problems.length > 0) return { problems };
    // Its fields are counted, not what they come to.
    return { mapping: ofMap(toDirectives(schema).map, { ...build, nodesMax: Infinity }), problems };
  }
  checkMembers(schema, problems);
  if (problems.length > 0) return { problems };
  if (Object.hasOwn(schema, 'jsonata')) return { mapping: jsonata(schema.jsonata, problems), problems };
  return { mapping: ofMap(schema.map, build), problems };
}

function checkMembers(schema: Record<string, unknown>, problems: Problem[]): void {
  if (schema.schema_version !== 2) {
    refuse(problems, { param: 'schema.schema_version', msg: 'must be 1 or 2' });
    return;
  }
  for (const key of Object.keys(schema)) {
    if (!['schema_version', 'map', 'jsonata'].includes(key)) {
      refuse(problems, { param: `schema.${key}`, msg: 'is not a member of a mapping in version 2' });
    }
  }
  if (Object.hasOwn(schema, 'map') === Object.hasOwn(schema, 'jsonata')) {
    refuse(problems, { param: 'schema', msg: 'must have either map or jsonata' });
  }
}

/** The expression stays as it is written, brackets included: whoever evaluates it knows them. */
function jsonata(text: unknown, problems: Problem[]): Mapping {
  const expression = typeof text === 'string' ? text.trim() : '';
  const param = 'schema.jsonata';
  if (!/^\{%[^]*\S[^]*%\}$/.test(expression)) {
    refuse(problems, { param, msg: 'must be an expression in {% and %}' });
  } else if (expression.length > mappingLimits.jsonataChars) {
    refuse(problems, { param, msg: `may have ${mappingLimits.jsonataChars} characters at most` });
  }
  return { kind: 'jsonata', expression };
}

const ofMap = (map: unknown, build: Build): Mapping => directives(buildRoot(map, build), emptyOf(map));

/** What is made of an event in which nothing is found: an object or list without its members. */
function emptyOf(map: unknown): '{}' | '[]' | undefined {
  if (Array.isArray(map)) return '[]';
  return isObject(map) && !isDirective(map) ? '{}' : undefined;
}

const output = { bytes: mappingLimits.outputBytes, depth: mappingLimits.outputDepth };

function directives(evaluate: Evaluate, empty: '{}' | '[]' | undefined): Mapping {
  return {
    kind: 'directives',
    run: (input) => {
      const run = new Run(input);
      const found = evaluate(run);
      if (run.failure) return failed(run.failure);
      const value = found === undefined && empty !== undefined ? (JSON.parse(empty) as unknown) : found;
      if (value === undefined) return failed({ field: 'map', message: 'makes nothing of this event' });
      const { excess } = measured(value, output);
      if (excess) return failed({ field: excess.place === '' ? 'map' : excess.place, message: excess.message });
      return { ok: true, value, warnings: run.warnings };
    },
  };
}

const failed = ({ field, message }: Failure): MapResult => ({ ok: false, field, message });
