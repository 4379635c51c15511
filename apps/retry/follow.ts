// What it means to follow up: an outcome becomes nothing, a retry in a delay topic, or a dead letter. Pure.
import type { DeadLetter, Delivery, Outcome, Policy, Retry, RetryTier } from '@sluice/contracts';
import { decide, followUp, tierFor, withHistory } from '@sluice/delivery';

export type FollowUp =
  | { kind: 'nothing' }
  | { kind: 'retry'; tier: RetryTier; retry: Retry }
  | { kind: 'dead-letter'; deadLetter: DeadLetter };

/**
 * What is to be appended because of an outcome.
 * @param random in [0, 1), for the jitter
 */
export function follow(
  outcome: Outcome & { delivery: Delivery },
  policy: Policy,
  { nowMs, random }: { nowMs: number; random: number },
): FollowUp {
  const { delivery } = outcome;
  const decision = decide(policy, { outcome, delivery, nowMs, random });
  switch (decision.kind) {
    case 'done':
      return { kind: 'nothing' };
    case 'again':
      return {
        kind: 'retry',
        tier: tierFor(decision.dueAtMs - nowMs),
        retry: {
          due_at: decision.dueAtMs,
          cause: decision.cause,
          decided_at: nowMs,
          hop: 0,
          delivery: followUp(delivery, outcome),
        },
      };
    case 'dead':
      return {
        kind: 'dead-letter',
        deadLetter: {
          reason: decision.reason,
          outcome_code: outcome.outcome_code,
          http_status: outcome.http_status,
          message: outcome.error?.message ?? '',
          dead_at: nowMs,
          delivery: withHistory(delivery, outcome),
        },
      };
  }
}
