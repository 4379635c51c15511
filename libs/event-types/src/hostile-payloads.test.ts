// Attacks by payload on schemas that were accepted, each by name. Every one ends in a bounded number of steps, with an answer.
import { describe, expect, it } from '@jest/globals';
import { everyItem, many, named, nested, onList, timed, whole } from '../testing/hostile.ts';
import { checkEventTypeSchema } from './check-schema.ts';
import { problemsOf } from './evaluation.ts';
import { limits } from './limits.ts';
import { planOf } from './plan.ts';
import { readSchema } from './reader.ts';

describe('a hostile payload against a hostile schema', () => {
  const ones = { a: many(131_000, () => 1) };
  const empties = { a: many(87_000, () => ({})) };
  const wide = named(10_000, () => 1);
  const letters = (length: number): string => many(length, (n) => 'ab'[(n * n + (n >> 3)) % 2]).join('');

  it.each<[attack: string, schema: object, payload: object]>([
    ['490 conditions on 131,000 numbers', everyItem(many(490, (n) => ({ type: 'integer', minimum: -n }))), ones],
    [
      '490 failing alternatives for each of 131,000',
      everyItem([{ not: { anyOf: many(490, (n) => ({ const: -n })) } }]),
      ones,
    ],
    [
      '490 multiples of a fraction',
      everyItem(many(490, () => ({ multipleOf: 0.01 }))),
      { a: many(60_000, () => 1.25) },
    ],
    [
      'a set for each of 240 uniqueItems',
      onList(many(240, () => ({ uniqueItems: true, items: { type: 'number' } }))),
      { a: many(45_000, (n) => n) },
    ],
    ['160 searches for what is not there', onList(many(160, () => ({ not: { contains: { const: 2 } } }))), ones],
    ['240 looks at 10,000 properties', whole(many(240, () => ({ additionalProperties: { type: 'integer' } }))), wide],
    ['240 looks at 10,000 names', whole(many(240, () => ({ propertyNames: { minLength: 1 } }))), wide],
    [
      '10,000 names remembered 200 times',
      {
        ...whole([]),
        allOf: [{}],
        anyOf: many(200, () => ({ additionalProperties: true })),
        unevaluatedProperties: false,
      },
      wide,
    ],
    [
      'a very long text measured 490 times',
      onList(many(490, () => ({ maxLength: 65_536 }))),
      { a: '😀'.repeat(65_000) },
    ],
    ['one text for an automaton that explodes', onList([{ pattern: '^[abc]*a[ab]{450}$' }]), { a: letters(250_000) }],
    [
      'texts for 20 automata that explode',
      everyItem([{ not: { anyOf: many(20, (n) => ({ pattern: `^[abc]*a[ab]{${n + 9}}c$` })) } }]),
      { a: many(250, () => letters(1_000)) },
    ],
    [
      'names for 20 patterns',
      whole(many(20, (n) => ({ patternProperties: { [`^(a|b)*c{${n}}`]: true } }))),
      named(10_000, () => 1),
    ],
    [
      '490 formats of 8,000 texts',
      everyItem(many(490, () => ({ format: 'date-time' }))),
      { a: many(8_000, () => '2020-01-01T00:00:00.000+01:00') },
    ],
  ])('ends when its steps are used up: %s', (_attack, schema, payload) => {
    expect(checkEventTypeSchema(schema)).toEqual([]);
    const read = readSchema(schema);
    if ('problems' in read) throw new Error('refused');
    const plan = planOf(read);
    const problems = timed(() => problemsOf(plan, payload, 'payload'));
    expect(problems.at(-1)).toEqual({
      param: 'payload',
      msg: `takes more than ${limits.steps} steps to check against its schema`,
    });
    expect(problems.length).toBeLessThanOrEqual(limits.payloadProblems);
    // To the step: the same payload has the same answer on any machine, at any load.
    expect(problemsOf(plan, payload, 'payload')).toEqual(problems);
  });

  it.each<[attack: string, schema: object, payload: object, problems: number]>([
    ['as many problems as items', everyItem([{ type: 'string' }]), ones, 10],
    [
      '490 properties asked of 87,000 empty objects',
      everyItem([{ properties: named(490, () => ({ type: 'null' })) }]),
      empties,
      0,
    ],
    [
      '5,000 required properties of 87,000 empty objects',
      everyItem([{ required: many(5_000, (n) => `r${n}`) }]),
      empties,
      10,
    ],
    [
      '5,000 dependencies of 87,000 empty objects',
      everyItem([{ dependentRequired: named(4_000, () => ['a']) }]),
      empties,
      0,
    ],
    [
      'a nested payload, deeper than a stack',
      { type: 'object', properties: { a: { not: { type: 'string' } } } },
      { a: nested(100_000, 1) },
      0,
    ],
    [
      'the pattern that hangs a backtracking engine',
      onList([{ pattern: '^(a+)+$' }]),
      { a: `${'a'.repeat(30_000)}!` },
      1,
    ],
    [
      'the pattern with nested stars',
      onList([{ pattern: '^(([a-z])+.)+[A-Z]([a-z])+$' }]),
      { a: 'a'.repeat(30_000) },
      1,
    ],
    [
      'an address that hangs a pattern for addresses',
      onList([{ format: 'email' }]),
      { a: `a@${'a.'.repeat(120_000)}!` },
      1,
    ],
    [
      'a host name that hangs a pattern for host names',
      onList([{ format: 'hostname' }]),
      { a: `${'a-'.repeat(120_000)}!` },
      1,
    ],
    [
      'an address of dots that hangs a pattern for URIs',
      onList([{ format: 'uri' }]),
      { a: `http://${'%41'.repeat(80_000)}\n` },
      1,
    ],
  ])('ends before: %s', (_attack, schema, payload, count) => {
    const read = readSchema(schema);
    if ('problems' in read) throw new Error(JSON.stringify(read.problems));
    const plan = planOf(read);
    expect(timed(() => problemsOf(plan, payload, 'payload'))).toHaveLength(count);
  });

  it('does not reach the prototype by any name', () => {
    const read = readSchema({ type: 'object', additionalProperties: { type: 'object' }, unevaluatedProperties: false });
    if ('problems' in read) throw new Error('refused');
    const payload: unknown = JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}');
    expect(problemsOf(planOf(read), payload, 'payload')).toEqual([]);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});
