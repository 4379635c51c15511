// What is refused, and that each problem names its place and its reason.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fieldConditions, sound } from '../testing/arbitraries.ts';
import { checkConditions, checkEventTypePattern, limits } from './index.ts';

const list = (length: number): string[] => Array.from({ length }, (_, index) => `v${index}`);
const on = (...tests: unknown[]): unknown => ({ payload: { a: tests } });
const a = 'conditions.payload.a';

/** Conditions, the place that is named, and words of the reason. */
const unsound: [conditions: unknown, param: string, reason: string][] = [
  ['text', 'conditions', 'must be an object'],
  [[], 'conditions', 'must be an object'],
  [{}, 'conditions', 'must not be empty; leave the conditions out'],
  [{ payload: {} }, 'conditions.payload', 'must not be empty'],
  [{ payload: ['x'] }, 'conditions.payload', 'must be an object'],
  [{ payload: { a: 'x' } }, a, 'must be a list of tests'],
  [{ payload: { a: [] } }, a, 'must not be an empty list'],
  [{ type: { a: ['x'] } }, 'conditions.type', 'must be a list of tests'],
  [{ score: [1] }, 'conditions.score', 'is not a field of events'],
  [{ payload: { 'a b': [['x']] } }, 'conditions.payload["a b"][0]', 'must be a string, a number'],
  [on({}), `${a}[0]`, 'must have exactly one operator'],
  [on({ prefix: 'a', suffix: 'b' }), `${a}[0]`, 'must have exactly one operator'],
  [on('x', { regex: 'a' }), `${a}[1]`, 'unknown operator "regex"; there are prefix, suffix'],
  [on({ prefix: 5 }), `${a}[0].prefix`, 'must be a string'],
  [on({ suffix: { wildcard: 'a' } }), `${a}[0].suffix`, 'must be a string, or {"equals-ignore-case"'],
  [on({ 'equals-ignore-case': null }), `${a}[0].equals-ignore-case`, 'must be a string'],
  [on({ exists: 'true' }), `${a}[0].exists`, 'must be true or false'],
  [on({ wildcard: 'a**b' }), `${a}[0].wildcard`, 'two stars in a row'],
  [on({ wildcard: 'a\\b' }), `${a}[0].wildcard`, 'backslash only before'],
  [on({ wildcard: '*a'.repeat(9) }), `${a}[0].wildcard`, '8 stars at most'],
  [on({ wildcard: 1 }), `${a}[0].wildcard`, 'must be a string'],
  [on({ numeric: 5 }), `${a}[0].numeric`, 'must be a sign and a number'],
  [on({ numeric: ['>'] }), `${a}[0].numeric`, 'must be a sign and a number'],
  [on({ numeric: ['!=', 5] }), `${a}[0].numeric`, 'the signs are < <= = > >='],
  [on({ numeric: ['>', '5'] }), `${a}[0].numeric`, 'must have a number after ">"'],
  [on({ numeric: ['>', 5, '>=', 6] }), `${a}[0].numeric`, 'one lower and one upper bound'],
  [on({ numeric: ['=', 5, '<', 6] }), `${a}[0].numeric`, 'one lower and one upper bound'],
  [on({ numeric: ['>', 5, '<', 5] }), `${a}[0].numeric`, 'takes no number at all'],
  [on({ cidr: '10.0.0.0' }), `${a}[0].cidr`, 'must be an address and a prefix length'],
  [on({ cidr: '10.0.0.0/33' }), `${a}[0].cidr`, 'prefix length from 0 to 32'],
  [on({ cidr: '10.0.0/8' }), `${a}[0].cidr`, 'must be an address'],
  [on({ cidr: '::1/129' }), `${a}[0].cidr`, 'prefix length from 0 to 128'],
  [on({ cidr: '::ffff:10.0.0.0/90' }), `${a}[0].cidr`, 'prefix length from 96 to 128'],
  [on({ 'anything-but': [] }), `${a}[0].anything-but`, 'must not be an empty list'],
  [on({ 'anything-but': ['x', {}] }), `${a}[0].anything-but[1]`, 'must be a string, a number'],
  [on({ 'anything-but': { numeric: ['>', 1] } }), `${a}[0].anything-but`, 'exactly one of prefix, suffix, wildcard'],
  [on({ 'anything-but': { prefix: '' } }), `${a}[0].anything-but.prefix`, 'must not be empty'],
  [on({ 'anything-but': { wildcard: ['a', '**'] } }), `${a}[0].anything-but.wildcard[1]`, 'two stars in a row'],
  [{ $or: { a: 1 } }, 'conditions.$or', 'at least two alternatives'],
  [{ payload: { $or: [{ a: ['x'] }] } }, 'conditions.payload.$or', 'at least two alternatives'],
  [{ payload: { $or: [{ a: ['x'] }, 'b'] } }, 'conditions.payload.$or[1]', 'must be an object'],
  [{ payload: { $or: [{ a: ['x'] }, {}] } }, 'conditions.payload.$or[1]', 'must not be empty'],
  [{ payload: { a: { $or: [{ prefix: ['x'] }, { b: [1] }] } } }, `${a}.$or[0].prefix`, 'is an operator'],
  [{ payload: { constructor: { name: ['x'] } } }, 'conditions.payload.constructor', 'not allowed'],
  [JSON.parse('{"payload":{"a":{"__proto__":["x"]}}}'), `${a}.__proto__`, 'not allowed'],
  [on(...list(101)), a, '100 values at most; it has 101'],
  [on({ 'anything-but': list(100) }, 'x'), a, '100 values at most; it has 101'],
  [on('x'.repeat(4_096)), 'conditions', '4096 bytes of JSON at most'],
  [on('ß'.repeat(2_048)), 'conditions', '4096 bytes of JSON at most'],
];

