// What it means to follow up: an outcome becomes nothing, a retry in a delay topic, a place in the parking lot, or a dead letter. Pure.
import {
  deliveriesTopic,
  topics,
  type DeadLetter,
  type Delivery,
  type Outcome,
  type Parked,
  type Policy,
  type Retry,
  type RetryCause,
  type RetryTier,
} from '@sluice/contracts';
import { decide, followUp, tierFor, withHistory } from '@sluice/delivery';

export type FollowUp =
  | { kind: 'nothing' }
  | { kind: 'retry'; tier: RetryTier; retry: Retry }
  | { kind: 'parked'; parked: Parked }
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
      return again(followUp(delivery, outcome), policy, { ...decision, nowMs });
    case 'dead':
      return {
        kind: 'dead-letter',
        deadLetter: {
          reason: decision.reason,
          outcome_code: outcome.outcome_code,
          http_status: outcome.http_status,
          message: outcome.error?.message ?? '',
          origin: deliveriesTopic(delivery.connector).name,
          trace_id: outcome.trace_id,
          dead_at: nowMs,
          delivery: withHistory(delivery, outcome),
        },
      };
  }
}

/** In strict order nothing passes a failure: it waits at its place in the line, in front of what came behind it. */
function again(
  delivery: Delivery,
  { order }: Policy,
  { dueAtMs, cause, nowMs }: { dueAtMs: number; cause: RetryCause; nowMs: number },
): FollowUp {
  const { parking_id: id } = delivery;
  if (order === 'strict' && id !== null) {
    return {
      kind: 'parked',
      parked: { id, reason: 'strict_retry', not_before: dueAtMs, parked_at: nowMs, delivery },
    };
  }
  const retry = { due_at: dueAtMs, cause, decided_at: nowMs, hop: 0, delivery };
  return { kind: 'retry', tier: tierFor(dueAtMs - nowMs), retry };
}

/** What has waited in its parking lot for as long as its policy says; the attempt that it waited for counts as its last. */
export function expired(delivery: Delivery, nowMs: number): DeadLetter {
  const last = delivery.attempts.at(-1);
  return {
    reason: 'too_old',
    outcome_code: last?.outcome_code ?? 'not_attempted',
    http_status: last?.http_status ?? null,
    message: last?.message ?? 'it waited in the parking lot of its connection, and was not attempted',
    origin: topics.releases.name,
    trace_id: null,
    dead_at: nowMs,
    delivery,
  };
}
