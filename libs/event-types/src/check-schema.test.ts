// Which schemas are taken and which are refused, with the place and the reason; and whether an example fits.
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { payload, schema } from '../testing/arbitraries.ts';
import { checkEventTypeSchema, checkExample } from './check-schema.ts';
import { limits } from './limits.ts';

const many = <Value>(count: number, make: (index: number) => Value): Value[] =>
  Array.from({ length: count }, (_, index) => make(index));
const named = <Value>(count: number, make: (index: number) => Value): Record<string, Value> =>
  Object.fromEntries(many(count, (index) => [`k${index}`, make(index)]));

const lead = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'A lead',
  type: 'object',
  required: ['email'],
  additionalProperties: false,
  properties: {
    email: { $ref: '#/$defs/email', description: 'Where to write to.' },
    age: { type: ['integer', 'null'], minimum: 0, examples: [42] },
    plan: { enum: ['free', 'team'], default: 'free' },
    tags: { type: 'array', items: { type: 'string', pattern: '^[a-z-]+$' }, uniqueItems: true },
    address: { type: 'object', properties: { 'a/b~c': { const: 1 } }, unevaluatedProperties: false },
    same: { $ref: '#/properties/address/properties/a~1b~0c' },
  },
  patternProperties: { '^x_': { type: 'string', maxLength: 100 } },
  if: { properties: { plan: { const: 'team' } }, required: ['plan'] },
  then: { required: ['tags'] },
  $defs: { email: { type: 'string', format: 'email' } },
};

