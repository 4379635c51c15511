// A repeat is recognised, a later attempt is not taken for one, and memory stays bounded.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Followed } from './followed.ts';

describe('what was followed up', () => {
  it('agrees with a plain memory as long as nothing is forgotten', () => {
    const step = fc.record({
      id: fc.constantFrom('a', 'b', 'c'),
      attempt: fc.integer({ min: 1, max: 5 }),
      add: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const followed = new Followed();
        const plain = new Map<string, number>();
        for (const { id, attempt, add } of steps) {
          expect(followed.has(id, attempt)).toBe((plain.get(id) ?? 0) >= attempt);
          if (!add) continue;
          followed.add(id, attempt);
          plain.set(id, Math.max(plain.get(id) ?? 0, attempt));
        }
      }),
    );
  });

  it('forgets the longest untouched first', () => {
    const followed = new Followed(2);
    followed.add('a', 1);
    followed.add('b', 1);
    followed.add('a', 2);
    followed.add('c', 1);
    expect([followed.has('a', 2), followed.has('b', 1), followed.has('c', 1)]).toEqual([true, false, true]);
  });
});
