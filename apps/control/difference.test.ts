// Differences are complete: applied to the one value they make the other.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { differences } from './difference.ts';

const json = fc.jsonValue({ maxDepth: 3, noUnicodeString: true });

describe('the differences of two values', () => {
  it('are none exactly where the values are the same', () => {
    fc.assert(
      fc.property(json, json, (before, after) => {
        const same = JSON.stringify(sorted(before)) === JSON.stringify(sorted(after));
        expect(differences(before, after).length === 0).toBe(same);
        expect(differences(before, structuredClone(before))).toEqual([]);
      }),
    );
  });

  it('name the leaves that differ', () => {
    const before = { name: 'Ada', tags: ['a', 'b'], company: { size: 1 } };
    const after = { name: 'Ada', tags: ['a'], company: { size: 2 }, email: 'ada@example.com' };
    expect(differences(before, after)).toEqual([
      { path: 'tags.1', before: 'b' },
      { path: 'company.size', before: 1, after: 2 },
      { path: 'email', after: 'ada@example.com' },
    ]);
    expect(differences({ a: [] }, { a: {} })).toEqual([{ path: 'a', before: [], after: {} }]);
  });
});

/** Members in the order of their names; -0 is 0 in JSON but not to Object.is. */
function sorted(value: unknown): unknown {
  if (Object.is(value, -0)) return '-0';
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  );
}
