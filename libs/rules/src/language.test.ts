// The language of conditions, operator by operator, with its corner cases: what README.md says, run.
import { describe, expect, it } from '@jest/globals';
import { ruleOf } from '../testing/arbitraries.ts';
import { checkConditions, explain, RuleBook } from './index.ts';

const names = { workspace: 'w1', event: 'lead.created', resource: null, resource_id: null };

/** What the rule book and the explanation say, which is the same. */
function matches(conditions: unknown, payload: Record<string, unknown>): boolean {
  expect(checkConditions(conditions)).toEqual([]);
  const rule = ruleOf({ conditions: JSON.stringify(conditions) });
  const book = new RuleBook();
  book.put(rule);
  const isMatch = book.matching(names, payload).rules.length === 1;
  expect(explain(rule, names, payload).matched).toBe(isMatch);
  return isMatch;
}

/** Each list of tests on the field `a`, with values that pass and values that do not; undefined is no field at all. */
const tables: Record<string, [tests: unknown[], passing: unknown[], failing: unknown[]][]> = {
  'a value': [
    [['x'], ['x', ['y', 'x'], [['x']]], ['y', 'X', '', null, undefined, {}, { x: 'x' }, []]],
    [['x', 'y'], ['x', 'y'], ['z']],
    [[5], [5, 5.0, [4, 5]], ['5', 6, true]],
    [['5'], ['5'], [5]],
    [[0], [0, -0], [null, false, '']],
    [[true], [true], ['true', 1, false]],
    [[null], [null, [null]], [undefined, 0, 'null', []]],
    [[1e10], [10_000_000_000], [1e9]],
    [[''], [''], [null, undefined]],
  ],
  prefix: [
    [[{ prefix: 'ab' }], ['ab', 'abc', ['x', 'abc']], ['a', 'Abc', 'xab', 5, null, undefined]],
    [[{ prefix: '' }], ['', 'x'], [5, null, undefined]],
    [[{ prefix: { 'equals-ignore-case': 'Éa' } }], ['éAb'], ['eab', 'xéa']],
  ],
  suffix: [
    [[{ suffix: 'bc' }], ['bc', 'abc'], ['bcd', 'aBC', 5]],
    [[{ suffix: '' }], ['', 'x'], [5, undefined]],
    [[{ suffix: { 'equals-ignore-case': 'BÉ' } }], ['abé'], ['béa']],
  ],
  'equals-ignore-case': [
    [[{ 'equals-ignore-case': 'aB' }], ['ab', 'AB', 'Ab'], ['abc', 'b', 5]],
    [[{ 'equals-ignore-case': 'straße' }], ['STRASSE', 'Straße', 'STRAẞE'], ['strase']],
    [[{ 'equals-ignore-case': 'k' }], ['K', '\u212a'], ['x']],
    [[{ 'equals-ignore-case': 'ΟΔΟΣ' }], ['οδος', 'οδοσ'], ['οδο']],
    [[{ 'equals-ignore-case': '𐐀' }], ['𐐨'], ['a']],
  ],
  wildcard: [
    [[{ wildcard: 'a*c' }], ['ac', 'abc', 'aXXc', 'acc'], ['abcd', 'xac', 'a', 5]],
    [[{ wildcard: '*' }], ['', 'x'], [5, null, undefined]],
    [[{ wildcard: 'a*b*c' }], ['abc', 'abbc', 'abcbc'], ['acb', 'ac']],
    [[{ wildcard: '*a*' }], ['a', 'xax'], ['x']],
    [[{ wildcard: 'ab*ab' }], ['abab', 'abxab'], ['ab', 'aba']],
    [[{ wildcard: 'a\\*b' }], ['a*b'], ['axb']],
    [[{ wildcard: 'a\\\\*' }], ['a\\', 'a\\b'], ['ab', 'a*']],
    [[{ wildcard: '' }], [''], ['x']],
  ],
  numeric: [
    [[{ numeric: ['>', 5] }], [5.1, 1e12, [1, 6]], [5, '6', null, true]],
    [[{ numeric: ['>=', 5] }], [5, 6], [4.999_999_9]],
    [[{ numeric: ['<', 5] }], [4.999_999_9, -1e12], [5]],
    [[{ numeric: ['<=', 5] }], [5, -3], [5.000_000_1]],
    [[{ numeric: ['=', 5] }], [5], [5.000_000_1, '5']],
    [[{ numeric: ['>', 0, '<=', 5] }], [0.1, 5], [0, 5.1]],
    [[{ numeric: ['<', 5, '>=', 0] }], [0, 4], [-0.1, 5]],
    [[{ numeric: ['>=', 5, '<=', 5] }], [5], [4, 6]],
    [[{ numeric: ['>=', 1e308, '<', 1.5e308] }], [1.2e308], [1]],
    [[{ numeric: ['>', -1e-300, '<', 1e-300] }], [0], [1e-299]],
  ],
  exists: [
    [[{ exists: true }], ['x', null, 0, [null], { b: 1 }.b], [undefined, [], {}, { b: 1 }, [[]]]],
    [[{ exists: false }], [undefined, [], {}, { b: 1 }, [{}]], ['x', null, [1]]],
    [
      ['x', { exists: false }],
      [undefined, 'x', ['y', 'x']],
      ['y', ['y']],
    ],
  ],
  cidr: [
    [
      [{ cidr: '10.0.0.0/8' }],
      ['10.1.2.3', '::ffff:10.1.2.3', '::ffff:a01:203'],
      ['11.0.0.0', '10.1.2', '10.1.2.300', 'x', 167_772_161, '::1'],
    ],
    [[{ cidr: '10.0.0.7/24' }], ['10.0.0.1', '10.0.0.255'], ['10.0.1.0']],
    [[{ cidr: '10.0.0.1/32' }], ['10.0.0.1'], ['10.0.0.2', '010.0.0.1']],
    [[{ cidr: '0.0.0.0/0' }], ['1.2.3.4'], ['::1', 'hello']],
    [
      [{ cidr: '2001:db8::/32' }],
      ['2001:db8::1', '2001:DB8:0:0:0:0:0:1'],
      ['2001:db9::1', '10.0.0.1', '2001:db8::1::2', '2001:db8'],
    ],
    [[{ cidr: '2001:db8::/33' }], ['2001:db8:7fff::'], ['2001:db8:8000::']],
    [[{ cidr: '::ffff:10.0.0.0/104' }], ['10.9.9.9'], ['11.0.0.0']],
  ],
  'anything-but': [
    [[{ 'anything-but': 'x' }], ['y', 5, null, ['x', 'y']], ['x', ['x'], undefined, [], {}]],
    [[{ 'anything-but': ['x', 'y'] }], ['z', 5], ['x', 'y']],
    [[{ 'anything-but': [5, 6] }], [7, '5'], [5, 6.0]],
    [[{ 'anything-but': [5, 'x', null, true] }], ['5', false], [5, 'x', null, true]],
    [[{ 'anything-but': { prefix: 'a' } }], ['b', 5, null], ['a', 'ab']],
    [[{ 'anything-but': { prefix: ['a', 'b'] } }], ['c'], ['ax', 'bx']],
    [[{ 'anything-but': { suffix: 'a' } }], ['ab'], ['ba']],
    [[{ 'anything-but': { wildcard: ['a*', '*b'] } }], ['x', 5], ['ax', 'xb']],
    [[{ 'anything-but': { 'equals-ignore-case': ['X', 'É'] } }], ['y', 5], ['x', 'é']],
    [[{ 'anything-but': 'x' }, { 'anything-but': 'y' }], ['x', 'y'], [undefined]],
  ],
};

