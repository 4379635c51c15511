// A result is written as JSON would be, or refused before it grows.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { write } from './answer.ts';

const large = { failed: 'the result has more than 262144 bytes', tooLarge: true };

describe('a result', () => {
  it('is written as JSON, whatever it is', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => expect(write(value)).toEqual({ text: JSON.stringify(value) })));
  });

  it('that is nothing has no text', () => {
    expect(write(undefined)).toEqual({ text: undefined });
  });

  it('may have as many bytes as the limit says and not one more', () => {
    expect(write('x'.repeat(256 * 1024 - 2))).toEqual({ text: `"${'x'.repeat(256 * 1024 - 2)}"` });
    expect(write('x'.repeat(256 * 1024 - 1))).toEqual(large);
    expect(write('é'.repeat(140 * 1024))).toEqual(large);
    expect(write({ ['k'.repeat(300_000)]: 1 })).toEqual(large);
  });

  it('that shares its parts is refused without being written out', () => {
    let value: unknown = ['x'];
    for (let level = 0; level < 50; level++) value = { a: value, b: value };
    expect(write(value)).toEqual(large);
  });

  it('that holds itself is refused', () => {
    const value: Record<string, unknown> = {};
    value.self = value;
    expect(write(value)).toEqual({ failed: 'the result is nested too deep at self.self.self', tooLarge: false });
  });

  it('whose length was only assigned is refused', () => {
    const value: unknown[] = [];
    value.length = 4e9;
    expect(write({ value })).toEqual(large);
  });

  it('with a function in it is refused, and the place named', () => {
    const message = 'the result has a function at a.0.f';
    for (const f of [() => 1, { _jsonata_lambda: true }, { _jsonata_function: true }]) {
      expect(write({ a: [{ f }] })).toEqual({ failed: message, tooLarge: false });
    }
  });
});
