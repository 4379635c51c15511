// Attacks by schema, each by name: refused, or compared, in a bounded time.
import { describe, expect, it } from '@jest/globals';
import { many, named, nested, onList, timed, whole } from '../testing/hostile.ts';
import { checkEventTypeSchema } from './check-schema.ts';
import { incompatibilities } from './incompatibilities.ts';

describe('a hostile schema', () => {
  const doubling = Object.fromEntries(
    many(60, (index) => [`d${index}`, { allOf: many(2, () => ({ $ref: `#/$defs/d${index + 1}` })) }]),
  );
  const property = (schema: unknown) => ({ type: 'object', properties: { a: schema } });
  const notLinear = /^must be a pattern that can be matched in linear time: \S/;

  it.each<[attack: string, schema: unknown, msg: string | RegExp]>([
    [
      'doubles at each of 60 references',
      { ...property({ $ref: '#/$defs/d0' }), $defs: { ...doubling, d60: {} } },
      'may have 500 subschemas at most, counted where each is used',
    ],
    ['contains itself', { ...property({ $ref: '#' }) }, 'must not lead back to itself'],
    [
      'refers to itself',
      { ...property({ $ref: '#/$defs/a' }), $defs: { a: { $ref: '#/$defs/a' } } },
      'must not lead back to itself',
    ],
    [
      'goes round in a circle of definitions nobody uses',
      { type: 'object', $defs: { a: { items: { $ref: '#/$defs/b' } }, b: { not: { $ref: '#/$defs/a' } } } },
      'must not lead back to itself',
    ],
    ['is nested deep', property(nested(40, {})), 'may be nested 32 deep at most'],
    ['is nested deeper than a stack', property(nested(100_000, {})), 'may be nested 32 deep at most'],
    ['is large', { type: 'object', title: 'x'.repeat(10_000_000) }, 'may have 65536 bytes of JSON at most'],
    [
      'has a long list of nothing',
      property({ enum: new Array(4_000_000_000) }),
      'may have 65536 bytes of JSON at most',
    ],
    [
      'has very many subschemas',
      { type: 'object', allOf: many(20_000, () => ({})) },
      'may have 500 subschemas at most',
    ],
    ['looks ahead', property({ pattern: '^(?=a)' }), notLinear],
    ['looks behind', property({ pattern: '(?<!a)b' }), notLinear],
    ['refers back', property({ pattern: '(a+)\\1' }), notLinear],
    ['has a pattern only Perl knows', property({ pattern: '\\Aa' }), notLinear],
    ['has a pattern that does not end', property({ pattern: '(a' }), notLinear],
    ['has a pattern that is long', property({ pattern: 'a'.repeat(501) }), 'may have 500 characters at most'],
    [
      'repeats a letter very often',
      property({ pattern: 'a{1000}'.repeat(71) }),
      /must be smaller: it comes to 71000 steps/,
    ],
    ['repeats repetitions', property({ pattern: '(?:(?:a{30}){30}){30}' }), /must be smaller/],
    [
      'repeats a class of half of Unicode',
      property({ pattern: '[^\\p{L}\\p{N}]{0,1000}'.repeat(20) }),
      /must be smaller/,
    ],
    ['repeats too often for anyone', property({ pattern: 'a{99999}' }), /must be smaller/],
  ])('that %s is refused at once', (_attack, schema, msg) => {
    const problems = timed(() => checkEventTypeSchema(schema));
    expect(problems).toHaveLength(1);
    expect(problems[0]?.msg).toEqual(typeof msg === 'string' ? msg : expect.stringMatching(msg));
  });

  it('costs one pattern, not many, when it has many that are too large', () => {
    const schema = { type: 'object', properties: named(100, (n) => ({ pattern: `\\p{L}{1000}${n}` })) };
    expect(timed(() => checkEventTypeSchema(schema))).toHaveLength(1);
  });
});

describe('hostile versions to compare', () => {
  it.each<[attack: string, of: (version: number) => object]>([
    ['480 alternatives against 480', (v) => whole([{ anyOf: many(480, (n) => ({ required: [`a${n + v}`] })) }])],
    [
      '3^20 cases',
      (v) => ({
        ...whole(many(20, (n) => ({ anyOf: many(3, (m) => ({ required: [`a${n}${m}`] })) }))),
        ...(v && { anyOf: many(3, (n) => ({ required: [`a19${n}`], minProperties: 0 })) }),
      }),
    ],
    [
      '240 alternatives told apart in pairs',
      (v) =>
        whole([
          {
            oneOf: many(240, (n) => ({
              type: 'object',
              required: ['t'],
              properties: { t: { const: n } },
              minProperties: v,
            })),
          },
        ]),
    ],
    [
      '6,000 values tried on 400 alternatives',
      (v) => onList([v ? { anyOf: many(400, (n) => ({ const: `z${n}` })) } : { enum: many(6_000, (n) => `v${n}`) }]),
    ],
  ])('end in an answer: %s', (_attack, of) => {
    const [before, after] = [of(0), of(1)];
    expect([...checkEventTypeSchema(before), ...checkEventTypeSchema(after)]).toEqual([]);
    expect(timed(() => incompatibilities(before, after)).length).toBeGreaterThan(0);
    expect(timed(() => incompatibilities(before, structuredClone(before)))).toEqual([]);
  });
});
