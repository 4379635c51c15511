// The rule book finds exactly what a plain walk over all rules finds, after any history of changes, and counts the same steps.
import { describe, expect, it } from '@jest/globals';
import type { Rule } from '@sluice/contracts';
import fc from 'fast-check';
import { elementConditions, elements, event, fields, rule, ruleOf, sound } from '../testing/arbitraries.ts';
import { naiveMatch } from '../testing/naive.ts';
import { limits, RuleBook, type Matched } from './index.ts';

const history = fc.array(fc.oneof({ weight: 8, arbitrary: rule }, { weight: 1, arbitrary: rule.map(({ id }) => id) }), {
  maxLength: 80,
});

function after(changes: readonly (Rule | string)[]): { book: RuleBook; rules: Map<string, Rule> } {
  const [book, rules] = [new RuleBook(), new Map<string, Rule>()];
  for (const change of changes) {
    if (typeof change === 'string') {
      book.remove(change);
      rules.delete(change);
    } else {
      book.put(change);
      rules.set(change.id, change);
    }
  }
  return { book, rules };
}

const byId = (a: Rule, b: Rule): number => (a.id < b.id ? -1 : 1);

const lead: Matched = { workspace: 'w1', event: 'lead.created', resource: null, resource_id: null };
const on = (payload: object, over: Partial<Rule> = {}): Rule =>
  ruleOf({ conditions: JSON.stringify({ payload }), ...over });
const idsOf = (rules: readonly Rule[]): string[] => rules.map(({ id }) => id);

