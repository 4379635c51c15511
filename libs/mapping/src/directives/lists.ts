// Directives that make lists. Absent and null stay what they are; what is no list fails.
import { isObject, kindOf } from '../json.ts';
import { mappingLimits } from '../limits.ts';
import { Options } from '../options.ts';
import { positionOf } from '../path.ts';
import type { Run } from '../run.ts';
import type { Directive, Evaluate } from '../site.ts';

/** `@map`: an expression for each element of a list; paths in it start at the element. What is absent is left out. */
export const map: Directive = (argument, site) => {
  const options = new Options(argument, site, ['value', 'each']);
  const value = options.expression('value');
  const level = site.mapNesting;
  if (level >= mappingLimits.mapNesting) return site.refuse(`may be nested ${mappingLimits.mapNesting} deep at most`);
  const nodesBefore = site.build.nodes;
  const each = options.has('each') ? site.each().expression(options.get('each')) : site.refuse('must have each');
  const body = { each, level, nodes: site.build.nodes - nodesBefore, field: site.field };
  return (run) => {
    const list = value(run);
    if (list === undefined || list === null) return list;
    if (!Array.isArray(list)) return run.fail(body.field, `${kindOf(list)} is not a list`);
    return mapped(run, list, body);
  };
};

interface Body {
  each: Evaluate;
  level: number;
  nodes: number;
  field: string;
}

function mapped(run: Run, list: readonly unknown[], { each, level, nodes, field }: Body): unknown[] {
  const outer = run.scope;
  const made: unknown[] = [];
  for (let at = 0; at < list.length && !run.hasFailed(); at++) {
    if (!run.spend(nodes, field)) break;
    run.scope = list[at];
    run.indices[level] = at;
    const value = each(run);
    if (value !== undefined) made.push(value);
  }
  run.scope = outer;
  return made;
}

/** `@row`: a list by position. A position that has nothing is null where a later one has something. */
export const row: Directive = (argument, site) => {
  if (!isObject(argument)) return site.refuse('must be an object of positions, such as {"0": …, "2": …}');
  const parts: Evaluate[] = [];
  for (const [key, json] of Object.entries(argument)) {
    const position = positionOf(key);
    if (position < 0 || position >= mappingLimits.positions) {
      site.argument(key).refuse(`must be a position of 0 to ${mappingLimits.positions - 1}`);
    } else parts[position] = site.member(key).expression(json);
  }
  const all = Array.from(parts, (part: Evaluate | undefined) => part ?? (() => undefined));
  return (run) => {
    const values = all.map((part) => part(run));
    const count = values.findLastIndex((value) => value !== undefined) + 1;
    return count === 0 ? undefined : values.slice(0, count).map((value) => value ?? null);
  };
};