describe('conditions that are not sound', () => {
  it.each(unsound.map(([conditions, param, reason]) => ({ conditions, param, reason })))(
    '$param $reason',
    ({ conditions, param, reason }) => {
      const problems = checkConditions(conditions);
      expect(problems.map((problem) => problem.param)).toContain(param);
      expect(problems.find((problem) => problem.param === param)?.msg).toContain(reason);
    },
  );

  it('are nested more than 8 keys deep, a $or counted', () => {
    const nested = (keys: number): unknown =>
      Array.from({ length: keys }).reduce<unknown>((inside) => ({ k: inside }), { k: ['x'] });
    expect(checkConditions({ payload: nested(6) })).toEqual([]);
    expect(checkConditions({ payload: nested(7) })[0]?.msg).toContain('8 keys deep at most');
    expect(checkConditions({ payload: { $or: [nested(5), nested(6)] } })[0]?.param).toContain(
      'conditions.payload.$or[1].k',
    );
  });

  it('test more than 50 fields', () => {
    const payload = (fields: number): unknown => Object.fromEntries(list(fields).map((key) => [key, [1]]));
    expect(checkConditions({ payload: payload(50) })).toEqual([]);
    expect(checkConditions({ payload: payload(51) })).toEqual([
      { param: 'conditions', msg: 'may test 50 fields at most; it tests 51' },
    ]);
  });

  it('combine their $or in more than 100 ways, which is counted and not tried', () => {
    const choice = (alternatives: number): unknown => ({ $or: list(alternatives).map((key) => ({ [key]: [1] })) });
    const combined = (...sizes: number[]): unknown => ({
      payload: Object.fromEntries(sizes.map((size, index) => [`k${index}`, choice(size)])),
    });
    expect(checkConditions(combined(10, 10))).toEqual([]);
    expect(checkConditions(combined(10, 11))[0]?.msg).toContain('100 ways at most; it does in 110');
    expect(checkConditions(combined(...Array<number>(20).fill(2)))[0]?.msg).toContain('in 1048576');
  });

  it('have each of their problems reported, up to 20', () => {
    const payload = Object.fromEntries(list(40).map((key) => [key, 'x']));
    expect(checkConditions({ payload })).toHaveLength(limits.problems);
    expect(checkConditions({ type: [], payload: { a: 1, b: [{}] } })).toHaveLength(3);
  });
});

describe('conditions that are sound', () => {
  it.each<[what: string, conditions: unknown]>([
    ['null', null],
    ['undefined', undefined],
    ['a hundred values', on(...list(100))],
    ['almost 4,096 bytes', on('x'.repeat(4_070))],
    ['eight stars', on({ wildcard: 'a*'.repeat(8) })],
    ['fields called like operators', { payload: { prefix: ['+49'], valueOf: [1] } }],
    ['all fields', { type: ['a'], resource: ['b'], resource_id: [{ prefix: 'c' }], payload: { a: [null] } }],
  ])('are %s', (_what, conditions) => {
    expect(checkConditions(conditions)).toEqual([]);
  });
});

describe('checking', () => {
  it('never throws, whatever it is given', () => {
    fc.assert(fc.property(fc.anything(), (anything) => Array.isArray(checkConditions(anything))));
    fc.assert(fc.property(fc.anything(), (payload) => Array.isArray(checkConditions({ payload }))));
    fc.assert(fc.property(fc.anything(), (test) => Array.isArray(checkConditions(on(test)))));
    const circle: Record<string, unknown> = {};
    circle['payload'] = circle;
    const deep: unknown = JSON.parse(`{"payload":${'['.repeat(50_000)}${']'.repeat(50_000)}}`);
    const thrower = {
      get payload(): unknown {
        throw new Error('no');
      },
    };
    for (const one of [circle, deep, thrower, { payload: { a: [1n] } }]) {
      expect(checkConditions(one)).toEqual([{ param: 'conditions', msg: 'must be JSON' }]);
    }
  });

  it('finds nothing in sound ones that a small fault does not change', () => {
    fc.assert(
      fc.property(sound(fieldConditions.map((payload) => ({ payload }))), ({ payload }) => {
        expect(checkConditions({ payload: { ...payload, z: [{ unknown: 1 }] } })).toMatchObject([
          { param: 'conditions.payload.z[0]' },
        ]);
      }),
    );
  });
});

describe('the event type of a rule', () => {
  it.each(['lead.created', 'lead.*', 'a.b.*', 'lead', 'lead created'])('may be %j', (text) => {
    expect(checkEventTypePattern(text)).toEqual([]);
  });

  it.each([
    ['', 'non-empty'],
    [' ', 'non-empty'],
    [7, 'non-empty'],
    ['*', 'only at the end'],
    ['.*', 'only at the end'],
    ['lead*', 'only at the end'],
    ['*.created', 'only at the end'],
    ['lead.*.*', 'only at the end'],
    ['a\nb', 'control characters'],
  ])('may not be %j', (text, reason) => {
    expect(checkEventTypePattern(text)).toMatchObject([{ param: 'event', msg: expect.stringContaining(reason) }]);
  });

  it('has 200 characters at most', () => {
    expect(checkEventTypePattern('a'.repeat(200))).toEqual([]);
    expect(checkEventTypePattern('a'.repeat(201))).toMatchObject([{ msg: expect.stringContaining('200 characters') }]);
  });
});