describe('the rule book', () => {
  it('agrees with a plain walk over the newest state of all rules, after any history', () => {
    fc.assert(
      fc.property(history, fc.array(fc.tuple(event, fields), { minLength: 1, maxLength: 8 }), (changes, asked) => {
        const { book, rules } = after(changes);
        for (const [names, payload] of asked) {
          const matching = book.matching(names, payload);
          const expected = [...rules.values()].filter((each) => naiveMatch(each, names, payload));
          expect(matching.rules).toEqual(expected.sort(byId));
          expect(matching).toMatchObject({ overflow: 0, budgetExhausted: false });
        }
        expect(book.size).toBe(rules.size);
        expect(book.broken).toBe(0);
      }),
      { numRuns: 400 },
    );
  });

  it('answers alike, in rules and steps, whatever way its rules became what they are', () => {
    fc.assert(
      fc.property(history, fc.infiniteStream(fc.nat()), event, fields, (changes, random, names, payload) => {
        const { book, rules } = after(changes);
        const again = new RuleBook();
        const shuffled = [...rules.values()].map((each) => ({ each, at: random.next().value as number }));
        shuffled.sort((a, b) => a.at - b.at);
        for (const { each } of shuffled) again.put(each);
        expect(again.matching(names, payload)).toEqual(book.matching(names, payload));
      }),
    );
  });

  it('agrees with the plain walk where there are many fields and many values of each', () => {
    const [key, value] = [fc.nat(59).map((number) => `k${number}`), fc.nat(60).map(String)];
    const test = fc.oneof(
      value,
      value.map((prefix) => ({ prefix })),
      value.map((one) => ({ numeric: ['>', Number(one)] })),
    );
    const payload = fc.dictionary(key, fc.array(test, { minLength: 1, maxLength: 2 }), { minKeys: 1, maxKeys: 2 });
    const rules = fc.array(fc.tuple(payload, fc.boolean()), { minLength: 60, maxLength: 200, size: 'max' });
    const asked = fc.dictionary(key, fc.oneof(value, value.map(Number), fc.array(value)), { maxKeys: 8 });
    fc.assert(
      fc.property(rules, fc.array(asked, { minLength: 1, maxLength: 5 }), (made, payloads) => {
        const all = made.map(([one], index) => on(one, { id: `r${index}` }));
        const left = all.filter((_, index) => made[index]?.[1]);
        const { book } = after(all);
        for (const each of all) if (!left.includes(each)) book.remove(each.id);
        const again = after([...left].reverse()).book;
        for (const one of payloads) {
          const matching = book.matching(lead, one);
          const expected = left.filter((each) => naiveMatch(each, lead, one)).sort(byId);
          expect(idsOf(matching.rules)).toEqual(idsOf(expected));
          expect(again.matching(lead, one)).toEqual(matching);
        }
      }),
    );
  });

  it('agrees with the plain walk on what has to stand in the same element of an array', () => {
    const rules = fc.array(sound(elementConditions.map((payload) => ({ payload }))), { minLength: 1, maxLength: 20 });
    const asked = { workspace: 'w1', event: 'lead.created', resource: null, resource_id: null };
    fc.assert(
      fc.property(rules, fc.array(elements, { minLength: 5, maxLength: 20 }), (conditions, payloads) => {
        const all = conditions.map((one, index) => ruleOf({ id: `r${index}`, conditions: JSON.stringify(one) }));
        const { book } = after(all);
        for (const payload of payloads) {
          const expected = all.filter((each) => naiveMatch(each, asked, payload));
          expect(book.matching(asked, payload).rules).toEqual(expected.sort(byId));
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('versions of a rule', () => {
  it('ignores an older one that comes late, and takes the newest in place of what was known', () => {
    const { book } = after([on({ a: [2] }, { version: 2 }), on({ a: [1] }, { version: 1 })]);
    expect(book.matching(lead, { a: 1 }).rules).toEqual([]);
    expect(book.matching(lead, { a: 2 }).rules).toHaveLength(1);
    book.put(on({ a: [3] }, { version: 3 }));
    expect(book.matching(lead, { a: 2 }).rules).toEqual([]);
    expect(book.matching(lead, { a: 3 }).rules).toEqual([book.get('r')]);
    expect(book.size).toBe(1);
  });

  it('moves a rule to another workspace and event type', () => {
    const { book } = after([ruleOf({ version: 1 }), ruleOf({ version: 2, workspace_id: 'w2', event: 'order.*' })]);
    expect(book.matching(lead, {}).rules).toEqual([]);
    expect(book.matching({ ...lead, workspace: 'w2', event: 'order.paid' }, {}).rules).toHaveLength(1);
  });

  it('knows a rule that is not active or not sound, and never matches it', () => {
    const { book } = after([
      ruleOf({ id: 'idle', active: false }),
      ruleOf({ id: 'bad', conditions: '{"payload":{"a":[{"prefixx":"b"}]}}' }),
      ruleOf({ id: 'worse', conditions: '{' }),
      ruleOf({ id: 'long', conditions: JSON.stringify({ payload: { a: ['x'.repeat(5_000)] } }) }),
    ]);
    expect(book.matching(lead, { a: 'b' }).rules).toEqual([]);
    expect([book.size, book.broken]).toEqual([4, 3]);
    expect(book.get('bad')?.id).toBe('bad');
    book.put(ruleOf({ id: 'bad', version: 2 }));
    book.remove('worse');
    expect([book.size, book.broken]).toEqual([3, 1]);
    expect(idsOf(book.matching(lead, {}).rules)).toEqual(['bad']);
  });
});

describe('event type and resource of a rule', () => {
  it.each([
    ['lead.*', 'lead.created', true],
    ['lead.*', 'lead.created.twice', true],
    ['lead.*', 'lead', false],
    ['lead.*', 'leader.created', false],
    ['lead.created', 'lead.created.twice', false],
  ])('%s takes %s: %s', (pattern, name, isTaken) => {
    const { book } = after([ruleOf({ event: pattern })]);
    expect(book.matching({ ...lead, event: name }, {}).rules).toHaveLength(isTaken ? 1 : 0);
  });

  it('takes only events of the resource it names, and an event without one has none', () => {
    const { book } = after([
      ruleOf({ id: 'any' }),
      ruleOf({ id: 'contact', resource: 'contact' }),
      ruleOf({ id: 'seven', resource: 'contact', resource_id: '7' }),
      ruleOf({ id: 'none', conditions: '{"resource":[{"exists":false}]}' }),
    ]);
    const matching = (over: Partial<Matched>): string[] => idsOf(book.matching({ ...lead, ...over }, {}).rules);
    expect(matching({})).toEqual(['any', 'none']);
    expect(matching({ resource: 'contact' })).toEqual(['any', 'contact']);
    expect(matching({ resource: 'contact', resource_id: '7' })).toEqual(['any', 'contact', 'seven']);
  });
});

describe('many matching rules', () => {
  it('hands out the first by id and counts the others', () => {
    const ids = Array.from({ length: 1_000 }, (_, index) => `r${(index * 7_919) % 1_000}`);
    const { book } = after(ids.map((id) => ruleOf({ id })));
    const { rules, overflow } = book.matching(lead, {});
    expect(idsOf(rules)).toEqual([...ids].sort().slice(0, limits.matchesPerEvent));
    expect(overflow).toBe(1_000 - limits.matchesPerEvent);
  });
});

describe('the step budget', () => {
  const dear = (id: string): Rule => on({ a: [{ wildcard: `*${id}*y*z*` }] }, { id });
  const payload = { a: Array.from({ length: 60 }, () => 'x'.repeat(200)) };

  it('stops at the same rule in whatever order the rules came, and says so', () => {
    const rules = Array.from({ length: 60 }, (_, index) => dear(`d${index}`));
    rules.push(...Array.from({ length: 60 }, (_, index) => on({ a: [{ prefix: 'x' }] }, { id: `d${index}m` })));
    const forwards = after(rules).book.matching(lead, payload);
    const backwards = after([...rules].reverse()).book.matching(lead, payload);
    expect(forwards).toEqual(backwards);
    expect(forwards).toMatchObject({ budgetExhausted: true, steps: limits.stepsPerEvent });
    expect(forwards.rules.length).toBeGreaterThan(5);
    expect(forwards.rules.length).toBeLessThan(60);
    expect(idsOf(forwards.rules)).toEqual(idsOf(forwards.rules).sort());
  });

  it('gives up one rule that takes too long over an array, and still matches the others', () => {
    const a = Array.from({ length: 15_000 }, (_, index) => ({ b: index % 2, c: (index + 1) % 2 }));
    const { book } = after([on({ a: { b: [1], c: [1] } }, { id: 'slow' }), on({ d: [1] }, { id: 'quick' })]);
    expect(book.matching(lead, { a, d: 1 })).toMatchObject({ rules: [book.get('quick')], budgetExhausted: true });
    expect(book.matching(lead, { a: a.slice(0, 1_000), d: 1 })).toMatchObject({ budgetExhausted: false });
  });

  it('forgets an event once it is matched', () => {
    const { book } = after([on({ a: { b: [1] } })]);
    expect(book.matching(lead, { a: { b: 1 } }).rules).toHaveLength(1);
    expect(book.matching(lead, {}).rules).toHaveLength(0);
  });

  it('does not depend on other workspaces', () => {
    const { book } = after([on({ a: [1] })]);
    const { steps } = book.matching(lead, { a: 2, b: 3 });
    for (let index = 0; index < 100; index++)
      book.put(on({ a: [index], b: [3] }, { id: `o${index}`, workspace_id: 'w2' }));
    expect(book.matching(lead, { a: 2, b: 3 }).steps).toBe(steps);
  });
});

describe('anything at all', () => {
  it('is matched without throwing', () => {
    const { book } = after([
      on({ a: { b: [1], c: [{ exists: false }] } }, { id: 'r1' }),
      on({ $or: [{ a: [{ wildcard: '*a' }] }, { b: { c: [null] } }] }, { id: 'r2' }),
    ]);
    const anything = fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor'), fc.anything());
    fc.assert(
      fc.property(anything, (payload) => {
        expect(book.matching(lead, payload).steps).toBeGreaterThan(0);
      }),
    );
    expect(book.matching(lead, undefined as unknown as Record<string, unknown>).rules).toEqual([]);
  });

  it('may be nested however deep', () => {
    const { book } = after([on({ a: [1] }, { id: 'r1' }), on({ a: { b: [1] }, c: [1] }, { id: 'r2' })]);
    const deep = (depth: number): Record<string, unknown> =>
      JSON.parse(`{"c":1,"a":${'['.repeat(depth)}1,{"b":1}${']'.repeat(depth)}}`) as Record<string, unknown>;
    expect(book.matching(lead, deep(50_000)).rules).toEqual([]);
    expect(idsOf(book.matching(lead, deep(60)).rules)).toEqual(['r1', 'r2']);
  });

  it('is put as conditions without throwing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (conditions) => {
        const { book } = after([ruleOf({ conditions })]);
        expect(book.matching(lead, {}).rules.length + book.broken).toBeLessThanOrEqual(1);
      }),
    );
  });
});
