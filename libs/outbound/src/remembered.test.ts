// A remembered function says what the function says, and asks it once.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { remembered } from './remembered.ts';

describe('a remembered function', () => {
  it('says the same as the function, also undefined, and asks once for each text', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 2 })), (texts) => {
        const asked: string[] = [];
        const make = (text: string) => (asked.push(text), text === '' ? undefined : text.toUpperCase());
        const quick = remembered(make);
        for (const text of texts) expect(quick(text)).toBe(text === '' ? undefined : text.toUpperCase());
        expect(asked).toEqual([...new Set(texts)]);
      }),
    );
  });

  it('keeps no long texts, and does not grow without end', () => {
    let asked = 0;
    const quick = remembered((text) => (asked++, text.length));
    const long = 'x'.repeat(3_000);
    expect([quick(long), quick(long), asked]).toEqual([3_000, 3_000, 2]);
    for (let n = 0; n < 10_001; n++) quick(String(n));
    asked = 0;
    quick('0');
    expect(asked).toBe(1);
  });
});
