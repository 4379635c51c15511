// No address of IANA's special-purpose registries passes, in whatever form, and every other one of the public internet does.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isPublicAddress } from './address.ts';
import { urlProblem } from './guard.ts';
import { policy } from '../testing/destinations.ts';

/** First and last address; counted by hand, so that they are no copy of what they test. */
const specialIpv4 = [
  ['0.0.0.0', '0.255.255.255'],
  ['10.0.0.0', '10.255.255.255'],
  ['100.64.0.0', '100.127.255.255'],
  ['127.0.0.0', '127.255.255.255'],
  ['168.63.129.16', '168.63.129.16'],
  ['169.254.0.0', '169.254.255.255'],
  ['172.16.0.0', '172.31.255.255'],
  ['192.0.0.0', '192.0.0.255'],
  ['192.0.2.0', '192.0.2.255'],
  ['192.31.196.0', '192.31.196.255'],
  ['192.52.193.0', '192.52.193.255'],
  ['192.88.99.0', '192.88.99.255'],
  ['192.168.0.0', '192.168.255.255'],
  ['192.175.48.0', '192.175.48.255'],
  ['198.18.0.0', '198.19.255.255'],
  ['198.51.100.0', '198.51.100.255'],
  ['203.0.113.0', '203.0.113.255'],
  ['224.0.0.0', '255.255.255.255'],
].map((range) => range.map(numberOf) as [number, number]);

function numberOf(text: string): number {
  return text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}
const bytesOf = (number: number): number[] => [24, 16, 8, 0].map((shift) => (number >>> shift) & 255);
const dotted = (number: number): string => bytesOf(number).join('.');
const isSpecial = (number: number): boolean => specialIpv4.some(([first, last]) => number >= first && number <= last);

const anyIpv4 = fc.nat(0xffff_ffff);
const specialOnes = fc.constantFrom(...specialIpv4).chain(([min, max]) => fc.integer({ min, max }));
const group = fc.nat(0xffff);
const ipv6 = (...start: number[]) =>
  fc.tuple(...Array.from({ length: 8 - start.length }, () => group)).map((rest) => textOf([...start, ...rest]));
const textOf = (groups: number[]): string => groups.map((part) => part.toString(16)).join(':');

describe('an IPv4 address', () => {
  it.each(specialIpv4)('is not public at the ends of a special block, and is just outside: %i to %i', (first, last) => {
    expect([isPublicAddress(dotted(first)), isPublicAddress(dotted(last))]).toEqual([false, false]);
    for (const beside of [first - 1, last + 1].filter((number) => number >= 0 && number <= 0xffff_ffff)) {
      expect([dotted(beside), isPublicAddress(dotted(beside))]).toEqual([dotted(beside), !isSpecial(beside)]);
    }
  });

  it('is public exactly when it is in none of them', () => {
    fc.assert(
      fc.property(fc.oneof(anyIpv4, specialOnes), (number) => {
        expect(isPublicAddress(dotted(number))).toBe(!isSpecial(number));
      }),
      { numRuns: 2_000 },
    );
  });

  it('of a special block is refused in every form a URL may write it in', () => {
    const forms: ((number: number) => string)[] = [
      String,
      (number) => `0x${number.toString(16)}`,
      (number) => `0${number.toString(8)}`,
      (number) => `${number >>> 24}.${number & 0xff_ffff}`,
      (number) => `0x${(number >>> 24).toString(16)}.0${((number >>> 16) & 255).toString(8)}.${number & 0xffff}`,
      (number) =>
        bytesOf(number)
          .map((byte) => `0x${byte.toString(16)}`)
          .join('.'),
      (number) =>
        bytesOf(number)
          .map((byte) => `0${byte.toString(8)}`)
          .join('.'),
      (number) => dotted(number).replaceAll(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
      (number) => dotted(number).replaceAll('.', '。'),
      (number) => `${dotted(number)}.`,
      (number) => `[::ffff:${dotted(number)}]`,
      (number) => `[::${dotted(number)}]`,
    ];
    fc.assert(
      fc.property(specialOnes, fc.constantFrom(...forms), fc.constantFrom('http', 'https'), (number, form, scheme) => {
        expect(urlProblem(`${scheme}://${form(number)}/`, policy())?.code).toBe('address_forbidden');
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('an IPv6 address', () => {
  it('is not public outside of what is given out', () => {
    const outside = group.filter((first) => first >>> 13 !== 1);
    fc.assert(
      fc.property(
        outside.chain((first) => ipv6(first)),
        (text) => !isPublicAddress(text),
      ),
    );
  });

  it.each([
    [0x2001, 0x0],
    [0x2001, 0x1ff],
    [0x2001, 0xdb8],
    [0x2002],
    [0x2620, 0x4f, 0x8000],
    [0x3fff, 0x0],
    [0x3fff, 0xfff],
  ])('is not public in a special block: %i %i', (...start) =>
    fc.assert(fc.property(ipv6(...start), (text) => !isPublicAddress(text))),
  );

  it.each([
    [0x2001, 0x200],
    [0x2001, 0xdb9],
    [0x2003],
    [0x2606, 0x4700],
    [0x2620, 0x4f, 0x8001],
    [0x2a00],
    [0x3fff, 0x1000],
  ])('is public everywhere else: %i %i', (...start) =>
    fc.assert(fc.property(ipv6(...start), (text) => isPublicAddress(text))),
  );

  it('that carries an IPv4 address is not public, whichever it carries', () => {
    const carriers = ['::ffff:', '::', '::ffff:0:', '64:ff9b::', '64:ff9b:1::'];
    fc.assert(
      fc.property(fc.constantFrom(...carriers), anyIpv4, (start, number) => !isPublicAddress(start + dotted(number))),
    );
    const groups = (number: number): number[] => [number >>> 16, number & 0xffff];
    fc.assert(
      fc.property(anyIpv4, anyIpv4, (number, other) => {
        expect(isPublicAddress(textOf([0x2002, ...groups(number), 0, 0, 0, ...groups(other)]))).toBe(false);
        expect(isPublicAddress(textOf([0x2001, 0, ...groups(number), 0, 0, ...groups(other)]))).toBe(false);
      }),
    );
  });
});

describe('a text that is no plain address', () => {
  it.each([
    '',
    'localhost',
    '8',
    '8.8',
    '8.8.8',
    '0x8.8.8.8',
    '010.0.0.1',
    '08.8.8.8',
    '8.8.8.8 ',
    ' 8.8.8.8',
    '8.8.8.8.',
  ])('is not public: %j', (text) => expect(isPublicAddress(text)).toBe(false));
});
