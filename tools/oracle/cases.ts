// Random conditions and payloads for the referee: few keys and values, so that they meet, of every operator both engines have.
import fc from 'fast-check';

export type Fields = Record<string, unknown>;

export interface Case {
  /** On the payload. */
  conditions: Fields;
  payload: Fields;
}

const keys = ['a', 'b', 'c', 'd'];
const common = ['', 'a', 'A', 'ab', 'aB', 'abc', 'b', 'ba', 'x*y', 'a b', 'é', 'É', 'aé', '日本', '\\', '5', 'true'];
const words = [...common, '"', 'a"', '😀'];
const addresses = ['10.0.0.1', '10.0.0.130', '10.1.2.3', '192.168.0.1', '2001:db8::1', '2001:db8:8000::1', '10.0.0'];
const word = fc.constantFrom(...words);
/** Without what known-differences.ts says of quotation marks and of characters beyond the first 65,536. */
const part = fc.constantFrom(...common);
const text = fc.oneof({ weight: 5, arbitrary: word }, { weight: 1, arbitrary: fc.constantFrom(...addresses) });
const number = fc.oneof(
  fc.constantFrom(
    -10,
    -1,
    -0.5,
    0,
    1,
    1.5,
    2,
    5,
    10,
    1e3,
    1e7,
    4_999_999_999,
    1e10,
    -1e12,
    0.000_001,
    123_456.789,
    1e-7,
    1e21,
  ),
  fc.integer({ min: -3, max: 6 }),
);
const scalar = fc.oneof(
  { weight: 4, arbitrary: text },
  { weight: 3, arbitrary: number },
  { weight: 1, arbitrary: fc.constantFrom(true, false, null) },
);

const oneOrMore = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | T[]> =>
  fc.oneof(of, fc.array(of, { minLength: 1, maxLength: 3 }));
const filled = part.filter((one) => one !== '');
const wildcard = fc
  .array(fc.constantFrom('a', 'b', 'A', 'é', '日', '*', '\\*', '\\\\', ' '), { minLength: 1, maxLength: 5 })
  .map((parts) => parts.filter((part, at) => part !== '*' || parts[at - 1] !== '*').join(''));

const range = fc
  .tuple(fc.constantFrom('>', '>='), number, fc.constantFrom('<', '<='), number)
  .filter(([, low, , high]) => low < high);

const operator: fc.Arbitrary<Fields> = fc.oneof(
  part.map((prefix) => ({ prefix })),
  part.map((suffix) => ({ suffix })),
  part.map((one) => ({ prefix: { 'equals-ignore-case': one } })),
  part.map((one) => ({ suffix: { 'equals-ignore-case': one } })),
  part.map((one) => ({ 'equals-ignore-case': one })),
  wildcard.map((one) => ({ wildcard: one })),
  fc.tuple(fc.constantFrom('<', '<=', '=', '>', '>='), number).map((numeric) => ({ numeric })),
  range.map((numeric) => ({ numeric })),
  fc.boolean().map((exists) => ({ exists })),
  fc
    .constantFrom('10.0.0.0/24', '10.0.0.0/25', '10.0.0.0/8', '192.168.0.0/16', '2001:db8::/32')
    .map((cidr) => ({ cidr })),
  fc.oneof(oneOrMore(text), oneOrMore(number)).map((one) => ({ 'anything-but': one })),
  oneOrMore(filled).map((prefix) => ({ 'anything-but': { prefix } })),
  oneOrMore(filled).map((suffix) => ({ 'anything-but': { suffix } })),
  oneOrMore(part).map((one) => ({ 'anything-but': { 'equals-ignore-case': one } })),
  oneOrMore(wildcard).map((one) => ({ 'anything-but': { wildcard: one } })),
);

const tests = fc.array(fc.oneof({ weight: 3, arbitrary: scalar }, { weight: 2, arbitrary: operator }), {
  minLength: 1,
  maxLength: 3,
});

/** Fields with tests, fields within fields, choices. */
function conditionsWith(leaf: fc.Arbitrary<unknown[]>): fc.Arbitrary<Fields> {
  return fc.letrec<{ fields: Fields; branch: Fields }>((tie) => {
    const alternatives = fc.array(tie('branch'), { minLength: 2, maxLength: 3, depthIdentifier: 'or' });
    return {
      fields: fc.dictionary(fc.constantFrom(...keys), fc.oneof({ depthSize: 'small' }, leaf, leaf, tie('branch')), {
        minKeys: 1,
        maxKeys: 3,
      }),
      branch: fc.oneof(
        { weight: 8, arbitrary: tie('fields') },
        { weight: 1, arbitrary: fc.tuple(tie('fields'), alternatives).map(([own, $or]) => ({ ...own, $or })) },
        { weight: 1, arbitrary: alternatives.map(($or) => ({ $or })) },
      ),
    };
  }).branch;
}

function fieldsWith(value: fc.Arbitrary<unknown>): fc.Arbitrary<Fields> {
  return fc.letrec<{ value: unknown; fields: Fields }>((tie) => ({
    value: fc.oneof({ depthSize: 'small' }, value, fc.array(tie('value'), { maxLength: 3 }), tie('fields')),
    fields: fc.dictionary(fc.constantFrom(...keys), tie('value'), { maxKeys: 4 }),
  })).fields;
}

/** Fields with one test each and payloads that have most of them: half of these match. */
const flat: fc.Arbitrary<Case> = fc.record({
  conditions: fc.dictionary(fc.constantFrom('a', 'b'), tests, { minKeys: 1 }),
  payload: fc.record({ a: fc.oneof(scalar, fc.array(scalar, { maxLength: 3 })), b: scalar }, { requiredKeys: [] }),
});

const nested: fc.Arbitrary<Case> = fc.record({ conditions: conditionsWith(tests), payload: fieldsWith(scalar) });

/** Lists of objects with few values: what has to stand in the same element. */
const bit = fc.constantFrom(0, 1);
const bitTests: fc.Arbitrary<unknown[]> = fc.oneof(
  { weight: 8, arbitrary: bit.map((one): unknown[] => [one]) },
  { weight: 1, arbitrary: bit.map((one): unknown[] => [one, { exists: false }]) },
  { weight: 1, arbitrary: fc.constant<unknown[]>([{ exists: false }]) },
);
const elements: fc.Arbitrary<Case> = fc.record({
  conditions: conditionsWith(bitTests).map((a) => ({ a })),
  payload: fc.array(fieldsWith(bit), { minLength: 1, maxLength: 4 }).map((a) => ({ a })),
});

/** As many cases as asked for; the same for the same seed. */
export const randomCases = (count: number, seed: number): Case[] =>
  fc.sample(fc.oneof(flat, flat, nested, elements, elements), { numRuns: count, seed });
