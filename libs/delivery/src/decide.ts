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
  /** Says where the present run of the policy began, and how often it was asked to pause. */
  delivery: Pick<Delivery, 'cycle_start' | 'pauses' | 'attempts'>;
  nowMs: number;
  /** In [0, 1). */
  random: number;
}

/** Decides what follows one outcome. */
export function decide(policy: Policy, input: DecisionInput): Decision {
  const { outcome } = input;
  switch (outcome.result) {
    case 'delivered':
      return { kind: 'done' };
    case 'rejected':
      return { kind: 'dead', reason: givenReason(outcome) };
    case 'retryable':
      return again(policy, input);
  }
}

function again(policy: Policy, { outcome, delivery, nowMs, random }: DecisionInput): Decision {
  if (policy.no_retry.includes(outcome.outcome_code)) return { kind: 'dead', reason: 'not_retried' };
  const { cycle_start, pauses } = delivery;
  const made = outcome.attempt - cycle_start + 1;
  const failures = made - pauses;
  if (!asksToPause(outcome) && failures >= attemptsAllowed(policy, outcome))
    return { kind: 'dead', reason: 'attempts_exhausted' };
  const backoffAtMs = nowMs + backoffMs(policy, Math.max(1, asksToPause(outcome) ? pauses + 1 : failures), random);
  const askedAtMs = Math.min(outcome.retry_at ?? 0, nowMs + retryAfterMaxMs);
  const dueAtMs = Math.max(askedAtMs, backoffAtMs);
  if (dueAtMs - beganAtMs(delivery, outcome) > policy.max_age_ms) return { kind: 'dead', reason: 'too_old' };
  return { kind: 'again', dueAtMs, cause: askedAtMs > backoffAtMs ? 'retry_after' : 'backoff' };
}

/** A request to slow down is no failure of the delivery: it spends no attempt, only time. */
const asksToPause = ({ outcome_code }: Outcome): boolean => outcome_code === 'rate_limited';

/** When the first attempt of this run of the policy was made, as far back as is remembered. */
function beganAtMs({ cycle_start, attempts }: DecisionInput['delivery'], outcome: Outcome): number {
  return attempts.find(({ attempt }) => attempt >= cycle_start)?.started_at ?? outcome.started_at;
}

/** An answer 4xx seldom mends itself: it has a shorter schedule of its own. */
function attemptsAllowed(policy: Policy, outcome: Outcome): number {
  const isClientError = outcome.outcome_code === 'rejected_client_error' || outcome.outcome_code === 'auth_failed';
  if (!isClientError) return policy.max_attempts;
  return Math.min(policy.max_attempts, policy.client_error_max_attempts);
}

/** Errors of attempts that are told as the reason too, for what they ask of people. */
const reasons = ['connection_deleted', 'connection_inactive', 'maybe_delivered'] as const;

function givenReason(outcome: Outcome): ErrorCode {
  const code = outcome.error?.code;
  return reasons.find((reason) => reason === code) ?? 'rejected';
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
  return {
    ...withHistory(delivery, outcome),
    attempt: outcome.attempt + 1,
    trigger: 'retry',
    pauses: delivery.pauses + (asksToPause(outcome) ? 1 : 0),
  };
}

/** A delivery given up, asked for once more: same id, next attempt number, the policy from its beginning. */
export function asReplay(delivery: Delivery, replay: { id: string; trigger: Delivery['trigger'] }): Delivery {
  const attempt = delivery.attempt + 1;
  const { id: replay_id, trigger } = replay;
  return { ...delivery, attempt, cycle_start: attempt, pauses: 0, trigger, replay_id, is_low: true, parking_id: null };
}
