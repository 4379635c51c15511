// Which delay topic a retry waits in, and when it leaves it: any due time is reached by a few fixed delays.
import { retryTiers, type RetryTier } from '@sluice/contracts';

/** A retry is held in memory for at most this share of its tier's delay, and never longer than the cap: what is held is not yet acknowledged. */
const holdShare = 0.2;
const holdMs = { min: 1_000, max: 15_000 } as const;

/** The tier with the longest delay that still ends before the retry is due; the shortest when it is due sooner than any. */
export function tierFor(waitMs: number): RetryTier {
  let best: RetryTier = retryTiers[0];
  for (const tier of retryTiers) if (tier.delayMs <= waitMs) best = tier;
  return best;
}

/**
 * When a retry that entered a tier leaves it: at its due time when that comes soon enough after the tier's delay to be waited for,
 * else when the delay is over, to go on to another tier.
 */
export function leaveTier(tier: RetryTier, enteredAtMs: number, dueAtMs: number): { atMs: number; isDue: boolean } {
  const delayEndsAtMs = enteredAtMs + tier.delayMs;
  const holdForMs = Math.min(Math.max(tier.delayMs * holdShare, holdMs.min), holdMs.max);
  if (dueAtMs <= delayEndsAtMs + holdForMs) return { atMs: dueAtMs, isDue: true };
  return { atMs: delayEndsAtMs, isDue: false };
}
