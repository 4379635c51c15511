// The small parts that matching stands on, each against its plainest form.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addressBits, blockBits } from './address.ts';
import { accessLevels, cellOf, type AccessKey } from './access-keys.ts';
import { Paths } from './paths.ts';
import { readConditions } from './read-conditions.ts';
import { SortedSlots } from './sorted-slots.ts';
import { fold, reversed } from './text-case.ts';
import { utf8Bytes } from './utf8-bytes.ts';
import { wildcardMatches, wildcardParts } from './wildcard.ts';

const few = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 6 });

describe('sorted slots', () => {
  const changes = fc.array(fc.tuple(few, fc.option(fc.nat(), { nil: undefined })), { maxLength: 60, size: 'max' });

  it('find what stands at all prefixes of a text, whatever was put and taken away', () => {
    fc.assert(
      fc.property(changes, few, (all, text) => {
        const [slots, plain] = [new SortedSlots<string, number>(), new Map<string, number>()];
        for (const [key, slot] of all) {
          slots.set(key, slot);
          if (slot === undefined) plain.delete(key);
          else plain.set(key, slot);
        }
        const found: number[] = [];
        slots.takePrefixesOf(text, found);
        const expected = [...plain].filter(([key]) => text.startsWith(key)).map(([, slot]) => slot);
        expect(found.sort((a, b) => a - b)).toEqual(expected.sort((a, b) => a - b));
        expect(slots.isEmpty).toBe(plain.size === 0);
        expect([slots.get(text), slots.get('a')]).toEqual([plain.get(text), plain.get('a')]);
      }),
    );
  });

  it('find the same where there are many keys, and when most are gone again', () => {
    const keys = fc.uniqueArray(
      fc.integer({ min: 0, max: 5_000 }).map((number) => number.toString(3)),
      { minLength: 600, maxLength: 1_200, size: 'max' },
    );
    fc.assert(
      fc.property(keys, keys, fc.integer({ min: 0, max: 5_000 }), (put, taken, number) => {
        const [slots, left] = [new SortedSlots<string, string>(), new Set(put)];
        for (const key of put) slots.set(key, key);
        for (const key of taken) {
          slots.set(key, undefined);
          left.delete(key);
        }
        const text = number.toString(3);
        const [prefixes, upTo, from]: [string[], string[], string[]] = [[], [], []];
        slots.takePrefixesOf(text, prefixes);
        slots.takeUpTo(text, upTo);
        slots.takeFrom(text, from);
        expect([...slots.values()]).toEqual([...left].sort());
        expect(new Set(prefixes)).toEqual(new Set([...left].filter((key) => text.startsWith(key))));
        expect(new Set(upTo)).toEqual(new Set([...left].filter((key) => key <= text)));
        expect(new Set(from)).toEqual(new Set([...left].filter((key) => key >= text)));
      }),
      { numRuns: 50 },
    );
  });

  it('look at few of many keys', () => {
    const slots = new SortedSlots<string, number>();
    for (let index = 0; index < 10_000; index++) slots.set(`https://example.com/${index}/`, index);
    const found: number[] = [];
    expect(slots.takePrefixesOf('https://example.com/4711/page', found)).toBeLessThan(8);
    expect(found).toEqual([4_711]);
  });

  it('find what stands on one side of a number', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 20 })), fc.integer({ min: 0, max: 20 }), (keys, bound) => {
        const slots = new SortedSlots<number, number>();
        for (const key of keys) slots.set(key, key);
        const [upTo, from]: number[][] = [[], []];
        slots.takeUpTo(bound, upTo as number[]);
        slots.takeFrom(bound, from as number[]);
        expect(new Set(upTo)).toEqual(new Set(keys.filter((key) => key <= bound)));
        expect(new Set(from)).toEqual(new Set(keys.filter((key) => key >= bound)));
      }),
    );
  });
});

