// The language of conditions in its plainest form: every way through the choices, every field of the event one by one. Slow, and
// written apart from what it is the measure of.
import type { Rule } from '@sluice/contracts';
import type { Matched } from '../src/index.ts';

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
type Objects = { [key: string]: Json };

/** A list of tests at a path. */
interface Demand {
  path: string;
  tests: Json[];
}

/** A value of the event, and which element of which array it is in. Values that stand in an array themselves are in none of it. */
interface Occurrence {
  path: string;
  value: string | number | boolean | null;
  elements: ReadonlyMap<object, number>;
}

export function naiveMatch(rule: Rule, event: Matched, payload: unknown): boolean {
  const names = { type: event.event, resource: event.resource, resource_id: event.resource_id };
  if (!rule.active || rule.workspace_id !== event.workspace) return false;
  const isBelow = rule.event.endsWith('.*') && names.type.startsWith(rule.event.slice(0, -1));
  if (rule.event !== names.type && !isBelow) return false;
  if (rule.resource !== null && rule.resource !== names.resource) return false;
  if (rule.resource_id !== null && rule.resource_id !== names.resource_id) return false;
  if (rule.conditions === null) return true;
  const set = Object.entries({ ...names, payload }).filter(([key, value]) => key === 'payload' || value !== null);
  return naiveHolds(JSON.parse(rule.conditions) as Objects, Object.fromEntries(set) as Objects);
}

function naiveHolds(conditions: Objects, event: Objects): boolean {
  const occurrences = occurrencesIn(event);
  return waysOf(conditions, []).some((demands) => isMet(demands, [], occurrences));
}

/** Each demand in turn takes an occurrence that agrees with those before, or waits to be absent from what they chose. */
function isMet(demands: Demand[], chosen: (Occurrence | Demand)[], all: Occurrence[]): boolean {
  const [demand, ...others] = demands;
  const taken = chosen.filter((one): one is Occurrence => 'value' in one);
  if (!demand) {
    const agreeing = all.filter((occurrence) => taken.every((one) => agree(one, occurrence)));
    return chosen.every((one) => 'value' in one || !agreeing.some(({ path }) => path === one.path));
  }
  const takesAbsence = demand.tests.some((test) => isObject(test) && test['exists'] === false);
  if (takesAbsence && isMet(others, [...chosen, demand], all)) return true;
  return all.some(
    (occurrence) =>
      occurrence.path === demand.path &&
      demand.tests.some((test) => passes(test, occurrence.value)) &&
      taken.every((one) => agree(one, occurrence)) &&
      isMet(others, [...chosen, occurrence], all),
  );
}

const agree = (a: Occurrence, b: Occurrence): boolean =>
  [...a.elements].every(([array, index]) => (b.elements.get(array) ?? index) === index);

function occurrencesIn(
  value: Json,
  path: string[] = [],
  elements: ReadonlyMap<object, number> = new Map(),
): Occurrence[] {
  if (Array.isArray(value)) {
    return value.flatMap((element, index) =>
      occurrencesIn(
        element,
        path,
        typeof element === 'object' && element ? new Map([...elements, [value, index]]) : elements,
      ),
    );
  }
  if (isObject(value)) {
    return Object.entries(value).flatMap(([key, one]) => occurrencesIn(one, [...path, key], elements));
  }
  return [{ path: path.join('\u0000'), value, elements }];
}

/** All ways to take one alternative of each choice. */
function waysOf(conditions: Objects, path: string[]): Demand[][] {
  return Object.entries(conditions).reduce<Demand[][]>(
    (ways, [key, value]) => {
      const more =
        key === '$or'
          ? (value as Objects[]).flatMap((alternative) => waysOf(alternative, path))
          : Array.isArray(value)
            ? [[{ path: [...path, key].join('\u0000'), tests: value }]]
            : waysOf(value as Objects, [...path, key]);
      return ways.flatMap((way) => more.map((one) => [...way, ...one]));
    },
    [[]],
  );
}

function passes(test: Json, value: Occurrence['value']): boolean {
  if (!isObject(test)) return test === value;
  const [[operator, operand] = ['', null]] = Object.entries(test);
  if (operator === 'exists') return operand === true;
  if (operator === 'anything-but') {
    if (!isObject(operand)) return ![operand].flat().some((one) => one === value);
    const [[negated, texts] = ['', null]] = Object.entries(operand);
    return ![texts].flat().some((text) => passes({ [negated]: text }, value));
  }
  if (operator === 'numeric') return typeof value === 'number' && comparisons(operand as (string | number)[], value);
  if (typeof value !== 'string') return false;
  if (operator === 'cidr') return isInBlock(operand as string, value);
  if (isObject(operand)) return textPasses(operator, lower(operand['equals-ignore-case'] as string), lower(value));
  return textPasses(operator, operand as string, value);
}

function textPasses(operator: string, operand: string, value: string): boolean {
  if (operator === 'prefix') return value.slice(0, operand.length) === operand;
  if (operator === 'suffix') return operand === '' || value.slice(-operand.length) === operand;
  if (operator === 'equals-ignore-case') return lower(value) === lower(operand);
  const escaped = operand.replace(/\\.|[*.+?^${}()|[\]]/g, (token) =>
    token === '*' ? '[^]*' : token.startsWith('\\') ? token : `\\${token}`,
  );
  return new RegExp(`^${escaped}$`).test(value);
}

function comparisons(list: (string | number)[], value: number): boolean {
  const compare: Record<string, (bound: number) => boolean> = {
    '<': (bound) => value < bound,
    '<=': (bound) => value <= bound,
    '=': (bound) => value === bound,
    '>': (bound) => value > bound,
    '>=': (bound) => value >= bound,
  };
  return list.every((sign, at) => typeof sign === 'number' || compare[sign]?.(list[at + 1] as number) === true);
}

/** IPv4 only: what the generated values are. */
function isInBlock(block: string, value: string): boolean {
  const [base = '', length = ''] = block.split('/');
  const number = (text: string): bigint =>
    text.split('.').reduce((sum, octet) => sum * 256n + BigInt(octet), 0n) >> (32n - BigInt(length));
  return /^\d+(\.\d+){3}$/.test(value) && number(base) === number(value);
}

const lower = (text: string): string => text.toLowerCase();
const isObject = (value: Json): value is Objects =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
