// Who is at fault: nobody in company, and alone whoever ended its process with its own doing.
import { describe, expect, it } from '@jest/globals';
import type { End } from './evaluator.ts';
import { verdict } from './verdict.ts';

describe('the verdict', () => {
  it.each<[End, number, string]>([
    ['cpu', 0, 'guilty'],
    ['memory', 0, 'guilty'],
    ['crash', 0, 'guilty'],
    ['outside', 0, 'again'],
    ['outside', 1, 'again'],
    ['outside', 2, 'guilty'],
    ['silent', 0, 'again'],
    ['silent', 2, 'guilty'],
  ])('on one evaluation whose process ended by %s after %d deaths is %s', (end, deaths, expected) => {
    expect(verdict([{ deaths }], end)).toBe(expected);
  });

  it('on several, or none, is never guilty', () => {
    for (const end of ['cpu', 'memory', 'crash', 'outside', 'silent', 'start'] as const) {
      expect([verdict([], end), verdict([{ deaths: 9 }, { deaths: 9 }], end)]).toEqual(['again', 'again']);
    }
  });
});
