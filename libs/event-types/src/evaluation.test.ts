// What a payload that does not fit is told; and that the verdict is the one of JSON Schema, with Ajv as the referee.
import { describe, expect, it } from '@jest/globals';
import type { Problem } from '@sluice/contracts';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { payload, schema } from '../testing/arbitraries.ts';
import { problemsOf } from './evaluation.ts';
import { limits } from './limits.ts';
import { planOf } from './plan.ts';
import { readSchema } from './reader.ts';

/** What a payload does not fit, as `param: msg`. */
function wrong(schema: unknown, payload: unknown): string[] {
  const read = readSchema(schema);
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  return problemsOf(planOf(read), payload, 'payload').map(({ param, msg }: Problem) => `${param}: ${msg}`);
}

/** The same for the value of one property. */
const wrongValue = (property: unknown, value: unknown, $defs = {}): string[] =>
  wrong({ type: 'object', properties: { a: property }, $defs }, { a: value });

describe('a payload', () => {
  it('fits where nothing is said against it', () => {
    expect(wrong({ type: 'object' }, { a: [1, { b: null }] })).toEqual([]);
  });

  it.each<[property: unknown, value: unknown, problem: string]>([
    [{ type: 'string' }, 1, 'payload.a: must be a string'],
    [{ type: ['integer', 'null'] }, 1.5, 'payload.a: must be an integer or null'],
    [{ type: ['object', 'array', 'boolean'] }, 'x', 'payload.a: must be true or false, an object or an array'],
    [{ const: 'x' }, 'y', 'payload.a: must be "x"'],
    [{ enum: ['x', 1, null] }, '1', 'payload.a: must be "x", 1 or null'],
    [
      { enum: Array.from({ length: 13 }, (_, n) => n) },
      13,
      'payload.a: must be 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 or one of 3 more values',
    ],
    [{ minimum: 3 }, 2, 'payload.a: must be 3 or more'],
    [{ maximum: 3 }, 4, 'payload.a: must be 3 or less'],
    [{ exclusiveMinimum: 3 }, 3, 'payload.a: must be more than 3'],
    [{ exclusiveMaximum: 3 }, 3, 'payload.a: must be less than 3'],
    [{ multipleOf: 0.01 }, 19.999, 'payload.a: must be a multiple of 0.01'],
    [{ minLength: 2 }, '😀', 'payload.a: must have at least 2 characters'],
    [{ maxLength: 2 }, 'abc', 'payload.a: must have at most 2 characters'],
    [{ pattern: '^a+$' }, 'b', 'payload.a: must match the pattern ^a+$'],
    [{ format: 'uuid' }, 'b', 'payload.a: must be of the format uuid'],
    [{ minItems: 1 }, [], 'payload.a: must have at least 1 items'],
    [{ maxItems: 1 }, [1, 2], 'payload.a: must have at most 1 items'],
    [{ uniqueItems: true, items: { type: 'string' } }, ['x', 'x'], 'payload.a: must not have an item twice'],
    [{ items: { type: 'string' } }, ['x', 1], 'payload.a.1: must be a string'],
    [{ prefixItems: [{}, { type: 'string' }], items: false }, [1, 'x', 3], 'payload.a.2: is not allowed'],
    [{ contains: { const: 1 } }, [2], 'payload.a: must have at least 1 items of the kind asked for'],
    [{ contains: {}, maxContains: 1 }, [2, 3], 'payload.a: must have at most 1 items of the kind asked for'],
    [{ prefixItems: [{}], unevaluatedItems: { type: 'string' } }, [1, 2], 'payload.a.1: must be a string'],
    [{ minProperties: 1 }, {}, 'payload.a: must have at least 1 properties'],
    [{ maxProperties: 1 }, { b: 1, c: 1 }, 'payload.a: must have at most 1 properties'],
    [{ required: ['b'] }, {}, 'payload.a.b: is required'],
    [{ properties: { b: true }, additionalProperties: false }, { b: 1, c: 1 }, 'payload.a.c: is not known'],
    [{ properties: { b: false } }, { b: 1 }, 'payload.a.b: is not known'],
    [{ patternProperties: { '^x': { type: 'string' } } }, { x1: 1 }, 'payload.a.x1: must be a string'],
    [{ propertyNames: { maxLength: 1 } }, { ab: 1 }, 'payload.a.ab: is not a name that may be used'],
    [{ dependentRequired: { b: ['c'] } }, { b: 1 }, 'payload.a.c: is required beside b'],
    [{ dependentSchemas: { b: { required: ['c'] } } }, { b: 1 }, 'payload.a.c: is required'],
    [{ allOf: [{ properties: { b: true } }], unevaluatedProperties: false }, { c: 1 }, 'payload.a.c: is not known'],
    [{ anyOf: [{ const: 1 }, { const: 2 }] }, 3, 'payload.a: must fit one of 2 alternatives'],
    [
      { anyOf: [{ type: 'null' }, { type: 'string', minLength: 2 }] },
      'x',
      'payload.a: must have at least 2 characters',
    ],
    [{ oneOf: [{ type: 'null' }, { type: 'object', required: ['b'] }] }, {}, 'payload.a.b: is required'],
    [{ oneOf: [{ minimum: 1 }, { minimum: 2 }] }, 3, 'payload.a: must fit one alternative only and fits several'],
    [{ not: { type: 'string' } }, 'x', 'payload.a: must not be what the schema rules out'],
    [{ if: { type: 'string' }, then: { minLength: 2 } }, 'x', 'payload.a: must have at least 2 characters'],
    [{ if: { type: 'string' }, else: { type: 'null' } }, 1, 'payload.a: must be null'],
  ])('that does not fit %j with %j is told so', (property, value, problem) => {
    expect(wrongValue(property, value)).toEqual([problem]);
  });

  it('is told by a reference what stands beside it too', () => {
    const $defs = { code: { type: 'string', minLength: 2 } };
    expect(wrongValue({ $ref: '#/$defs/code', maxLength: 3 }, 'a', $defs)).toEqual([
      'payload.a: must have at least 2 characters',
    ]);
    expect(wrongValue({ $ref: '#/$defs/code', maxLength: 3 }, 'abcd', $defs)).toEqual([
      'payload.a: must have at most 3 characters',
    ]);
  });

  it('is told all that is wrong, ten problems at most', () => {
    expect(wrong({ type: 'object', required: ['a', 'b'], properties: { c: { type: 'null' } } }, { c: 1 })).toEqual([
      'payload.a: is required',
      'payload.b: is required',
      'payload.c: must be null',
    ]);
    const list = { type: 'array', items: { type: 'string' } };
    expect(wrongValue(list, Array(100).fill(1))).toHaveLength(10);
  });

  it('may have fractions that are multiples only to people', () => {
    for (const value of [19.99, 0.07, 1.1, 123_456_789.01, 4.35, 1e300]) {
      expect(wrongValue({ multipleOf: 0.01 }, value)).toEqual([]);
    }
    expect(wrongValue({ multipleOf: 3 }, 9_007_199_254_740_991)).not.toEqual([]);
  });

  it('counts characters, not the units they are stored in', () => {
    expect(wrongValue({ minLength: 2, maxLength: 2 }, '😀😀')).toEqual([]);
    expect(wrongValue({ maxLength: 1 }, '\ud83d\ud83d')).not.toEqual([]);
  });
});

