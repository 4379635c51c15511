// What a connection's policy asks of its lane.
import { describe, expect, it } from '@jest/globals';
import { defaultPolicy, orders, ratePeriods } from '@sluice/contracts';
import { attemptsPerConnection, lanePolicyOf } from './lane-policy.ts';

describe('the lane of a connection', () => {
  it('has no order and no rate where none are asked for, or the connection is unknown', () => {
    const usual = { order: 'unordered', concurrency: attemptsPerConnection };
    expect(lanePolicyOf(defaultPolicy, false)).toEqual(usual);
    expect(lanePolicyOf(undefined, false)).toEqual(usual);
  });

  it('keeps every order and every rate that a policy may have', () => {
    const kept = orders.map((order) => lanePolicyOf({ ...defaultPolicy, order }, false).order);
    expect(kept).toEqual(['unordered', 'key', 'strict']);
    for (const [per, perMs] of Object.entries(ratePeriods)) {
      const policy = { ...defaultPolicy, rate: { limit: 7, per } };
      expect(lanePolicyOf(policy, false)).toMatchObject({ order: 'unordered', rate: { count: 7, perMs } });
    }
  });

  it('counts attempts side by side, unless they share requests', () => {
    const policy = { ...defaultPolicy, concurrency: 3 };
    expect(lanePolicyOf(policy, false)).toMatchObject({ concurrency: 3 });
    expect(lanePolicyOf(policy, true)).not.toHaveProperty('concurrency');
  });
});
