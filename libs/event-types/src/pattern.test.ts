// Patterns are found where the built-in engine finds them, and refused where the two would not agree.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { matches, readPattern, type Pattern } from './pattern.ts';

function pattern(text: string): Pattern {
  const read = readPattern(text);
  if ('problem' in read) throw new Error(read.problem);
  return read;
}

/** Patterns of what ECMA-262 and RE2 have in common. */
const texts = fc.letrec<{ any: string }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    fc.constantFrom(
      'a',
      'b',
      '.',
      '[ab]',
      '[^a]',
      '\\d',
      '\\w',
      '\\W',
      '\\.',
      '\\/',
      '/',
      '\\u0061',
      '\\u{1F600}',
      '\\p{L}',
      '^',
      '$',
      '\\b',
    ),
    fc.tuple(tie('any'), tie('any')).map(([one, other]) => one + other),
    fc.tuple(tie('any'), tie('any')).map(([one, other]) => `(${one}|${other})`),
    fc
      .tuple(tie('any'), fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '{2,}', '*?'))
      .map(([one, times]) => `(?:${one})${times}`),
    tie('any').map((one) => `(?<name${one.length}>${one})`),
  ),
})).any;
const inputs = fc.array(fc.constantFrom('a', 'b', '1', '.', '/', ' ', '_', 'é', '😀'), { maxLength: 6 });

describe('a pattern', () => {
  it('is found where the built-in engine finds it', () => {
    let found = 0;
    fc.assert(
      fc.property(texts, fc.array(inputs, { minLength: 5, maxLength: 5 }), (text, all) => {
        const read = readPattern(text);
        // Groups of one name, or too large.
        fc.pre(!('problem' in read));
        for (const input of all.map((characters) => characters.join(''))) {
          const expected = new RegExp(text, 'u').test(input);
          expect({ text, input, found: matches(read, input) }).toEqual({ text, input, found: expected });
          if (expected) found++;
        }
      }),
      { numRuns: 500 },
    );
    expect(found).toBeGreaterThan(100);
  });

  it('ends at the end of the text, not before a last line break', () => {
    expect(matches(pattern('^a$'), 'a\n')).toBe(false);
    expect(matches(pattern('^a$'), 'a')).toBe(true);
  });

  it('has ASCII for white space, and stops at no other line end than \\n', () => {
    expect(matches(pattern('^\\s$'), '\t')).toBe(true);
    expect(matches(pattern('^\\s$'), '\u00a0')).toBe(false);
    expect(matches(pattern('^.$'), '\n')).toBe(false);
    expect(matches(pattern('^.$'), '\r')).toBe(true);
  });

  it('is refused where the two engines would read it differently', () => {
    for (const text of ['\\Qa\\E', '\\Aa', 'a\\z', '(?P<n>a)', '[[:alpha:]]', '\\C', '(?i)a', '\\07', 'a{,3}', '\\-']) {
      expect(readPattern(text)).toEqual({ problem: expect.stringMatching(/linear time: \S/) as unknown });
    }
  });

  it('stays right when more patterns are in use than are kept', () => {
    const all = Array.from({ length: 600 }, (_, index) => pattern(`^x${index}$`));
    expect(all.filter((each, index) => !matches(each, `x${index}`) || matches(each, `x${index + 1}`))).toEqual([]);
  });

  it('costs more the larger it is', () => {
    expect(pattern('^a{900}$').price).toBeGreaterThan(10 * pattern('^a$').price);
  });
});
