// What follows an outcome: again at some time, or given up and why. The one place where policy is decided.
import {
  retryAfterMaxMs,
  type AttemptSummary,
  type Delivery,
  type ErrorCode,
  type Outcome,
  type Policy,
  type RetryCause,
} from '@sluice/contracts';
import { backoffMs } from './backoff.ts';

export type Decision =
  { kind: 'done' } | { kind: 'again'; dueAtMs: number; cause: RetryCause } | { kind: 'dead'; reason: ErrorCode };

/** Attempts a delivery remembers; the oldest are dropped beyond it. */
export const historyLimit = 50;

/** What the decision hangs on besides the policy. */
export interface DecisionInput {
  outcome: Outcome;
  /** Attempt number at which the present run of the policy began. */
  cycleStart: number;
  nowMs: number;
  /** In [0, 1). */
  random: number;
}

/** Decides what follows one outcome. */
export function decide(policy: Policy, { outcome, cycleStart, nowMs, random }: DecisionInput): Decision {
  switch (outcome.result) {
    case 'delivered':
      return { kind: 'done' };
    case 'rejected':
      return { kind: 'dead', reason: givenReason(outcome) };
    case 'retryable':
      return again(policy, { outcome, cycleStart, nowMs, random });
  }
}

function again(policy: Policy, { outcome, cycleStart, nowMs, random }: DecisionInput): Decision {
  const failures = outcome.attempt - cycleStart + 1;
  if (failures >= attemptsAllowed(policy, outcome)) return { kind: 'dead', reason: 'attempts_exhausted' };
  const backoffAtMs = nowMs + backoffMs(policy, failures, random);
  const askedAtMs = Math.min(outcome.retry_at ?? 0, nowMs + retryAfterMaxMs);
  if (askedAtMs > backoffAtMs) return { kind: 'again', dueAtMs: askedAtMs, cause: 'retry_after' };
  return { kind: 'again', dueAtMs: backoffAtMs, cause: 'backoff' };
}

/** An answer 4xx seldom mends itself: it has a shorter schedule of its own. */
function attemptsAllowed(policy: Policy, outcome: Outcome): number {
  const isClientError = outcome.outcome_code === 'rejected_client_error' || outcome.outcome_code === 'auth_failed';
  if (!isClientError) return policy.max_attempts;
  return Math.min(policy.max_attempts, policy.client_error_max_attempts);
}

function givenReason(outcome: Outcome): ErrorCode {
  const code = outcome.error?.code;
  return code === 'connection_deleted' || code === 'connection_inactive' ? code : 'rejected';
}

/** The delivery with what became of its last attempt noted; as it goes into a dead letter. */
export function withHistory(delivery: Delivery, outcome: Outcome): Delivery {
  const summary: AttemptSummary = {
    attempt: outcome.attempt,
    trigger: outcome.trigger,
    started_at: outcome.started_at,
    total_ms: outcome.total_ms,
    outcome_code: outcome.outcome_code,
    http_status: outcome.http_status,
    message: outcome.error?.message ?? '',
  };
  return { ...delivery, attempts: [...delivery.attempts, summary].slice(-historyLimit) };
}

/** The delivery of the next attempt. */
export function followUp(delivery: Delivery, outcome: Outcome): Delivery {
  return { ...withHistory(delivery, outcome), attempt: outcome.attempt + 1, trigger: 'retry' };
}

/** A delivery given up, asked for once more: same id, next attempt number, the policy from its beginning. */
export function asReplay(delivery: Delivery, replay: { id: string; trigger: Delivery['trigger'] }): Delivery {
  const attempt = delivery.attempt + 1;
  return { ...delivery, attempt, cycle_start: attempt, trigger: replay.trigger, replay_id: replay.id };
}
