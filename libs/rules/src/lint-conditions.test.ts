// What is warned of in conditions that are sound.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { lintConditions } from './index.ts';

const on = (...tests: unknown[]): unknown => ({ payload: { a: tests } });

const warned: [conditions: unknown, param: string, words: string][] = [
  [{ payload: { a: ['x'], $or: [{ a: ['y'] }, { b: [1] }] } }, 'conditions.payload.$or[0].a', 'outside this $or'],
  [
    { payload: { a: ['x'], $or: [{ b: [1] }, { c: [1], $or: [{ a: ['y'] }, { d: [1] }] }] } },
    'conditions.payload.$or[1].$or[0].a',
    'outside this $or',
  ],
  [{ payload: { score: { numeric: ['>', 5] } } }, 'conditions.payload.score.numeric', 'field that is called numeric'],
  [{ payload: { 'a.b': ['x'] } }, 'conditions.payload["a.b"]', 'fields within fields are written as objects'],
  [on('lead*'), 'conditions.payload.a', 'for any text in place of the star'],
  [on(2 ** 53 + 2), 'conditions.payload.a', 'too large to be told apart'],
  [{ resource: [null] }, 'conditions.resource', 'is always a text and never null'],
  [{ type: [5] }, 'conditions.type', 'is always a text and never 5'],
  [on({ exists: true }, { exists: false }), 'conditions.payload.a', 'holds always'],
  [on({ exists: true }, 'x'), 'conditions.payload.a', 'holds whenever the field exists'],
  [on({ 'anything-but': 'x' }, { 'anything-but': 'y' }), 'conditions.payload.a', 'has several anything-but'],
  [on('x', 'x'), 'conditions.payload.a', 'the same test twice'],
];

describe('linting', () => {
  it.each(warned.map(([conditions, param, words]) => ({ conditions, param, words })))(
    'warns that $param $words',
    ({ conditions, param, words }) => {
      expect(lintConditions(conditions)).toEqual([{ param, msg: expect.stringContaining(words) }]);
    },
  );

  it('has nothing to say about what is plainly meant', () => {
    const plain = {
      type: [{ prefix: 'lead.' }],
      payload: {
        a: ['x', { 'anything-but': ['y', 'z'] }],
        b: [{ wildcard: 'a*' }, { exists: false }],
        $or: [{ c: [1] }, { c: [{ numeric: ['>', 2] }] }],
      },
    };
    expect(lintConditions(plain)).toEqual([]);
  });

  it('leaves conditions that are not sound to their problems, and never throws', () => {
    expect(lintConditions({ payload: { 'a.b': 5 } })).toEqual([]);
    fc.assert(fc.property(fc.anything(), (anything) => Array.isArray(lintConditions(anything))));
  });
});
