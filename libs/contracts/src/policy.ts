// How failures are retried when nobody said otherwise, and within which bounds somebody may say otherwise.
import type { Policy } from './generated.ts';

const HOUR_MS = 3_600_000;

/** About 70 hours of trying: 5 s, 15 s, 45 s, 2 min, 7 min, 20 min, 1 h, then every 2 h; answers 4xx are given 5 tries. */
export const defaultPolicy: Policy = {
  max_attempts: 42,
  client_error_max_attempts: 5,
  backoff_ms: 5_000,
  backoff_factor: 3,
  backoff_cap_ms: 2 * HOUR_MS,
  jitter: 0.2,
  timeout_ms: 15_000,
  max_age_ms: 120 * HOUR_MS,
  concurrency: 0,
  rate: null,
  order: 'unordered',
  no_retry: [],
};

/** Lowest and highest value of each member of a policy. */
export const policyLimits = {
  max_attempts: { min: 1, max: 100 },
  client_error_max_attempts: { min: 1, max: 100 },
  backoff_ms: { min: 100, max: 24 * HOUR_MS },
  backoff_factor: { min: 1, max: 10 },
  backoff_cap_ms: { min: 100, max: 24 * HOUR_MS },
  jitter: { min: 0, max: 1 },
  timeout_ms: { min: 100, max: 30_000 },
  max_age_ms: { min: 1_000, max: 14 * 24 * HOUR_MS },
  concurrency: { min: 0, max: 1_000 },
} as const satisfies Partial<Record<keyof Policy, { min: number; max: number }>>;

/** Requests in each period at most. */
export const rateLimits = { limit: { min: 1, max: 100_000 } } as const;
export const ratePeriods = { second: 1_000, minute: 60_000, hour: HOUR_MS } as const;
export const orders = ['unordered', 'per_key', 'strict'] as const;

/** A destination's Retry-After counts up to here; beyond it the wait is cut. Milliseconds. */
export const retryAfterMaxMs = 24 * HOUR_MS;
