// What holds for every mapping and every payload: nothing throws, nothing forbidden comes out, limits hold, the same makes the same.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { directives } from './directives/index.ts';
import { mappingLimits } from './limits.ts';
import { checkMapping, compileMapping, type MapResult } from './mapping.ts';
import { anInput, sha256 } from '../testing/samples.ts';

const keys = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('a', 'b', 'c', '0', 'items') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'length', '__pro', 'to__'),
  },
);

/** Objects as JSON.parse makes them, in which __proto__ is a key like any other. */
const objectOf = (members: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.array(fc.tuple(keys, members), { maxLength: 5 }).map((entries) => {
    const text = entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',');
    return JSON.parse(`{${text}}`) as unknown;
  });

const { json, object } = fc.letrec<{ json: unknown; object: unknown }>((tie) => ({
  object: objectOf(tie('json')),
  json: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'json' },
    fc.oneof(
      fc.constantFrom<unknown>(null, true, false, '', ' ', '12', '2026-01-02', '2026-01-02T03:04:05+01:00', 1767225600),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.string({ unit: 'binary', maxLength: 20 }),
    ),
    fc.array(tie('json'), { maxLength: 4 }),
    tie('object'),
  ),
}));
const payload = object;

const path = fc.oneof(
  fc.constantFrom('', 'a', 'b', 'items', 'items.0', 'a.b', 'a.0.c', 'c.length', 'toString'),
  fc.array(fc.constantFrom('a', 'b', '0'), { maxLength: 3 }),
);

/** Expressions that are sound for the most part, over every directive. */
const { expression } = fc.letrec<{ expression: unknown }>((tie) => {
  const inner = tie('expression');
  const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
  const options = (shape: Record<string, fc.Arbitrary<unknown>>) =>
    fc.record(shape).map((some) => Object.fromEntries(Object.entries(some).filter(([, value]) => value !== undefined)));
  const keyList = fc.array(fc.constantFrom('a', 'b', 'c', 'items'), { minLength: 1, maxLength: 2 });
  const separator = optional(fc.constantFrom(',', '.', '', '_', '__'));
  const two = fc.tuple(inner, inner);
  const list = fc.array(inner, { minLength: 1, maxLength: 3 });
  const table = fc.dictionary(fc.constantFrom('a', '12', 'true', 'x'), json, { minKeys: 1, maxKeys: 3 });
  const branches = fc.dictionary(fc.constantFrom('a', '12', 'true', 'x'), inner, { minKeys: 1, maxKeys: 2 });
  const shapes: Record<string, fc.Arbitrary<unknown>> = {
    '@path': path,
    '@root': path,
    '@event': fc.constantFrom('id', 'type', 'workspace', 'resource', 'resource_id', 'created_at'),
    '@const': json,
    '@template': fc
      .array(fc.constantFrom('{{a}}', '{{items}}', 'x', '{{a.b}} '), { maxLength: 4 })
      .map((all) => all.join('')),
    '@default': list,
    '@required': inner,
    '@if': fc.oneof(
      options({ exists: inner, then: inner }),
      options({ blank: inner, else: inner }),
      options({ equals: two, then: inner, else: inner }),
      options({ greater: two, then: inner }),
      options({ less: two, then: inner }),
    ),
    '@case': options({ value: inner, when: branches, else: optional(inner) }),
    '@lookup': options({ value: inner, table, default: optional(inner) }),
    '@string': inner,
    '@number': inner,
    '@boolean': inner,
    '@date': options({
      value: inner,
      from: optional(fc.constantFrom('iso', 'epoch_s', 'epoch_ms')),
      to: optional(fc.constantFrom('iso', 'date', 'epoch_s', 'epoch_ms')),
      timezone: optional(fc.constantFrom('Europe/Berlin', 'America/St_Johns')),
    }),
    '@lower': inner,
    '@upper': inner,
    '@trim': inner,
    '@substring': options({ value: inner, start: fc.nat(5), length: optional(fc.nat(5)) }),
    '@split': options({ value: inner, separator: fc.constantFrom(',', ' ', '1') }),
    '@join': options({ value: inner, separator }),
    '@json': inner,
    '@hash': inner,
    '@map': options({ value: fc.oneof(fc.constant({ '@root': 'items' }), inner), each: inner }),
    '@row': fc.dictionary(fc.constantFrom('0', '1', '3', '99'), inner, { maxKeys: 3 }),
    '@pick': options({ value: inner, keys: keyList }),
    '@omit': options({ value: inner, keys: keyList }),
    '@merge': list,
    '@flatten': options({ value: inner, separator }),
  };
  expect(Object.keys(shapes).sort()).toEqual([...directives.keys()].sort());
  const directive = fc.oneof(
    ...Object.entries(shapes).map(([name, argument]) =>
      fc
        .tuple(argument, fc.constantFrom(undefined, undefined, 'skip_field', 'warn_action', 'fail_action'))
        .map(([given, policy]) => (policy === undefined ? { [name]: given } : { [name]: given, '@on_error': policy })),
    ),
  );
  return {
    expression: fc.oneof(
      { maxDepth: 5, depthIdentifier: 'expression' },
      { weight: 2, arbitrary: fc.record({ '@path': path }) },
      { weight: 6, arbitrary: directive },
      { weight: 1, arbitrary: fc.constantFrom<unknown>('text', 1, null, true, [], {}) },
      { weight: 1, arbitrary: fc.dictionary(fc.constantFrom('x', 'y', 'z'), inner, { maxKeys: 3 }) },
      { weight: 1, arbitrary: fc.array(inner, { maxLength: 3 }) },
    ),
  };
});