describe.each(Object.entries(tables))('%s', (_name, rows) => {
  it.each(rows.map(([tests, passing, failing]) => ({ tests, passing, failing, title: JSON.stringify(tests) })))(
    '$title',
    ({ tests, passing, failing }) => {
      const outcome = (value: unknown) => [value, matches({ payload: { a: tests } }, { a: value, z: 0 })];
      expect(passing.map(outcome)).toEqual(passing.map((value) => [value, true]));
      expect(failing.map(outcome)).toEqual(failing.map((value) => [value, false]));
    },
  );
});

describe('fields', () => {
  const deep = { payload: { a: { b: ['x'] } } };

  it('are reached through objects and through every element of arrays, however nested', () => {
    for (const a of [{ b: 'x' }, [{ b: 'y' }, { b: 'x' }], [[{ b: ['x'] }]], [1, [2, { b: 'x' }]]]) {
      expect(matches(deep, { a })).toBe(true);
    }
    for (const a of ['x', { c: 'x' }, { b: { c: 'x' } }, [], null]) expect(matches(deep, { a })).toBe(false);
  });

  it('are called by their whole key: a dot in it does not lead anywhere', () => {
    expect(matches(deep, { 'a.b': 'x' })).toBe(false);
    expect(matches({ payload: { 'a.b': ['x'] } }, { 'a.b': 'x' })).toBe(true);
    expect(matches({ payload: { 'a.b': ['x'] } }, { a: { b: 'x' } })).toBe(false);
  });

  it('are what the event itself has, not what every object has', () => {
    expect(matches({ payload: { toString: [{ exists: true }] } }, {})).toBe(false);
    expect(matches({ payload: { valueOf: { name: [{ exists: true }] } } }, {})).toBe(false);
    expect(matches({ payload: { toString: ['x'] } }, { toString: 'x' })).toBe(true);
  });

  it('all have to pass', () => {
    const both = { payload: { a: ['x'], b: ['y'] } };
    expect(matches(both, { a: 'x', b: 'y' })).toBe(true);
    expect(matches(both, { a: 'x', b: 'x' })).toBe(false);
  });

  it('may be the event type, and a resource that is not set does not exist', () => {
    expect(matches({ type: [{ prefix: 'lead.' }], resource: [{ exists: false }] }, {})).toBe(true);
    expect(matches({ type: ['lead.updated'] }, {})).toBe(false);
    expect(matches({ resource: [null] }, {})).toBe(false);
  });
});

