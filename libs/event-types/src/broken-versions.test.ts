// What a change to a schema takes away, change by change.
import { describe, expect, it } from '@jest/globals';
import { checkEventTypeSchema } from './check-schema.ts';
import { incompatibilities } from './incompatibilities.ts';

type Keywords = Record<string, unknown>;

const withA = (a: unknown, more: Keywords = {}): Keywords => ({ type: 'object', properties: { a }, ...more });
/** What is told of a change, as `param: msg`. */
const told = (before: unknown, after: unknown): string[] =>
  incompatibilities(before, after).map(({ param, msg }) => `${param}: ${msg}`);

describe('a new version breaks producers that', () => {
  const at = 'schema.properties.a';

  it.each<[what: string, before: Keywords, after: Keywords, problem: string]>([
    [
      'asks for a property more',
      withA({}),
      withA({}, { required: ['a'] }),
      'schema.required: asks for a, which could be left out',
    ],
    [
      'narrows a type',
      withA({ type: ['string', 'null'] }),
      withA({ type: 'string' }),
      `${at}.type: no longer allows null`,
    ],
    [
      'narrows numbers to whole ones',
      withA({ type: 'number' }),
      withA({ type: 'integer' }),
      `${at}.type: no longer allows a number that is not whole`,
    ],
    [
      'gives a type where there was none',
      withA({}),
      withA({ type: ['string', 'number', 'boolean', 'array', 'object'] }),
      `${at}.type: no longer allows null`,
    ],
    [
      'gives a type to what was only required',
      { type: 'object', required: ['a'] },
      withA({ type: 'string' }, { required: ['a'] }),
      `${at}.type: no longer allows a number, true or false, an object, an array or null`,
    ],
    [
      'raises a minimum',
      withA({ type: 'number', minimum: 1 }),
      withA({ type: 'number', minimum: 2 }),
      `${at}.minimum: is tighter than before: 2`,
    ],
    [
      'excludes a minimum',
      withA({ type: 'number', minimum: 1 }),
      withA({ type: 'number', exclusiveMinimum: 1 }),
      `${at}.exclusiveMinimum: is tighter than before: 1`,
    ],
    [
      'lowers a maximum',
      withA({ type: 'number', exclusiveMaximum: 3 }),
      withA({ type: 'number', maximum: 2 }),
      `${at}.maximum: is tighter than before: 2`,
    ],
    [
      'adds a multiple',
      withA({ type: 'integer', multipleOf: 2 }),
      withA({ type: 'integer', multipleOf: 4 }),
      `${at}.multipleOf: is tighter than before: 4`,
    ],
    [
      'shortens a text',
      withA({ type: 'string', maxLength: 4 }),
      withA({ type: 'string', maxLength: 3 }),
      `${at}.maxLength: is tighter than before: 3`,
    ],
    [
      'changes a pattern',
      withA({ type: 'string', pattern: '^a' }),
      withA({ type: 'string', pattern: '^ab' }),
      `${at}.pattern: is tighter than before: "^ab"`,
    ],
    [
      'adds a format',
      withA({ type: 'string' }),
      withA({ type: 'string', format: 'date' }),
      `${at}.format: is tighter than before: "date"`,
    ],
    ['drops a value', withA({ enum: ['a', 'b'] }), withA({ enum: ['a'] }), `${at}: no longer allows "b"`],
    [
      'lists values',
      withA({ type: 'string' }),
      withA({ type: 'string', enum: ['a'] }),
      `${at}.enum: allows only some values now, and allowed others`,
    ],
    [
      'takes fewer items',
      withA({ type: 'array', maxItems: 2 }),
      withA({ type: 'array', maxItems: 1 }),
      `${at}.maxItems: is tighter than before`,
    ],
    [
      'asks for different items',
      withA({ type: 'array', items: { type: 'string' } }),
      withA({ type: 'array', items: { type: 'string' }, uniqueItems: true }),
      `${at}.uniqueItems: is tighter than before`,
    ],
    [
      'asks more of items',
      withA({ type: 'array', items: { maxLength: 3 } }),
      withA({ type: 'array', items: { maxLength: 2 } }),
      `${at}.items.maxLength: is tighter than before: 2`,
    ],
    [
      'asks for an item of a kind',
      withA({ type: 'array' }),
      withA({ type: 'array', contains: { const: 1 } }),
      `${at}.contains: is tighter than before`,
    ],
    [
      'closes an object',
      withA({}),
      withA({}, { additionalProperties: false }),
      'schema.additionalProperties: no longer allows properties that are not named',
    ],
    [
      'closes what is left',
      withA({}),
      withA({}, { unevaluatedProperties: false }),
      'schema.unevaluatedProperties: is tighter than before',
    ],
    [
      'asks more of names',
      withA({}),
      withA({}, { propertyNames: { maxLength: 9 } }),
      'schema.propertyNames.maxLength: is tighter than before: 9',
    ],
    [
      'gives names a meaning by a pattern',
      withA({}),
      withA({}, { patternProperties: { '^x': { type: 'null' } } }),
      'schema.patternProperties.^x.type: no longer allows true or false, a number, a string, an array or an object',
    ],
    [
      'gives a name another meaning than the pattern did',
      withA({}, { patternProperties: { '^x': { type: 'null' } } }),
      withA({}, { properties: { a: {}, x1: { type: 'boolean' } }, patternProperties: { '^x': { type: 'null' } } }),
      'schema.properties.x1: no longer allows null',
    ],
    [
      'asks for one beside another',
      withA({}),
      withA({}, { dependentRequired: { a: ['b'] } }),
      'schema.dependentRequired.a: asks for b, which could be left out',
    ],
    [
      'rules something out',
      withA({ type: 'string' }),
      withA({ type: 'string', not: { const: 'x' } }),
      `${at}.not: may rule out what was allowed before`,
    ],
    [
      'drops an alternative',
      withA({ anyOf: [{ const: 'a' }, { type: 'integer' }] }),
      withA({ anyOf: [{ const: 'a' }, { const: 'b' }] }),
      `${at}.anyOf: cannot be shown to allow all that was allowed before`,
    ],
    [
      'has alternatives that overlap',
      withA({ oneOf: [{ minimum: 5 }] }),
      withA({ oneOf: [{ minimum: 5 }, { maximum: 9 }] }),
      `${at}.oneOf: has changed, and a value may fit several alternatives`,
    ],
    [
      'adds a condition',
      withA({}),
      withA({}, { if: { required: ['a'] }, then: { required: ['b'] } }),
      'schema.if: has changed, and may rule out what was allowed before',
    ],
    ['allows nothing', withA({}), withA(false), `${at}: no longer allows any value`],
  ])('%s', (_what, before, after, problem) => {
    expect([...checkEventTypeSchema(before), ...checkEventTypeSchema(after)]).toEqual([]);
    const problems = told(before, after);
    // The order in which types are named does not matter.
    expect(problems.map(inAnyOrder)).toContain(inAnyOrder(problem));
  });

  const inAnyOrder = (text: string): string =>
    text
      .split(/[, ]+/)
      .filter((word) => word !== 'or')
      .sort()
      .join(' ');
});

