// A connection's policy as its lane keeps it.
import { ratePeriods, type Policy } from '@sluice/contracts';
import type { LanePolicy } from '@sluice/delivery';

const orders: Readonly<Record<string, LanePolicy['order']>> = { per_key: 'key', strict: 'strict' };

/** @param hasBatches deliveries share requests, and it is requests that are limited */
export function lanePolicyOf(policy: Policy | undefined, hasBatches: boolean): LanePolicy {
  if (!policy) return { order: 'unordered' };
  const { concurrency, rate, order } = policy;
  const perMs = ratePeriods[(rate?.per ?? '') as keyof typeof ratePeriods];
  return {
    order: orders[order] ?? 'unordered',
    ...(concurrency > 0 && !hasBatches ? { concurrency } : {}),
    ...(rate && perMs ? { rate: { count: rate.limit, perMs } } : {}),
  };
}
