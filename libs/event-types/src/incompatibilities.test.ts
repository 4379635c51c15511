// Which new versions are compatible; and that compatible ones take every payload that was taken before.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { schema } from '../testing/arbitraries.ts';
import { versionsInUse, withoutNewMembers } from '../testing/versions.ts';
import { checkEventTypeSchema } from './check-schema.ts';
import { problemsOf } from './evaluation.ts';
import { incompatibilities } from './incompatibilities.ts';
import { planOf } from './plan.ts';
import { readSchema } from './reader.ts';
import type { SchemaObject } from './schema.ts';

type Keywords = Record<string, unknown>;

const withA = (a: unknown, more: Keywords = {}): Keywords => ({ type: 'object', properties: { a }, ...more });
/** What is told of a change, as `param: msg`. */
const told = (before: unknown, after: unknown): string[] =>
  incompatibilities(before, after).map(({ param, msg }) => `${param}: ${msg}`);

describe('a new version is compatible that', () => {
  const closed = { additionalProperties: false };
  const variant = (kind: string, more: Keywords = {}) => ({
    type: 'object',
    required: ['kind'],
    properties: { kind: { const: kind }, ...more },
  });

  it.each<[what: string, before: Keywords, after: Keywords]>([
    ['is the same', withA({ type: 'string' }), withA({ type: 'string' })],
    ['has other annotations', withA({ type: 'string' }), withA({ type: 'string', title: 'A', examples: ['x'] })],
    [
      'says the same by a reference',
      withA({ type: 'string' }),
      withA({ $ref: '#/$defs/t' }, { $defs: { t: { type: 'string' } } }),
    ],
    [
      'says the same in parts',
      withA({ type: 'string', maxLength: 3 }),
      withA({ allOf: [{ type: 'string' }, { maxLength: 3 }] }),
    ],
    ['has an optional property more', withA({}), { type: 'object', properties: { a: {}, b: { type: 'string' } } }],
    [
      'has one more and is closed',
      withA({}, closed),
      { type: 'object', properties: { a: {}, b: { type: 'string' } }, ...closed },
    ],
    ['has one more inside', withA(withA({})), withA({ type: 'object', properties: { a: {}, b: { type: 'null' } } })],
    [
      'requires a property more often than not',
      withA({}, { required: ['a'] }),
      withA({}, { required: ['a'], minProperties: 1 }),
    ],
    ['opens what was closed', withA({}, closed), withA({})],
    [
      'loosens a bound',
      withA({ type: 'number', minimum: 3, maximum: 5 }),
      withA({ type: 'number', exclusiveMinimum: 2, maximum: 6 }),
    ],
    ['loosens a multiple', withA({ type: 'integer', multipleOf: 6 }), withA({ type: 'integer', multipleOf: 3 })],
    ['loosens a length', withA({ type: 'string', maxLength: 3 }), withA({ type: 'string', maxLength: 4 })],
    ['drops a pattern', withA({ type: 'string', pattern: '^a' }), withA({ type: 'string' })],
    ['takes one more value', withA({ enum: ['a', 'b'] }), withA({ enum: ['b', 'a', 'c'] })],
    ['takes any value', withA({ enum: ['a', 'b'] }), withA({ type: 'string', maxLength: 1 })],
    ['lists all there are', withA({ type: 'boolean' }), withA({ enum: [true, false] })],
    [
      'takes more items',
      withA({ type: 'array', items: { maxLength: 2 }, maxItems: 2 }),
      withA({ type: 'array', items: { maxLength: 3 } }),
    ],
    [
      'describes items one by one',
      withA({ type: 'array', items: { maxLength: 2 } }),
      withA({ type: 'array', prefixItems: [{ maxLength: 3 }], items: { maxLength: 2 } }),
    ],
    ['drops an exclusion', withA({ not: { const: 1 } }), withA({})],
    [
      'has another alternative',
      { type: 'object', oneOf: [variant('a')] },
      { type: 'object', oneOf: [variant('a'), variant('b')] },
    ],
    [
      'has more in an alternative',
      { type: 'object', oneOf: [variant('a')] },
      { type: 'object', oneOf: [variant('a', { x: { type: 'null' } })] },
    ],
    [
      'makes alternatives of types',
      withA({ type: ['string', 'null'] }),
      withA({ anyOf: [{ type: 'string' }, { type: 'null' }] }),
    ],
    [
      'asks of a property what was asked of all',
      withA({}, { patternProperties: { '^x': { type: 'null' } } }),
      withA({}, { properties: { a: {}, x1: { type: 'null' } }, patternProperties: { '^x': { type: 'null' } } }),
    ],
  ])('%s', (_what, before, after) => {
    expect([...checkEventTypeSchema(before), ...checkEventTypeSchema(after)]).toEqual([]);
    expect(told(before, after)).toEqual([]);
  });
});

describe('comparing two versions', () => {
  it('tells all that is broken', () => {
    const before = { type: 'object', properties: { a: { type: 'string' }, b: {} }, required: ['b'] };
    expect(told(before, withA({ type: 'number' }))).toEqual([
      'schema.properties.a.type: no longer allows a string',
      'schema.required: no longer names b: consumers count on it',
      'schema.properties.a.type: may be a number now: consumers do not expect it',
      'schema.properties.b: is no longer described: consumers may read it',
    ]);
  });

  it('does not compare with a schema at fault, and tells what is wrong with a new one', () => {
    expect(told({ type: 'text' }, { type: 'object' })).toEqual([
      'schema: cannot be compared: the version before is at fault',
    ]);
    expect(told({ type: 'object' }, { type: 'text' })[0]).toMatch(/^schema.type: must be one of/);
  });

  it('never throws, and finds every version compatible with itself', () => {
    fc.assert(
      fc.property(schema, fc.anything(), (each, anything) => {
        expect(incompatibilities(each, JSON.parse(JSON.stringify(each)))).toEqual([]);
        expect(Array.isArray(incompatibilities(each, anything))).toBe(true);
        expect(Array.isArray(incompatibilities(anything, each))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('calls compatible only what takes every payload that the version before took', () => {
    const planned = (each: SchemaObject) => {
      const read = readSchema(each);
      return 'problems' in read ? undefined : planOf(read);
    };
    let compatible = 0;
    let broken = 0;
    fc.assert(
      fc.property(versionsInUse, ({ before, after, payloads }) => {
        const [old, now] = [planned(before), planned(after)];
        fc.pre(old !== undefined && now !== undefined);
        if (!old || !now) return;
        const problems = incompatibilities(before, after);
        for (const each of payloads.map((one) => withoutNewMembers(one, before, after))) {
          if (problemsOf(old, each, 'payload').length > 0) continue;
          const refused = problemsOf(now, each, 'payload').length > 0;
          if (refused) broken++;
          if (problems.length === 0)
            expect({ before, after, each, refused }).toEqual({ before, after, each, refused: false });
        }
        if (problems.length === 0 && JSON.stringify(before) !== JSON.stringify(after)) compatible++;
      }),
      { numRuns: 1_000 },
    );
    // There was something to find on both sides.
    expect(compatible).toBeGreaterThan(50);
    expect(broken).toBeGreaterThan(10);
  });
});