describe('a schema that may be used', () => {
  it('may have every keyword of JSON Schema 2020-12 that says something about a payload', () => {
    expect(checkEventTypeSchema(lead)).toEqual([]);
    expect(checkEventTypeSchema({ type: 'object' })).toEqual([]);
  });

  it('is one by the meta-schema too', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false, logger: false });
    fc.assert(
      fc.property(schema, (each) => {
        expect(checkEventTypeSchema(each)).toEqual([]);
        expect(ajv.validateSchema(each)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('may be as large as the limits say, and no larger', () => {
    const text = 'x'.repeat(limits.schemaBytes - '{"type":"object","title":""}'.length);
    expect(checkEventTypeSchema({ type: 'object', title: text })).toEqual([]);
    expect(checkEventTypeSchema({ type: 'object', title: `${text}x` })).toEqual([
      { param: 'schema', msg: 'may have 65536 bytes of JSON at most' },
    ]);
    const parts = (count: number) => ({ type: 'object', allOf: many(count, () => ({})) });
    expect(checkEventTypeSchema(parts(limits.subschemas - 1))).toEqual([]);
    expect(checkEventTypeSchema(parts(limits.subschemas))).toHaveLength(1);
    const patterns = (count: number) => ({ type: 'object', properties: named(count, (n) => ({ pattern: `^a${n}$` })) });
    expect(checkEventTypeSchema(patterns(limits.patterns))).toEqual([]);
    expect(checkEventTypeSchema(patterns(limits.patterns + 1))).toEqual([
      { param: 'schema.properties.k20.pattern', msg: 'a schema may have 20 patterns at most' },
    ]);
  });
});

describe('a schema that may not be used', () => {
  const inside = (property: unknown) => ({ type: 'object', properties: { a: property } });
  const at = 'schema.properties.a';

  it.each<[what: string, schema: unknown, param: string, msg: string | RegExp]>([
    ['that is not an object', 'object', 'schema', 'must be a JSON Schema: an object'],
    ['that is a list', [], 'schema', 'must be a JSON Schema: an object'],
    ['that is true and says nothing', true, 'schema', 'must be a JSON Schema: an object'],
    ['of something that is no payload', { type: 'array' }, 'schema.type', /a payload is one/],
    ['of anything', {}, 'schema.type', /a payload is one/],
    [
      'of another dialect',
      { type: 'object', $schema: 'http://json-schema.org/draft-07/schema#' },
      'schema.$schema',
      /2020/,
    ],
    ['with a keyword of its own', inside({ 'x-pii': true }), `${at}.x-pii`, 'is not a keyword of JSON Schema 2020-12'],
    ['with a keyword of Ajv', inside({ instanceof: 'Function' }), `${at}.instanceof`, /not a keyword/],
    ['with the name of an inherited member as keyword', inside({ toString: 1 }), `${at}.toString`, /not a keyword/],
    ['with a keyword of an older draft', { type: 'object', definitions: {} }, 'schema.definitions', /write \$defs/],
    ['with a keyword of OpenAPI', inside({ nullable: true }), `${at}.nullable`, /"null"/],
    ['with a type that there is not', inside({ type: 'date' }), `${at}.type`, /must be one of null, boolean/],
    ['with a type given twice', inside({ type: ['string', 'string'] }), `${at}.type`, /list of them/],
    ['with a subschema that is none', inside('string'), at, 'must be a schema: an object, true or false'],
    ['with no alternatives', inside({ anyOf: [] }), `${at}.anyOf`, 'must be a list of schemas, not empty'],
    ['with items as a list', inside({ items: [{}] }), `${at}.items`, /must be a schema/],
    ['with a bound that is text', inside({ minimum: '1' }), `${at}.minimum`, 'must be a number'],
    ['with a negative length', inside({ minLength: -1 }), `${at}.minLength`, /whole number/],
    ['with a length that is not whole', inside({ maxLength: 1.5 }), `${at}.maxLength`, /whole number/],
    ['with a multiple of nothing', inside({ multipleOf: 0 }), `${at}.multipleOf`, 'must be a number above 0'],
    [
      'with required as draft 3 had it',
      inside({ required: true }),
      `${at}.required`,
      'must be a list of property names',
    ],
    ['with a name required twice', { type: 'object', required: ['a', 'a'] }, 'schema.required', /once/],
    ['with no values', inside({ enum: [] }), `${at}.enum`, 'must be a list of values, not empty'],
    ['with a value given twice', inside({ enum: [1, 1] }), `${at}.enum`, 'must hold each value once'],
    [
      'with objects to compare with',
      inside({ const: { a: 1 } }),
      `${at}.const`,
      /string, number, boolean or null only/,
    ],
    ['with lists to compare with', inside({ enum: [[1]] }), `${at}.enum`, /strings, numbers, booleans and null only/],
    ['with a format nobody vouches for', inside({ format: 'regex' }), `${at}.format`, /must be one of date-time, date/],
    ['with a format of an inherited name', inside({ format: 'constructor' }), `${at}.format`, /must be one of/],
    ['with a value that is not JSON', inside({ const: undefined }), `${at}.const`, 'must be JSON'],
    ['with a date', inside({ default: new Date() }), `${at}.default`, 'must be JSON'],
    [
      'with unique items of any kind',
      inside({ uniqueItems: true }),
      `${at}.uniqueItems`,
      /items whose type is a scalar/,
    ],
    [
      'with unique items that may be objects',
      inside({ uniqueItems: true, items: { type: ['string', 'object'] } }),
      `${at}.uniqueItems`,
      /items whose type is a scalar/,
    ],
    ['that fetches another', inside({ $ref: 'https://example.com/a.json' }), `${at}.$ref`, /nothing is fetched/],
    ['that reads a file', inside({ $ref: 'file:///etc/passwd' }), `${at}.$ref`, /nothing is fetched/],
    ['that names another', inside({ $ref: 'other.json#/a' }), `${at}.$ref`, /nothing is fetched/],
    ['with an id', { type: 'object', $id: 'https://example.com/' }, 'schema.$id', /stands alone/],
    ['with an anchor', inside({ $anchor: 'a' }), `${at}.$anchor`, /write \$ref as/],
    ['with a reference to an anchor', inside({ $ref: '#a' }), `${at}.$ref`, /must point to a schema/],
    ['with a dynamic reference', inside({ $dynamicRef: '#a' }), `${at}.$dynamicRef`, /write \$ref as/],
    ['with a vocabulary', { type: 'object', $vocabulary: {} }, 'schema.$vocabulary', 'is not taken here'],
    ['with a reference into nothing', inside({ $ref: '#/$defs/b' }), `${at}.$ref`, /must point to a schema/],
    ['with a reference to what is no schema', inside({ $ref: '#/properties' }), `${at}.$ref`, /must point to a schema/],
    ['with a reference up the prototype', inside({ $ref: '#/toString' }), `${at}.$ref`, /must point to a schema/],
    ['with a reference that cannot be decoded', inside({ $ref: '#/%' }), `${at}.$ref`, /must point to a schema/],
    [
      'with a name that is required and forbidden',
      { type: 'object', required: ['__proto__'] },
      'schema.required',
      /not allowed/,
    ],
  ])('is one %s', (_what, schema, param, msg) => {
    const problems = checkEventTypeSchema(schema);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toEqual({
      param,
      msg: typeof msg === 'string' ? msg : (expect.stringMatching(msg) as unknown),
    });
  });

  it.each(['__proto__', 'constructor', 'prototype'])('is one with the name %s anywhere', (name) => {
    const whole = `{"type":"object","properties":{"a":{"default":[{"${name}":1}]}}}`;
    expect(checkEventTypeSchema(JSON.parse(whole))).toEqual([
      { param: 'schema.properties.a.default.0', msg: `the name ${name} is not allowed` },
    ]);
  });

  it('is told all that is wrong with it, up to a number', () => {
    const wrong = (count: number) => ({ type: 'object', properties: named(count, () => ({ type: 'text' })) });
    expect(checkEventTypeSchema(wrong(3)).map(({ param }) => param)).toEqual(
      ['k0', 'k1', 'k2'].map((name) => `schema.properties.${name}.type`),
    );
    expect(checkEventTypeSchema(wrong(100))).toHaveLength(limits.schemaProblems);
  });

  it('is named in short, however long its names are', () => {
    const [problem] = checkEventTypeSchema({ type: 'object', properties: { ['n'.repeat(50_000)]: { type: 1 } } });
    expect(JSON.stringify(problem).length).toBeLessThan(600);
  });
});

describe('checking a schema', () => {
  it('never throws, whatever it is given', () => {
    const keyword = fc.constantFrom(
      'type',
      '$ref',
      'pattern',
      'properties',
      'allOf',
      'items',
      'enum',
      'required',
      '$defs',
    );
    const broken = fc.dictionary(keyword, fc.oneof(fc.anything(), fc.constant('#/allOf/0')), { noNullPrototype: true });
    fc.assert(
      fc.property(fc.oneof(fc.anything(), broken), fc.anything(), (any, example) => {
        expect(Array.isArray(checkEventTypeSchema(any))).toBe(true);
        expect(Array.isArray(checkExample(any, example))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('ends for an object that contains itself', () => {
    const loop: Record<string, unknown> = { type: 'object' };
    loop.not = loop;
    expect(checkEventTypeSchema(loop)[0]?.msg).toBe('may be nested 32 deep at most');
    const list: unknown[] = [];
    list.push(list);
    expect(checkExample(lead, { list })[0]?.msg).toBe('may be nested 64 deep at most');
  });
});

describe('an example', () => {
  it('fits its schema', () => {
    expect(checkExample(lead, { email: 'jane@example.com', age: null })).toEqual([]);
    expect(checkExample(lead, { email: 'jane@example.com', age: 1.5, tags: ['A'], phone: '1' })).toEqual([
      { param: 'example.age', msg: 'must be an integer or null' },
      { param: 'example.tags.0', msg: 'must match the pattern ^[a-z-]+$' },
      { param: 'example.phone', msg: 'is not known' },
    ]);
  });

  it('is a payload that would be accepted at all', () => {
    expect(checkExample({ type: 'object' }, [])).toEqual([{ param: 'example', msg: 'must be an object' }]);
    expect(checkExample({ type: 'object' }, { email: 'jane' })).toEqual([
      { param: 'example.email', msg: 'must be an email address' },
    ]);
    const hidden = JSON.parse('{"a":{"__proto__":{"admin":true}}}') as unknown;
    expect(checkExample({ type: 'object' }, hidden)).toEqual([
      { param: 'example.a', msg: 'the name __proto__ is not allowed' },
    ]);
    expect(checkExample({ type: 'object' }, { text: 'x'.repeat(300_000) })[0]?.msg).toMatch(/bytes of JSON at most/);
  });

  it('cannot be checked against a schema at fault', () => {
    expect(checkExample({ type: 'text' }, { a: 1 })).toEqual([
      { param: 'example', msg: 'cannot be checked: its schema is at fault' },
    ]);
  });

  it('is at most ten problems long', () => {
    fc.assert(
      fc.property(schema, payload, (each, example) => {
        expect(checkExample(each, example).length).toBeLessThanOrEqual(limits.payloadProblems);
      }),
      { numRuns: 200 },
    );
  });
});
