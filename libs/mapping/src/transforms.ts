// The transforms of mapping schema version 1: "trim", or {"type": "substring", "start": 0, "length": 3}; each is a directive.
import { isObject } from './json.ts';
import { zoneNamed } from './zone.ts';

interface Transform {
  /** Arguments by name, each with what is wrong with a value, if anything. */
  arguments: Record<string, (value: unknown) => string | undefined>;
  required?: string;
  directive: (value: object, given: Record<string, unknown>) => object;
}

const timezone = (value: unknown): string | undefined =>
  value === undefined || (typeof value === 'string' && zoneNamed(value))
    ? undefined
    : 'must be the name of a time zone, such as Europe/Berlin';

const count = (value: unknown): string | undefined =>
  value === undefined || (Number.isSafeInteger(value) && (value as number) >= 0)
    ? undefined
    : 'must be an integer of 0 or more';

const plain = (name: string): Transform => ({ arguments: {}, directive: (value) => ({ [name]: value }) });
const dated = (to: 'date' | 'iso'): Transform => ({
  arguments: { timezone },
  directive: (value, given) => ({ '@date': { value, to, timezone: given.timezone ?? 'UTC' } }),
});

const transforms: Record<string, Transform> = {
  to_string: plain('@string'),
  to_number: plain('@number'),
  to_boolean: plain('@boolean'),
  to_date: dated('date'),
  to_datetime: dated('iso'),
  default: {
    arguments: { value: () => undefined },
    required: 'value',
    directive: (value, given) => ({ '@default': [value, { '@const': given.value }] }),
  },
  trim: plain('@trim'),
  lower: plain('@lower'),
  upper: plain('@upper'),
  substring: {
    arguments: { start: count, length: count },
    required: 'start',
    directive: (value, { start, length }) => ({
      '@substring': { value, start, ...(length !== undefined && { length }) },
    }),
  },
};

/** What is wrong with a transform: which member of it, as it follows its place, and why. */
export function transformProblems(transform: unknown): [member: string, msg: string][] {
  const { name, given } = read(transform);
  const known = typeof name === 'string' && Object.hasOwn(transforms, name) ? transforms[name] : undefined;
  if (!known) return [['', `must be one of ${Object.keys(transforms).join(', ')}, or an object with that as its type`]];
  const problems: [string, string][] = [];
  for (const [key, value] of Object.entries(given)) {
    const check = Object.hasOwn(known.arguments, key) ? known.arguments[key] : undefined;
    const msg = check ? check(value) : `is not an argument of ${name as string}`;
    if (msg !== undefined) problems.push([`.${key}`, msg]);
  }
  if (known.required !== undefined && !Object.hasOwn(given, known.required)) {
    problems.push([`.${known.required}`, 'must be given']);
  }
  return problems;
}

/** An expression with a checked transform applied to it. */
export function transformed(value: object, transform: unknown): object {
  const { name, given } = read(transform);
  return transforms[name as string]?.directive(value, given) ?? value;
}

/** The name may be called type or name; the other members are arguments. */
function read(transform: unknown): { name: unknown; given: Record<string, unknown> } {
  if (!isObject(transform)) return { name: transform, given: {} };
  const { type, ...rest } = transform;
  if (type !== undefined) return { name: type, given: rest };
  const { name, ...given } = rest;
  return { name, given };
}
