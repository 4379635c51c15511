// Random rules and events that meet one another: few keys, few values, arrays within arrays.
import type { Rule } from '@sluice/contracts';
import fc from 'fast-check';
import { checkConditions, type Matched } from '../src/index.ts';

const keys = ['a', 'b', 'c'];
const texts = ['', 'a', 'ab', 'abc', 'B', 'aB', 'b*', '10.0.0.1', '10.0.1.1', '10.1.0.0'];
const numbers = [-1.5, 0, 1, 2, 2.5, 3, 10, 1e12];
const text = fc.constantFrom(...texts);
const number = fc.constantFrom(...numbers);
const scalar = fc.oneof(text, number, fc.constantFrom(true, false, null));

const nonEmpty = text.filter((one) => one !== '');
const wildcard = fc
  .array(fc.constantFrom('a', 'b', 'B', '*', '\\*', '.'), { maxLength: 5 })
  .map((parts) => parts.join('').replaceAll(/\*\*+/g, '*'));
const oneOrMore = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | T[]> =>
  fc.oneof(of, fc.array(of, { minLength: 1, maxLength: 3 }));

const range = fc
  .record({ lowSign: fc.constantFrom('>', '>='), low: number, highSign: fc.constantFrom('<', '<='), high: number })
  .filter(({ lowSign, low, highSign, high }) => low < high || (low === high && lowSign === '>=' && highSign === '<='))
  .map(({ lowSign, low, highSign, high }) => [lowSign, low, highSign, high]);

/** Operators that Amazon EventBridge has too. */
const operator: fc.Arbitrary<Fields> = fc.oneof(
  text.map((prefix) => ({ prefix })),
  text.map((suffix) => ({ suffix })),
  text.map((one) => ({ prefix: { 'equals-ignore-case': one } })),
  text.map((one) => ({ suffix: { 'equals-ignore-case': one } })),
  text.map((one) => ({ 'equals-ignore-case': one })),
  wildcard.map((one) => ({ wildcard: one })),
  fc.tuple(fc.constantFrom('<', '<=', '=', '>', '>='), number).map((numeric) => ({ numeric })),
  range.map((numeric) => ({ numeric })),
  fc.boolean().map((exists) => ({ exists })),
  fc.constantFrom('10.0.0.0/24', '10.0.0.0/8', '10.0.1.0/31', '0.0.0.0/0').map((cidr) => ({ cidr })),
  fc.oneof(oneOrMore(text), oneOrMore(number)).map((one) => ({ 'anything-but': one })),
  oneOrMore(nonEmpty).map((prefix) => ({ 'anything-but': { prefix } })),
  oneOrMore(nonEmpty).map((suffix) => ({ 'anything-but': { suffix } })),
  oneOrMore(text).map((one) => ({ 'anything-but': { 'equals-ignore-case': one } })),
  oneOrMore(wildcard).map((one) => ({ 'anything-but': { wildcard: one } })),
);

const leaf = fc.array(fc.oneof({ weight: 3, arbitrary: scalar }, { weight: 2, arbitrary: operator }), {
  minLength: 1,
  maxLength: 3,
});

type Fields = Record<string, unknown>;

/** Fields with tests, fields within fields, choices. */
function conditionsWith(tests: fc.Arbitrary<unknown[]>, fieldsMax: number): fc.Arbitrary<Fields> {
  return fc.letrec<{ fields: Fields; branch: Fields }>((tie) => {
    const alternatives = fc.array(tie('branch'), { minLength: 2, maxLength: 3, depthIdentifier: 'or' });
    const both = fc.tuple(tie('fields'), alternatives).map(([own, $or]) => ({ ...own, $or }));
    return {
      fields: fc.dictionary(
        fc.constantFrom(...keys),
        fc.oneof({ depthSize: 'small', withCrossShrink: true }, tests, tie('branch')),
        { minKeys: 1, maxKeys: fieldsMax },
      ),
      branch: fc.oneof(
        { weight: 6, arbitrary: tie('fields') },
        { weight: 1, arbitrary: both },
        { weight: 1, arbitrary: alternatives.map(($or) => ({ $or })) },
      ),
    };
  }).branch;
}

function fieldsWith(value: fc.Arbitrary<unknown>, elementsMax: number): fc.Arbitrary<Fields> {
  return fc.letrec<{ value: unknown; fields: Fields }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      value,
      fc.array(tie('value'), { maxLength: elementsMax }),
      tie('fields'),
    ),
    fields: fc.dictionary(fc.constantFrom(...keys), tie('value'), { maxKeys: 3 }),
  })).fields;
}

export const fieldConditions = conditionsWith(leaf, 2);
export const fields = fieldsWith(scalar, 3);

/** Lists of objects with few values, of which most rules ask two or more: where it matters what stands in the same element. */
const bit = fc.constantFrom(0, 1);
const bitTests: fc.Arbitrary<unknown[]> = fc.oneof(
  { weight: 6, arbitrary: bit.map((one): unknown[] => [one]) },
  { weight: 1, arbitrary: bit.map((one): unknown[] => [one, { exists: false }]) },
  { weight: 2, arbitrary: fc.constant<unknown[]>([{ exists: false }]) },
);
export const elementConditions = conditionsWith(bitTests, 3).map((a) => ({ a }));
export const elements = fc.array(fieldsWith(bit, 2), { minLength: 1, maxLength: 4 }).map((a): Fields => ({ a }));

const type = fc.constantFrom('lead.created', 'lead.updated.twice', 'other');

export const event: fc.Arbitrary<Matched> = fc.record({
  workspace: fc.constantFrom('w1', 'w2'),
  event: type,
  resource: fc.constantFrom(null, 'a', 'b'),
  resource_id: fc.constantFrom(null, 'a', '7'),
});

const conditions: fc.Arbitrary<Fields> = fc.oneof(
  { weight: 6, arbitrary: fieldConditions.map((payload) => ({ payload })) },
  { weight: 1, arbitrary: fc.tuple(leaf, fieldConditions).map(([one, payload]) => ({ resource: one, payload })) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(leaf, fieldConditions, leaf)
      .map(([one, payload, other]) => ({ $or: [{ type: one }, { payload, resource_id: other }] })),
  },
);

/** Few of the random ones are nested too deep. */
export const sound = <T>(all: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  all.filter((one) => checkConditions(one).length === 0);

export const ruleOf = (over: Partial<Rule>): Rule => ({
  id: 'r',
  workspace_id: 'w1',
  connection_id: 'c',
  connector: 'webhook',
  version: 1,
  event: 'lead.created',
  resource: null,
  resource_id: null,
  action: 'send_webhook',
  action_settings: '{}',
  mapping_version: null,
  active: true,
  conditions: null,
  mapping: null,
  ...over,
});

export const rule: fc.Arbitrary<Rule> = fc
  .record({
    id: fc.integer({ min: 0, max: 40 }).map((number) => `r${number}`),
    workspace_id: fc.oneof({ weight: 4, arbitrary: fc.constant('w1') }, { weight: 1, arbitrary: fc.constant('w2') }),
    event: fc.oneof(type, fc.constantFrom('lead.*', 'lead.updated.*')),
    resource: fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.constant('a') }),
    resource_id: fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.constant('7') }),
    active: fc.oneof({ weight: 6, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
    conditions: fc.option(
      sound(conditions).map((one) => JSON.stringify(one)),
      { freq: 8 },
    ),
  })
  .map(ruleOf);
