// The rule book finds exactly what a plain walk over all rules finds, after any history of changes.
import { describe, expect, it } from '@jest/globals';
import type { Rule } from '@sluice/contracts';
import fc from 'fast-check';
import { RuleBook } from './rule-book.ts';

const rule = fc
  .record({
    id: fc.constantFrom('r1', 'r2', 'r3', 'r4'),
    workspace_id: fc.constantFrom('w1', 'w2'),
    event: fc.constantFrom('lead.created', 'lead.updated'),
    resource: fc.constantFrom(null, 'contact'),
    resource_id: fc.constantFrom(null, '7'),
    active: fc.boolean(),
    version: fc.constant(1),
  })
  .map((some): Rule => ({
    connection_id: 'c',
    connector: 'webhook',
    action: 'send_webhook',
    action_settings: '{}',
    mapping_version: null,
    ...some,
  }));

const event = fc.record({
  workspace: fc.constantFrom('w1', 'w2'),
  event: fc.constantFrom('lead.created', 'lead.updated', 'other'),
  resource: fc.constantFrom(null, 'contact', 'deal'),
  resource_id: fc.constantFrom(null, '7', '8'),
});

describe('the rule book', () => {
  it('agrees with a plain walk over the newest state of all rules', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(rule, fc.constantFrom('r1', 'r2', 'r3'))), event, (changes, asked) => {
        const book = new RuleBook();
        const plain = new Map<string, Rule>();
        for (const change of changes) {
          if (typeof change === 'string') {
            book.remove(change);
            plain.delete(change);
          } else {
            book.put(change);
            plain.set(change.id, change);
          }
        }
        const expected = [...plain.values()].filter(
          (r) =>
            r.active &&
            r.workspace_id === asked.workspace &&
            r.event === asked.event &&
            (r.resource === null || r.resource === asked.resource) &&
            (r.resource_id === null || r.resource_id === asked.resource_id),
        );
        expect(new Set(book.matching(asked))).toEqual(new Set(expected));
        expect(book.size).toBe(plain.size);
      }),
    );
  });

  it('ignores an older version that comes late', () => {
    const [newer, older] = [
      { version: 2, active: true },
      { version: 1, active: false },
    ].map((over): Rule => ({
      id: 'r',
      workspace_id: 'w',
      connection_id: 'c',
      connector: 'webhook',
      event: 'e',
      resource: null,
      resource_id: null,
      action: 'a',
      action_settings: '{}',
      mapping_version: null,
      ...over,
    }));
    const book = new RuleBook();
    if (newer && older) [newer, older].forEach((each) => book.put(each));
    expect(book.matching({ workspace: 'w', event: 'e', resource: null, resource_id: null })).toEqual([newer]);
  });
});
