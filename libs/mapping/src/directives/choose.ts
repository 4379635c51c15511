// Directives that choose between expressions: by what is there, by comparison, by a table.
import { frozen, isBlank } from '../json.ts';
import { Options } from '../options.ts';
import type { Run } from '../run.ts';
import type { Directive, Evaluate, Site } from '../site.ts';
import { scalarText, stepsOf } from '../text.ts';

/** `@default`: the first of several that is not blank; the last one as it is. */
export const fallback: Directive = (argument, site) => {
  if (!Array.isArray(argument) || argument.length === 0) return site.refuse('must be a list of expressions');
  const choices = argument.map((json, at) => site.argument(at).expression(json));
  const last = choices.pop();
  return (run) => {
    for (const choice of choices) {
      const value = choice(run);
      if (!isBlank(value)) return value;
    }
    return last?.(run);
  };
};

/** `@required`: fails where there is nothing. */
export const required: Directive = (argument, site) => {
  const value = site.expression(argument);
  const { field } = site;
  return (run) => value(run) ?? run.fail(field, 'is required, and missing');
};

type Condition = (run: Run) => boolean;

/** Texts, numbers and truth values by value; absent is null; lists and objects are equal to nothing. */
const isSame = (left: unknown, right: unknown): boolean =>
  (typeof left !== 'object' || left === null) && (left ?? null) === (right ?? null);

const conditions: Record<string, (argument: unknown, site: Site) => Condition> = {
  exists: (argument, site) => {
    const value = site.expression(argument);
    return (run) => (value(run) ?? null) !== null;
  },
  blank: (argument, site) => {
    const value = site.expression(argument);
    return (run) => isBlank(value(run));
  },
  equals: comparison(isSame),
  greater: comparison((left, right) => typeof left === 'number' && typeof right === 'number' && left > right),
  less: comparison((left, right) => typeof left === 'number' && typeof right === 'number' && left < right),
};

function comparison(compare: (left: unknown, right: unknown) => boolean) {
  return (argument: unknown, site: Site): Condition => {
    if (!Array.isArray(argument) || argument.length !== 2) {
      site.refuse('must be a list of two expressions');
      return () => false;
    }
    const left = site.argument(0).expression(argument[0]);
    const right = site.argument(1).expression(argument[1]);
    return (run) => {
      const [one, other] = [left(run), right(run)];
      // Texts of one length are gone through to be told apart.
      if (typeof one === 'string' && typeof other === 'string' && one.length === other.length) {
        run.spend(stepsOf(one), site.field);
      }
      return compare(one, other);
    };
  };
}

/** `@if`: one of two expressions, by one condition; without an `else`, absent. */
export const choice: Directive = (argument, site) => {
  const names = Object.keys(conditions);
  const options = new Options(argument, site, [...names, 'then', 'else']);
  const [name, ...others] = names.filter((known) => options.has(known));
  const make = conditions[name ?? ''];
  if (name === undefined || others.length > 0 || !make) return site.refuse(`must have one of ${names.join(', ')}`);
  if (!options.has('then') && !options.has('else')) return site.refuse('must have then, else, or both');
  const holds = make(options.get(name), options.at(name));
  const [yes, no] = [options.optionalExpression('then'), options.optionalExpression('else')];
  return (run) => (holds(run) ? yes(run) : no(run));
};

/** `@case`: the expression whose key is the value's text. */
export const switched: Directive = (argument, site) => {
  const options = new Options(argument, site, ['value', 'when', 'else']);
  const value = options.expression('value');
  const when = options.at('when');
  const cases = new Map(options.entries('when').map(([key, json]) => [key, when.argument(key).expression(json)]));
  const otherwise = options.optionalExpression('else');
  return chosen(value, site, (run, key) => (key === undefined ? otherwise : (cases.get(key) ?? otherwise))(run));
};

/** `@lookup`: a value out of a table, by the value's text. */
export const lookup: Directive = (argument, site) => {
  const options = new Options(argument, site, ['value', 'table', 'default']);
  const value = options.expression('value');
  const table = new Map(options.entries('table').map(([key, json]) => [key, frozen(json)]));
  const otherwise = options.optionalExpression('default');
  return chosen(value, site, (run, key) => {
    const found = key === undefined ? undefined : table.get(key);
    return found === undefined ? otherwise(run) : found;
  });
};

function chosen(value: Evaluate, { field }: Site, pick: (run: Run, key: string | undefined) => unknown): Evaluate {
  return (run) => {
    const given = value(run);
    const key = scalarText(run, given, field);
    return run.hasFailed() ? undefined : pick(run, key);
  };
}