describe('arrays of objects', () => {
  const both = { payload: { items: { sku: ['s1'], qty: [{ numeric: ['>', 1] }] } } };

  it('have one element that passes all tests that lead through them', () => {
    expect(
      matches(both, {
        items: [
          { sku: 's1', qty: 1 },
          { sku: 's1', qty: 2 },
        ],
      }),
    ).toBe(true);
    expect(
      matches(both, {
        items: [
          { sku: 's1', qty: 1 },
          { sku: 's2', qty: 2 },
        ],
      }),
    ).toBe(false);
    expect(matches(both, { items: [[{ sku: 's1' }], [{ qty: 2 }]] })).toBe(false);
    expect(matches(both, { items: { sku: 's1', qty: [0, 2] } })).toBe(true);
  });

  it('within arrays of objects have one element each, of the same outer element', () => {
    const conditions = { payload: { a: { n: [1], b: { x: [1], y: [1] } } } };
    const inner = [{ x: 1 }, { x: 1, y: 1 }];
    expect(matches(conditions, { a: [{ n: 0 }, { n: 1, b: inner }] })).toBe(true);
    expect(
      matches(conditions, {
        a: [
          { n: 0, b: inner },
          { n: 1, b: [{ x: 1 }] },
        ],
      }),
    ).toBe(false);
  });

  it('lack a field in the element that other tests choose, or where none does, in every element', () => {
    const open = { payload: { items: { sku: ['s1'], refund: [{ exists: false }] } } };
    const items = [{ sku: 's1' }, { sku: 's2', refund: 1 }];
    expect(matches(open, { items })).toBe(true);
    expect(matches(open, { items: [{ sku: 's1', refund: 1 }, { sku: 's2' }] })).toBe(false);
    expect(matches({ payload: { items: { refund: [{ exists: false }] } } }, { items })).toBe(false);
    expect(matches({ payload: { items: { refund: [{ exists: false }] } } }, { items: [] })).toBe(true);
  });

  it('are the same for tests inside and outside a $or', () => {
    const conditions = { payload: { a: { b: [1] }, $or: [{ a: { c: [1] } }, { z: [1] }] } };
    expect(matches(conditions, { a: [{ b: 1, c: 1 }] })).toBe(true);
    expect(matches(conditions, { a: [{ b: 1 }, { c: 1 }] })).toBe(false);
    expect(matches(conditions, { a: [{ b: 1 }, { c: 1 }], z: 1 })).toBe(true);
  });
});

describe('$or', () => {
  it('holds when one alternative does, at any level and within one another', () => {
    const conditions = {
      payload: { a: ['x'], $or: [{ b: ['y'] }, { c: { $or: [{ d: [1], e: [1] }, { d: [2] }] } }] },
    };
    expect(matches(conditions, { a: 'x', b: 'y' })).toBe(true);
    expect(matches(conditions, { a: 'x', c: { d: 1, e: 1 } })).toBe(true);
    expect(matches(conditions, { a: 'x', c: { d: 2 } })).toBe(true);
    expect(matches(conditions, { a: 'x', c: { d: 1 } })).toBe(false);
    expect(matches(conditions, { b: 'y' })).toBe(false);
  });

  it('adds to what is outside, also on the same field', () => {
    const conditions = { payload: { a: [{ prefix: 'x' }], $or: [{ a: [{ suffix: 'y' }] }, { b: [1] }] } };
    expect(matches(conditions, { a: 'xy' })).toBe(true);
    expect(matches(conditions, { a: 'y' })).toBe(false);
    expect(matches(conditions, { a: 'x' })).toBe(false);
    expect(matches(conditions, { a: 'x', b: 1 })).toBe(true);
  });

  it('stands over all of an event', () => {
    const conditions = { $or: [{ type: ['other'] }, { payload: { a: [1] } }] };
    expect(matches(conditions, { a: 1 })).toBe(true);
    expect(matches(conditions, { a: 2 })).toBe(false);
  });
});
