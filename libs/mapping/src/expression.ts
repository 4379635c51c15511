// Builds expressions: literals, objects and lists of expressions, and directives with what is to happen when they fail.
import { directives } from './directives/index.ts';
import { isDirective, isObject } from './json.ts';
import { absent, type Build, type Evaluate, Site } from './site.ts';

/** What a failure comes to: the field is left out, the same with a warning, or the delivery fails. */
export const policies = ['skip_field', 'warn_action', 'fail_action'] as const;
type Policy = (typeof policies)[number];

const ON_ERROR = '@on_error';

/** Compiles the expression of a schema, noting every problem in `build`. */
export const buildRoot = (json: unknown, build: Build): Evaluate =>
  buildExpression(json, new Site(build, { param: 'schema.map', field: '', mapNesting: 0 }));

export function buildExpression(json: unknown, site: Site): Evaluate {
  if (!site.count(1)) return absent;
  if (Array.isArray(json)) return list(json.map((element, at) => site.member(at).expression(element)));
  if (!isObject(json)) return () => json;
  if (isDirective(json)) return directive(json, site);
  return object(Object.entries(json).map(([key, member]) => [key, site.member(key).expression(member)]));
}

/** What is absent is left out; a list of which nothing is left is absent. One written without elements is empty. */
function list(parts: readonly Evaluate[]): Evaluate {
  if (parts.length === 0) return () => [];
  return (run) => {
    const made: unknown[] = [];
    for (const part of parts) {
      const value = part(run);
      if (value !== undefined) made.push(value);
    }
    return made.length === 0 ? undefined : made;
  };
}

/** What is absent is left out; an object of which nothing is left is absent. One written without members is empty. */
function object(members: readonly [string, Evaluate][]): Evaluate {
  if (members.length === 0) return () => ({});
  const keys = members.map(([key]) => key);
  const parts = members.map(([, part]) => part);
  return (run) => {
    const made: Record<string, unknown> = {};
    let isEmpty = true;
    for (let at = 0; at < parts.length; at++) {
      const value = (parts[at] as Evaluate)(run);
      if (value === undefined) continue;
      made[keys[at] as string] = value;
      isEmpty = false;
    }
    return isEmpty ? undefined : made;
  };
}

function directive(json: Record<string, unknown>, site: Site): Evaluate {
  const names = Object.keys(json).filter((key) => key !== ON_ERROR);
  const [name] = names;
  if (name === undefined || names.length > 1) return site.refuse(`must have one directive alone, besides ${ON_ERROR}`);
  const make = directives.get(name);
  if (!make) return site.argument(name).refuse(`is no directive; there are ${[...directives.keys()].join(' ')}`);
  const evaluate = make(json[name], site.argument(name));
  if (!Object.hasOwn(json, ON_ERROR)) return evaluate;
  const policy = policies.find((known) => known === json[ON_ERROR]);
  if (policy === undefined) return site.argument(ON_ERROR).refuse(`must be one of ${policies.join(', ')}`);
  return guarded(evaluate, policy);
}

/** The nearest policy around a failure decides. */
function guarded(evaluate: Evaluate, policy: Policy): Evaluate {
  return (run) => {
    // A failure from before is not this expression's.
    if (run.hasFailed()) return undefined;
    const value = evaluate(run);
    if (!run.hasFailed()) return value;
    if (policy === 'fail_action') run.isFinal = true;
    else if (!run.isFinal) run.recover(policy === 'warn_action');
    return undefined;
  };
}
