// Version 1 means what a plain reading of its fields means, whether it is run as fields or as the directives they come to.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toDirectives } from './fields.ts';
import { checkMapping } from './mapping.ts';
import { ran } from '../testing/samples.ts';

type Transform = string | { type: string; value?: unknown; start?: number; length?: number };
interface Field {
  dest: string;
  source: { type: 'path' | 'literal'; value: unknown };
  transforms: Transform[];
  on_error?: 'skip_field' | 'warn_action' | 'fail_action';
}

/** Fields one after another, each written to its place as it comes: the plain reading. Dates are left to the fixtures. */
function plainly(fields: readonly Field[], payload: object): unknown {
  const made: Record<string, unknown> = {};
  const warnings: string[] = [];
  for (const { dest, source, transforms, on_error } of fields) {
    const steps = [...transforms];
    let value = source.type === 'literal' ? source.value : at(payload, String(source.value).split('.'));
    let isFailed = false;
    for (let step = steps.shift(); step !== undefined && !isFailed; step = steps.shift()) {
      const next = transformed(value, step);
      isFailed = next === failure;
      value = isFailed ? undefined : next;
    }
    const isMissing = on_error !== undefined && on_error !== 'skip_field' && (value === undefined || value === null);
    if (isFailed || isMissing) {
      if ((on_error ?? 'fail_action') === 'fail_action') return { ok: false, field: dest };
      if (on_error === 'warn_action') warnings.push(dest);
    } else if (value !== undefined) write(made, dest.split('.'), value);
  }
  return { ok: true, value: JSON.parse(JSON.stringify(made)) as unknown, warnings };
}

const failure = Symbol('failure');

function at(value: unknown, [key, ...rest]: string[]): unknown {
  if (key === undefined) return value;
  if (typeof value !== 'object' || value === null || (Array.isArray(value) && !/^\d+$/.test(key))) return undefined;
  return Object.hasOwn(value, key) ? at((value as Record<string, unknown>)[key], rest) : undefined;
}

function write(into: Record<string, unknown>, [key = '', ...rest]: string[], value: unknown): void {
  if (rest.length === 0) into[key] = value;
  else write((into[key] ??= /^\d+$/.test(rest[0] ?? '') ? [] : {}) as Record<string, unknown>, rest, value);
}

function transformed(value: unknown, step: Transform): unknown {
  const { type, ...given } = typeof step === 'string' ? { type: step } : step;
  if (type === 'default')
    return value === undefined || value === null || value === '' || isEmptyList(value) ? given.value : value;
  if (value === undefined || value === null) return value;
  const isScalar = typeof value !== 'object';
  const text = isScalar ? `${value as string}` : JSON.stringify(value);
  if (type === 'to_string') return text;
  if (!isScalar) return failure;
  switch (type) {
    case 'to_number':
      if (typeof value === 'string' && value.trim() === '') return undefined;
      return typeof value !== 'string' || /^\s*[+-]?(\d+\.?\d*|\.\d+)\s*$/.test(value) ? Number(value) : failure;
    case 'to_boolean': {
      const word = text.trim().toLowerCase();
      if (word === '') return undefined;
      return ['true', '1', 'yes'].includes(word) || (['false', '0', 'no'].includes(word) ? false : failure);
    }
    case 'trim':
      return text.trim();
    case 'lower':
      return text.toLowerCase();
    case 'upper':
      return text.toUpperCase();
    default:
      return Array.from(text)
        .slice(given.start, given.length === undefined ? undefined : (given.start ?? 0) + given.length)
        .join('');
  }
}

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

const value = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    1,
    -1.5,
    '',
    ' ',
    '12',
    ' 7.5 ',
    'x',
    'Yes',
    'no',
    'Ünï 😀',
    [],
    [1, 'a'],
    {},
  ),
  fc.record({ a: fc.constantFrom(1, 'b', null), '0': fc.constant('zero') }),
);
const transform = fc.constantFrom<Transform>(
  ...['to_string', 'to_number', 'to_boolean', 'trim', 'lower', 'upper'],
  { type: 'default', value: 'd' },
  { type: 'default', value: null },
  { type: 'substring', start: 1 },
  { type: 'substring', start: 0, length: 2 },
);
const field = fc.record({
  dest: fc.constantFrom('a', 'b', 'c.d', 'c.e', 'l.0', 'l.2', 'l.1.x', 'm.n.0', '0', 'o.p.q'),
  source: fc.oneof(
    fc.record({
      type: fc.constant('path' as const),
      value: fc.constantFrom('a', 'b', 'c', 'b.a', 'c.0', 'a.length', 'b.1'),
    }),
    fc.record({ type: fc.constant('literal' as const), value }),
  ),
  transforms: fc.array(transform, { maxLength: 3 }),
  on_error: fc.constantFrom(undefined, 'skip_field' as const, 'warn_action' as const, 'fail_action' as const),
});
const fields = fc
  .uniqueArray(field, { selector: ({ dest }) => dest, maxLength: 10 })
  .map((some) => some.map(({ on_error, ...rest }): Field => (on_error === undefined ? rest : { ...rest, on_error })));

describe('fields of version 1', () => {
  it('mean what a plain reading of them means', () => {
    fc.assert(
      fc.property(fields, fc.dictionary(fc.constantFrom('a', 'b', 'c'), value), (some, payload) => {
        const schema = { schema_version: 1, fields: some };
        expect(checkMapping(schema)).toEqual([]);
        const result = ran(schema, payload);
        const expected = plainly(some, payload) as { ok: boolean };
        if (!result.ok) {
          // Which of several failures is told depends on the order of places, not of fields.
          expect(expected.ok).toBe(false);
          expect(some.map(({ dest }) => dest)).toContain(result.field);
          return;
        }
        const { warnings, value: made } = result;
        const told = warnings.map(({ field: dest }) => dest).sort();
        expect({ ok: true, value: JSON.parse(JSON.stringify(made)) as unknown, warnings: told }).toEqual({
          ...expected,
          warnings: [...((expected as { warnings?: string[] } & typeof expected).warnings ?? [])].sort(),
        });
      }),
      { numRuns: 2_000 },
    );
  });

  it('come to directives that make the same', () => {
    fc.assert(
      fc.property(fields, fc.dictionary(fc.constantFrom('a', 'b', 'c'), value), (some, payload) => {
        const schema = { schema_version: 1, fields: some };
        const same = toDirectives(schema);
        expect(checkMapping(same)).toEqual([]);
        expect(ran(same, payload)).toEqual(ran(schema, payload));
      }),
    );
  });

  it('come to directives one can read', () => {
    const source = { type: 'path', value: 'contact.name' };
    const one = { dest: 'names.0', source, transforms: ['trim', { type: 'substring', start: 0, length: 3 }] };
    const two = { dest: 'source', source: { type: 'literal', value: 'web' }, on_error: 'fail_action' };
    expect(toDirectives({ schema_version: 1, fields: [one, two] })).toEqual({
      schema_version: 2,
      map: {
        names: {
          '@row': { '0': { '@substring': { value: { '@trim': { '@path': 'contact.name' } }, start: 0, length: 3 } } },
        },
        source: { '@required': { '@const': 'web' }, '@on_error': 'fail_action' },
      },
    });
  });
});