function run(map: unknown, some: unknown): MapResult | undefined {
  const schema = { schema_version: 2, map };
  if (checkMapping(schema).length > 0) return undefined;
  const mapping = compileMapping(schema, { sha256 });
  return mapping.kind === 'directives' ? mapping.run(anInput(some)) : undefined;
}

function everyKey(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return [...(Array.isArray(value) ? [] : Object.keys(value)), ...Object.values(value).flatMap(everyKey)];
}

describe('any mapping on any payload', () => {
  it('makes a value within the limits and without a key that reaches a prototype, or says where it fails', () => {
    const seen = { refused: 0, made: 0, failed: 0 };
    fc.assert(
      fc.property(expression, payload, (map, some) => {
        const before = JSON.stringify(some);
        const result = run(map, some);
        if (!result) {
          seen.refused++;
          return;
        }
        expect(JSON.stringify(some)).toBe(before);
        if (!result.ok) {
          seen.failed++;
          expect(result.field).not.toBe('');
          expect(result.message).not.toBe('');
          expect(result.field).not.toContain('\u0000');
          return;
        }
        seen.made++;
        const text = JSON.stringify(result.value);
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(mappingLimits.outputBytes);
        // What is made is JSON and nothing else: no holes, no undefined, no prototypes of another kind.
        expect(JSON.parse(text)).toEqual(result.value);
        expect(everyKey(result.value).filter((key) => ['__proto__', 'constructor', 'prototype'].includes(key))).toEqual(
          [],
        );
      }),
      { numRuns: 5_000 },
    );
    // A test of nothing but refusals, or of nothing but failures, would say little.
    expect(seen.made).toBeGreaterThan(1_000);
    expect(seen.failed).toBeGreaterThan(500);
    expect(seen.refused).toBeLessThan(2_500);
    expect({}).not.toHaveProperty('admin');
  });

  it('makes the same of the same payload, also compiled anew and after other payloads', () => {
    fc.assert(
      fc.property(expression, payload, payload, (map, some, other) => {
        const schema = { schema_version: 2, map };
        if (checkMapping(schema).length > 0) return;
        const mapping = compileMapping(schema, { sha256 });
        if (mapping.kind !== 'directives') return;
        const first = JSON.stringify(mapping.run(anInput(some)));
        mapping.run(anInput(other));
        expect(JSON.stringify(mapping.run(anInput(some)))).toBe(first);
        expect(JSON.stringify(run(map, some))).toBe(first);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('any JSON as a schema', () => {
  const names = fc.constantFrom(
    'schema_version',
    'map',
    'fields',
    'dest',
    'source',
    'type',
    'value',
    '@path',
    '@map',
    'each',
  );
  const { schema } = fc.letrec<{ schema: unknown }>((tie) => ({
    schema: fc.oneof(
      { maxDepth: 5, depthIdentifier: 'schema' },
      fc.oneof(fc.constantFrom<unknown>(1, 2, 'path', 'literal', 'a.b', null), json),
      fc.array(tie('schema'), { maxLength: 3 }),
      fc.dictionary(names, tie('schema'), { maxKeys: 4 }),
    ),
  }));

  it('is checked without throwing, and what passes compiles', () => {
    const any = fc.oneof(
      schema,
      fc.record({ schema_version: fc.constant(2), map: schema }),
      fc.record({ schema_version: fc.constant(1), fields: fc.array(schema, { maxLength: 3 }) }),
    );
    fc.assert(
      fc.property(any, payload, (some, event) => {
        const problems = checkMapping(some);
        for (const { param, msg } of problems) {
          expect(param).toMatch(/^schema/);
          expect(msg).not.toBe('');
        }
        if (problems.length > 0) expect(() => compileMapping(some, { sha256 })).toThrow();
        else {
          const mapping = compileMapping(some, { sha256 });
          if (mapping.kind === 'directives') mapping.run(anInput(event));
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
