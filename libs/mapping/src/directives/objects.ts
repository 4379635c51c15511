// Directives over the members of objects. Absent and null stay what they are; what is no object fails.
import { isForbiddenKey, isObject, kindOf } from '../json.ts';
import { mappingLimits } from '../limits.ts';
import { Options } from '../options.ts';
import type { Run } from '../run.ts';
import type { Directive } from '../site.ts';
import { stepsOf } from '../text.ts';

/** Makes an object of a value that is one. */
function ofObject(run: Run, given: unknown, { field, use }: { field: string; use: Use }): unknown {
  if (given === undefined || given === null) return given;
  if (!isObject(given)) return run.fail(field, `${kindOf(given)} is not an object`);
  if (run.hasFailed()) return undefined;
  const making = new Making(run, field);
  use(given, making);
  return making.object;
}

type Use = (object: Record<string, unknown>, making: Making) => void;

/** `@pick`: an object's members of these keys. */
export const pick: Directive = (argument, site) => {
  const options = new Options(argument, site, ['value', 'keys']);
  const value = options.expression('value');
  const keys = options.keys('keys');
  const use: Use = (given, making) => {
    for (const key of keys) if (Object.hasOwn(given, key) && !making.put(key, given[key])) return;
  };
  return (run) => ofObject(run, value(run), { field: site.field, use });
};

/** `@omit`: an object without its members of these keys. */
export const omit: Directive = (argument, site) => {
  const options = new Options(argument, site, ['value', 'keys']);
  const value = options.expression('value');
  const without = new Set(options.keys('keys'));
  const use: Use = (given, making) => {
    for (const key of Object.keys(given)) {
      if (!making.isAllowed(key) || (!without.has(key) && !making.put(key, given[key]))) return;
    }
  };
  return (run) => ofObject(run, value(run), { field: site.field, use });
};

/** `@merge`: the members of several objects; of equal keys the last counts. */
export const merge: Directive = (argument, site) => {
  if (!Array.isArray(argument) || argument.length === 0) return site.refuse('must be a list of expressions');
  const objects = argument.map((json, at) => site.argument(at).expression(json));
  const { field } = site;
  return (run) => {
    const given = objects.map((object) => object(run)).filter((object) => object !== undefined && object !== null);
    if (given.length === 0 || run.hasFailed()) return undefined;
    const making = new Making(run, field);
    for (const object of given) {
      if (!isObject(object)) return run.fail(field, `${kindOf(object)} is not an object to merge`);
      for (const key of Object.keys(object)) if (!making.put(key, object[key])) return undefined;
    }
    return making.object;
  };
};

/** `@flatten`: an object in objects as one, its keys joined; a list in lists as one. */
export const flatten: Directive = (argument, site) => {
  const options = new Options(argument, site, ['value', 'separator']);
  const separator = options.text('separator', '.');
  const value = options.expression('value');
  const { field } = site;
  const use: Use = (object, making) => flattenInto(making, { object, prefix: '', separator, depth: 0 });
  return (run) => {
    const given = value(run);
    return Array.isArray(given) ? flatList(run, given, field) : ofObject(run, given, { field, use });
  };
};

function flatList(run: Run, list: readonly unknown[], field: string): unknown[] | undefined {
  const made: unknown[] = [];
  for (const element of list) {
    const part: readonly unknown[] = Array.isArray(element) ? element : [element];
    if (!run.spend(1 + part.length, field)) return undefined;
    for (const value of part) made.push(value);
  }
  return made;
}

interface Nested {
  object: Record<string, unknown>;
  prefix: string;
  separator: string;
  depth: number;
}

function flattenInto(making: Making, { object, prefix, separator, depth }: Nested): void {
  if (making.isDeep(depth)) return;
  for (const name of Object.keys(object)) {
    const value = object[name];
    const key = prefix + name;
    if (!isObject(value)) {
      if (!making.put(key, value)) return;
    } else if (making.isAllowed(key)) {
      flattenInto(making, { object: value, prefix: key + separator, separator, depth: depth + 1 });
    } else return;
  }
}

/** To put a member into a large object takes several times what an element of a list takes. */
const MEMBER_STEPS = 3;

/** An object that is made of another's members: counts the work, and takes no key that no such object may have. */
class Making {
  readonly object: Record<string, unknown> = {};
  private readonly run: Run;
  private readonly field: string;

  constructor(run: Run, field: string) {
    this.run = run;
    this.field = field;
  }

  /** False once nothing more is to be put. */
  put(key: string, value: unknown): boolean {
    if (!this.isAllowed(key)) return false;
    if (isForbiddenKey(key)) {
      this.run.fail(this.field, `has the key ${key}, which is not allowed`);
      return false;
    }
    this.object[key] = value;
    return true;
  }

  /** Whether there are steps left to go on to this key. */
  isAllowed(key: string): boolean {
    return !this.run.hasFailed() && this.run.spend(MEMBER_STEPS + stepsOf(key), this.field);
  }

  /** False where there is more of it than anything made may have. */
  isDeep(depth: number): boolean {
    if (depth < mappingLimits.outputDepth) return false;
    this.run.fail(this.field, `is nested more than ${mappingLimits.outputDepth} deep`);
    return true;
  }
}
