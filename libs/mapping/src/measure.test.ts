// The measure of a value is that of its JSON text, to the byte.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { measured, utf8Bytes } from './measure.ts';

const bytesOf = (text: string): number => Buffer.byteLength(text, 'utf8');

describe('the measure of a value', () => {
  it('is the number of bytes of its JSON', () => {
    const value = fc.jsonValue({ stringUnit: 'binary', noUnicodeString: false });
    fc.assert(
      fc.property(value, (some) => {
        fc.pre(!/"(__proto__|constructor|prototype)":/.test(JSON.stringify(some)));
        const bytes = bytesOf(JSON.stringify(some));
        expect(measured(some, { bytes, depth: 100 }).excess).toBeUndefined();
        expect(measured(some, { bytes: bytes - 1, depth: 100 }).excess).toBeDefined();
      }),
      { numRuns: 500 },
    );
  });

  it('counts a text as UTF-8 does, half a character included', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.array(fc.constantFrom('\ud83d', '\ude00', 'a', 'é', '€')),
        (a, b) => {
          const text = a + b.join('');
          expect(utf8Bytes(text)).toBe(bytesOf(text));
        },
      ),
    );
  });

  it('names the place of what is wrong', () => {
    const value = { a: [{}, { b: JSON.parse('{"prototype":1}') as unknown }] };
    expect(measured(value, { bytes: 1000, depth: 9 }).excess).toMatchObject({ place: 'a.1.b' });
    expect(measured({ a: { b: [[1]] } }, { bytes: 1000, depth: 3 }).excess).toMatchObject({ place: 'a.b.0' });
  });
});
