// An explanation agrees with what the rule book decides, and shows a person what would have to be different.
import { describe, expect, it } from '@jest/globals';
import type { Rule } from '@sluice/contracts';
import fc from 'fast-check';
import { elementConditions, elements, event, fields, rule, ruleOf, sound } from '../testing/arbitraries.ts';
import { explain, RuleBook, type ExplainedLeaf, type Matched } from './index.ts';

const names: Matched = { workspace: 'w1', event: 'lead.created', resource: 'contact', resource_id: null };
const on = (payload: unknown, over: Partial<Rule> = {}): Rule =>
  ruleOf({ conditions: JSON.stringify({ payload }), ...over });

function expectAgreement(one: Rule, asked: Matched, payload: Record<string, unknown>): void {
  const book = new RuleBook();
  book.put(one);
  const explanation = explain(one, asked, payload);
  const { rules } = book.matching({ ...asked, workspace: one.workspace_id }, payload);
  expect(explanation.matched).toBe(rules.length === 1);
  expect(explanation.matched).toBe(explanation.failed === 0);
}

/** The lines about the payload, in short. */
const lines = ({ leaves }: { leaves: ExplainedLeaf[] }): string[] =>
  leaves
    .filter(({ path }) => path.startsWith('payload'))
    .map(({ path, test, value, ok }) => `${ok ? 'ok' : 'no'} ${path} ${test} ${JSON.stringify(value) ?? '-'}`);

describe('an explanation', () => {
  it('agrees with the rule book', () => {
    fc.assert(fc.property(rule, event, fields, expectAgreement), { numRuns: 2_000 });
  });

  it('agrees with the rule book on what has to stand in the same element', () => {
    const rules = sound(elementConditions.map((payload) => ({ payload })));
    const check = (conditions: unknown, payload: Record<string, unknown>): void =>
      expectAgreement(ruleOf({ conditions: JSON.stringify(conditions) }), names, payload);
    fc.assert(fc.property(rules, elements, check), { numRuns: 3_000 });
  });

  it('counts the lines that fail where there is no choice', () => {
    const flat = on({ a: ['x'], b: [{ numeric: ['>', 5] }], c: { d: [{ exists: true }] } }, { resource: 'deal' });
    fc.assert(
      fc.property(event, fields, (asked, payload) => {
        const { leaves, failed } = explain(flat, asked, payload);
        expect(leaves).toHaveLength(6);
        expect(failed).toBe(leaves.filter(({ ok }) => !ok).length);
      }),
    );
  });

  it('has a line for each setting of the rule and each test, with what the event has there', () => {
    const tested = on(
      { a: ['x', { prefix: 'y' }], b: { c: [{ exists: false }] } },
      { event: 'lead.*', resource: 'deal' },
    );
    expect(explain(tested, names, { a: ['p', 'q'], b: { c: 7 } })).toEqual({
      matched: false,
      failed: 3,
      leaves: [
        { path: 'active', test: 'true', value: true, ok: true },
        { path: 'event', test: '["lead.*"]', value: 'lead.created', ok: true },
        { path: 'resource', test: '["deal"]', value: 'contact', ok: false },
        { path: 'payload.a', test: '["x",{"prefix":"y"}]', value: ['p', 'q'], ok: false },
        { path: 'payload.b.c', test: '[{"exists":false}]', value: 7, ok: false },
      ],
    });
  });

  it('leaves the value out where the event has nothing, and shows long ones in short', () => {
    const tested = on({ a: [1], b: [1], c: [1], d: [1] });
    const payload = { b: { x: 1 }, c: 'x'.repeat(1_000), d: Array.from({ length: 50 }, (_, index) => index + 2) };
    const [a, b, c, d] = explain(tested, names, payload).leaves.slice(2);
    expect(a).toEqual({ path: 'payload.a', test: '[1]', ok: false });
    expect(b?.value).toBe('{…}');
    expect(c?.value).toBe(`${'x'.repeat(200)}…`);
    expect(d?.value).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, '…']);
  });

  it('says which alternative comes closest, and counts the failures of that one', () => {
    const tested = on({
      z: [1],
      $or: [
        { a: [1], b: [1], c: [1] },
        { a: [2], b: [2] },
      ],
    });
    const explanation = explain(tested, names, { z: 1, a: 2, b: 3 });
    expect(explanation.failed).toBe(1);
    expect(lines(explanation)).toEqual([
      'ok payload.z [1] 1',
      'no payload.$or "one of 2 alternatives" "payload.$or[1] comes closest: 1 test failed"',
      'no payload.$or[0].a [1] 2',
      'no payload.$or[0].b [1] 3',
      'no payload.$or[0].c [1] -',
      'ok payload.$or[1].a [2] 2',
      'no payload.$or[1].b [2] 3',
    ]);
    expect(lines(explain(tested, names, { z: 1, a: 2, b: 2 }))[1]).toBe(
      'ok payload.$or "one of 2 alternatives" "payload.$or[1] holds"',
    );
  });

  it('says when tests pass in different elements of an array only', () => {
    const tested = on({ items: { sku: ['s1'], qty: [2] } });
    expect(
      lines(
        explain(tested, names, {
          items: [
            { sku: 's1', qty: 1 },
            { sku: 's2', qty: 2 },
          ],
        }),
      ),
    ).toEqual([
      'ok payload.items.sku ["s1"] ["s1","s2"]',
      'ok payload.items.qty [2] [1,2]',
      'no payload.items "by the same element" -',
    ]);
  });

  it('names the problem of conditions that are not sound', () => {
    const broken = (conditions: string): ExplainedLeaf | undefined => {
      const { matched, leaves } = explain(ruleOf({ conditions }), names, {});
      expect(matched).toBe(false);
      return leaves.at(-1);
    };
    expect(broken('{"payload":{"a":"x"}}')).toMatchObject({
      path: 'conditions',
      value: expect.stringContaining('conditions.payload.a must be a list'),
      ok: false,
    });
    expect(broken('{')?.value).toBe('conditions must be JSON');
    expect(broken(`${' '.repeat(20_000)}{"payload":{"a":["x"]}}`)?.value).toBe('conditions are too long');
  });

  it('says when a rule takes too many steps', () => {
    const items = Array.from({ length: 30_000 }, (_, index) => ({ a: index % 2, b: (index + 1) % 2 }));
    const last = (payload: Record<string, unknown>): string | undefined =>
      lines(explain(on({ items: { a: [1], b: [1] } }), names, payload)).at(-1);
    expect(last({ items })).toBe('no payload "within 100000 steps" -');
    expect(last({ items: items.slice(0, 15_000) })).toBe('no payload "within 50000 steps" -');
  });
});
