// A result's text comes from a process that runs what strangers wrote: it is believed only within bounds.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { resultOf } from './results.ts';

const codeOf = (answer: Parameters<typeof resultOf>[0]): string => {
  const result = resultOf(answer);
  return result.ok ? 'ok' : result.code;
};

describe('an answer', () => {
  it('is what its text says', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!/__proto__|constructor|prototype/.test(text));
        expect(resultOf({ micros: 1, text })).toEqual({ ok: true, value: JSON.parse(text) as unknown });
      }),
    );
  });

  it('without a text is a result that is nothing', () => {
    expect(resultOf({ micros: 1 })).toEqual({ ok: true, value: undefined });
  });

  it.each<[string, string, string]>([
    ['a forbidden key', '{"a":[{"__proto__":{}}]}', 'expression_failed'],
    ['a forbidden key behind escapes', '{"\\u005f_proto__":{}}', 'expression_failed'],
    ['constructor', '{"constructor":1}', 'expression_failed'],
    ['prototype', '[{"prototype":1}]', 'expression_failed'],
    ['too much depth', '['.repeat(65) + ']'.repeat(65), 'expression_failed'],
    ['no JSON', '{', 'expression_failed'],
    ['too many bytes', JSON.stringify('é'.repeat(140_000)), 'expression_too_large'],
  ])('with %s is refused', (_what, text, code) => {
    expect(codeOf({ micros: 1, text })).toBe(code);
  });

  it('that says why there is no result is a failure', () => {
    expect(resultOf({ micros: 1, failed: 'no' })).toEqual({ ok: false, code: 'expression_failed', message: 'no' });
    expect(codeOf({ micros: 1, failed: 'no', tooLarge: true })).toBe('expression_too_large');
  });
});