describe('names that every object inherits', () => {
  it('are not there when the payload does not have them', () => {
    expect(wrong({ type: 'object', required: ['toString'] }, {})).toEqual(['payload.toString: is required']);
    expect(wrong({ type: 'object', properties: { valueOf: { type: 'string' } } }, {})).toEqual([]);
    expect(wrong({ type: 'object', dependentRequired: { a: ['hasOwnProperty'] } }, { a: 1 })).toHaveLength(1);
  });

  it('are not evaluated because every object has them', () => {
    const closed = { type: 'object', patternProperties: { '^x': true }, anyOf: [{ properties: { a: true } }] };
    expect(wrong({ ...closed, unevaluatedProperties: false }, { toString: 1, a: 1, x: 1 })).toEqual([
      'payload.toString: is not known',
    ]);
  });
});

describe('the verdict on a payload', () => {
  /** Ajv keeps the last answer of `contains` where it has none; with a maximum it counts, and is right. */
  const counted = (schema: unknown): unknown => {
    if (typeof schema !== 'object' || schema === null) return schema;
    if (Array.isArray(schema)) return schema.map(counted);
    const members = Object.entries(schema).map(([keyword, value]) => [keyword, counted(value)] as const);
    const most = 'contains' in schema && !('maxContains' in schema) ? { maxContains: 99 } : {};
    return { ...Object.fromEntries(members), ...most };
  };

  it('is the one that Ajv gives, for any schema and payload', () => {
    let valid = 0;
    let invalid = 0;
    fc.assert(
      fc.property(schema, fc.array(payload, { minLength: 6, maxLength: 6 }), (each, payloads) => {
        // Ajv takes for evaluated what only an alternative that failed has looked at.
        fc.pre(!JSON.stringify(each).includes('unevaluated'));
        // Not stopping at the first problem: where it stops, it leaves keywords out that follow prefixItems.
        const ajv = new Ajv2020({ strict: false, allErrors: true, ownProperties: true, logger: false });
        const validate = ajv.compile(counted(each) as object);
        for (const one of payloads) {
          let expected: boolean;
          try {
            expected = validate(one);
          } catch {
            // Some schemas with patternProperties beside dependentSchemas make Ajv's code throw: no second opinion.
            continue;
          }
          expect({ each, one, fits: wrong(each, one).length === 0 }).toEqual({ each, one, fits: expected });
          if (expected) valid++;
          else invalid++;
        }
      }),
      { numRuns: 300 },
    );
    expect(Math.min(valid, invalid)).toBeGreaterThan(100);
  });

  it('is the same for unevaluatedProperties as for additionalProperties, where all properties stand beside it', () => {
    fc.assert(
      fc.property(schema, payload, ({ properties = {}, patternProperties = {} }, one) => {
        const known = { type: 'object', properties, patternProperties, $defs: { one: { type: 'null' } } };
        const all = wrong({ ...known, additionalProperties: { type: 'number' } }, one);
        const unevaluated = wrong({ ...known, unevaluatedProperties: { type: 'number' } }, one);
        // Of more problems than are told, the two tell the first in an order of their own.
        if (all.length === limits.payloadProblems) expect(unevaluated).toHaveLength(limits.payloadProblems);
        else expect(unevaluated.sort()).toEqual(all.sort());
      }),
      { numRuns: 300 },
    );
  });

  it.each<[what: string, schema: object, payload: object, fits: boolean]>([
    [
      'of the alternative that fits',
      { anyOf: [{ properties: { a: { const: 1 } } }, { properties: { b: true } }] },
      { b: 1 },
      true,
    ],
    ['not of one that fails', { anyOf: [{ patternProperties: { '^a': false } }, {}] }, { a: 1 }, false],
    ['not of what is ruled out', { not: { properties: { a: { const: 2 } } } }, { a: 1 }, false],
    ['of a condition that holds', { if: { properties: { a: { const: 1 } } } }, { a: 1 }, true],
    ['not of a condition that does not', { if: { properties: { a: { const: 2 } } } }, { a: 1 }, false],
    ['of what a reference leads to', { $ref: '#/$defs/one' }, { a: 1 }, true],
    [
      'of what a property brings with it',
      { dependentSchemas: { b: { properties: { a: true } } }, properties: { b: true } },
      { a: 1, b: 1 },
      true,
    ],
    [
      'not of what stands beside it one level down',
      { allOf: [{ unevaluatedProperties: { type: 'null' } }], properties: { a: true } },
      { a: 1 },
      false,
    ],
  ])('sees in unevaluatedProperties what was evaluated %s', (_what, part, one, fits) => {
    const whole = {
      type: 'object',
      ...part,
      unevaluatedProperties: false,
      $defs: { one: { properties: { a: true } } },
    };
    expect(wrong(whole, one).length === 0).toBe(fits);
  });
});
