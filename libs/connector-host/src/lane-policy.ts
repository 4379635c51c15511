// A connection's policy as its lane keeps it.
import { ratePeriods, type Policy } from '@sluice/contracts';
import type { LanePolicy } from '@sluice/delivery';

/** Attempts of one connection at a time where its policy names no number: more sockets to one destination help nobody. */
export const attemptsPerConnection = 128;

const orders: Readonly<Record<string, LanePolicy['order']>> = { per_key: 'key', strict: 'strict' };

/** @param hasBatches deliveries share requests, and it is requests that are limited */
export function lanePolicyOf(policy: Policy | undefined, hasBatches: boolean): LanePolicy {
  if (!policy) return { order: 'unordered', concurrency: attemptsPerConnection };
  const { concurrency, rate, order } = policy;
  const perMs = ratePeriods[(rate?.per ?? '') as keyof typeof ratePeriods];
  return {
    order: orders[order] ?? 'unordered',
    ...(hasBatches ? {} : { concurrency: concurrency > 0 ? concurrency : attemptsPerConnection }),
    ...(rate && perMs ? { rate: { count: rate.limit, perMs } } : {}),
  };
}
