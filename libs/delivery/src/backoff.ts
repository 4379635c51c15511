// Exponential backoff with jitter: how long to wait after the n-th failure.
import type { Policy } from '@sluice/contracts';

/**
 * Milliseconds to wait after failure number `failures` (from 1) of a policy run.
 * @param random in [0, 1): spreads the wait over [1 - jitter, 1 + jitter] of its nominal length
 */
export function backoffMs(policy: Policy, failures: number, random: number): number {
  const nominal = Math.min(policy.backoff_cap_ms, policy.backoff_ms * policy.backoff_factor ** (failures - 1));
  return Math.round(nominal * (1 + policy.jitter * (2 * random - 1)));
}