describe('a new version breaks consumers that', () => {
  it.each<[what: string, before: Keywords, after: Keywords, problem: string]>([
    [
      'drops a property',
      withA({}),
      { type: 'object' },
      'schema.properties.a: is no longer described: consumers may read it',
    ],
    [
      'drops one inside',
      withA(withA({})),
      withA({ type: 'object' }),
      'schema.properties.a.properties.a: is no longer described: consumers may read it',
    ],
    [
      'drops one inside items',
      withA({ type: 'array', items: withA({}) }),
      withA({ type: 'array', items: { type: 'object' } }),
      'schema.properties.a.items.properties.a: is no longer described: consumers may read it',
    ],
    [
      'requires one no longer',
      withA({}, { required: ['a'] }),
      withA({}),
      'schema.required: no longer names a: consumers count on it',
    ],
    [
      'lets a property be of another type too',
      withA({ type: 'string' }),
      withA({ type: ['string', 'null'] }),
      'schema.properties.a.type: may be null now: consumers do not expect it',
    ],
    [
      'lets a whole number be a fraction',
      withA({ type: 'integer' }),
      withA({ type: 'number' }),
      'schema.properties.a.type: may be a number that is not whole now: consumers do not expect it',
    ],
    [
      'lets items be of another type too',
      withA({ type: 'array', items: { type: 'null' } }),
      withA({ type: 'array', items: { type: ['null', 'boolean'] } }),
      'schema.properties.a.items.type: may be true or false now: consumers do not expect it',
    ],
  ])('%s', (_what, before, after, problem) => {
    expect(told(before, after)).toEqual([problem]);
  });
});