describe('access keys of a range', () => {
  const keysOf = (numeric: unknown[]): readonly AccessKey[] => {
    const { branch } = readConditions({ payload: { a: [{ numeric }] } });
    return accessLevels(new Paths().take(branch))[0] ?? [];
  };
  const number = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.double({ noNaN: true, min: -1e3, max: 1e3 }),
    fc.integer(),
  );

  it('are few, and every number in the range meets one', () => {
    fc.assert(
      fc.property(number, number, fc.double({ noNaN: true, min: 0, max: 1 }), (a, b, between) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        fc.pre(low < high);
        // Not low + (high - low) * between: the difference of two great numbers is beyond what a number holds.
        const value = Math.min(high, Math.max(low, low * (1 - between) + high * between));
        const keys = keysOf(['>=', low, '<=', high]);
        expect(keys.length).toBeLessThanOrEqual(3);
        for (const one of [low, value, high]) {
          const isMet = keys.some(({ channel, key, width }) =>
            channel === 'cell' ? cellOf(one, width) === key : channel === 'above' && one >= Number(key),
          );
          expect([one, isMet]).toEqual([one, true]);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a wildcard', () => {
  const pattern = fc
    .array(fc.constantFrom('a', 'b', '*', '\\*', '\\\\'), { maxLength: 7 })
    .map((parts) => parts.join('').replaceAll(/(?<!\\)\*\*+/g, '*'))
    .filter((text) => 'parts' in wildcardParts(text));

  it('matches what the same regular expression matches', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '*', '\\'), maxLength: 8 });
    fc.assert(
      fc.property(pattern, text, (written, value) => {
        const read = wildcardParts(written);
        const expression = written.replace(/\\(.)|\*/g, (all, literal?: string) => (literal ? `\\${literal}` : '.*'));
        expect(wildcardMatches('parts' in read ? read.parts : [], value)).toBe(
          new RegExp(`^${expression}$`, 's').test(value),
        );
      }),
      { numRuns: 3_000 },
    );
  });

  it('finds long parts as well as short ones', () => {
    const long = fc.tuple(few, fc.integer({ min: 100, max: 150 })).map(([unit, times]) => unit.repeat(times));
    fc.assert(
      fc.property(fc.array(long, { minLength: 1, maxLength: 3 }), fc.array(long, { maxLength: 8 }), (parts, texts) => {
        const text = texts.join('b');
        const expression = new RegExp(`^.*${parts.join('.*')}.*$`, 's');
        expect(wildcardMatches(['', ...parts, ''], text)).toBe(expression.test(text));
      }),
    );
  });

  it('has no text that takes it long', () => {
    const cpuMs = (): number => process.cpuUsage().user / 1_000;
    const startedAtMs = cpuMs();
    for (const part of [
      `${'a'.repeat(4_000)}b`,
      `b${'a'.repeat(1_500)}`,
      `${'a'.repeat(199)}b`,
      'ab'.repeat(700) + 'aa',
    ]) {
      for (const text of ['a'.repeat(250_000), 'ab'.repeat(125_000)]) {
        expect(wildcardMatches(['', part, ''], text)).toBe(false);
      }
    }
    // Quadratic it would be seconds, straight it is a hundredth of one.
    expect(cpuMs() - startedAtMs).toBeLessThan(300);
  });
});

describe('case folding', () => {
  it('makes every text the same as its upper and lower case forms, character by character', () => {
    const codes = Array.from({ length: 0x2_0000 }, (_, code) => code).filter((code) => code < 0xd800 || code > 0xdfff);
    for (let start = 0; start < codes.length; start += 64) {
      const chars = codes.slice(start, start + 64).map((code) => String.fromCodePoint(code));
      const folded = fold(chars.join(''));
      for (const form of [
        chars.join('').toLowerCase(),
        chars.join('').toUpperCase(),
        chars.map(fold).join(''),
        folded,
      ]) {
        expect(fold(form)).toBe(folded);
      }
    }
  });

  it('keeps a prefix a prefix', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        expect(fold(a + b)).toBe(fold(a) + fold(b));
        expect(reversed(a + b)).toBe(reversed(b) + reversed(a));
      }),
    );
  });
});

describe('addresses', () => {
  it('have the bits of their numbers', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV6(), (v4, v6) => {
        const number = v4.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
        expect(addressBits(v4)).toBe(`4${number.toString(2).padStart(32, '0')}`);
        expect(addressBits(`::ffff:${v4}`)).toBe(addressBits(v4));
        expect(addressBits(v6)).toMatch(/^(6[01]{128}|4[01]{32})$/);
        expect(addressBits(v6.toUpperCase())).toBe(addressBits(v6));
        expect(blockBits(`${v6}/128`)).toEqual({ bits: addressBits(v6) });
        expect(blockBits(`${v4}/20`)).toEqual({ bits: addressBits(v4)?.slice(0, 21) });
      }),
    );
  });

  it.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '01.2.3.4',
    '1.2.3.-4',
    '1..3.4',
    ' 1.2.3.4',
    '1.2.3.4/8',
    '1e1.2.3.4',
  ])('are not what only looks like one: %j', (text) => {
    expect(addressBits(text)).toBeUndefined();
  });

  it.each([
    ':',
    '1:2',
    '1:2:3:4:5:6:7:8:9',
    '1::2::3',
    ':::',
    'g::',
    '12345::',
    '::1.2.3',
    '1:2:3:4:5:6:7::8',
    'fe80::1%eth0',
  ])('of version 6 neither: %j', (text) => {
    expect(addressBits(text)).toBeUndefined();
  });
});

describe('bytes of a text', () => {
  it('are those of its UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(utf8Bytes(text)).toBe(Buffer.byteLength(text));
      }),
    );
  });
});
