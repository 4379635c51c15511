// What an outcome and the decision after it say of an attempt; they come in any order and fill in each other's gaps.
import type { Delivery, Outcome } from '@sluice/contracts';
import type { AttemptFact } from '@sluice/persistence';

/** What is known of an attempt from its outcome. */
export function attemptOf(outcome: Outcome): AttemptFact {
  return {
    event_id: outcome.event_id,
    rule_id: outcome.rule_id,
    attempt: outcome.attempt,
    trigger: outcome.trigger,
    result: outcome.result,
    outcome_code: outcome.outcome_code,
    started_at_ms: outcome.started_at,
    queued_ms: outcome.queued_ms,
    connect_ms: outcome.connect_ms,
    ttfb_ms: outcome.ttfb_ms,
    total_ms: outcome.total_ms,
    http_status: outcome.http_status,
    error: outcome.error && JSON.stringify(outcome.error),
    request: outcome.request && JSON.stringify(outcome.request),
    response: outcome.response && JSON.stringify(outcome.response),
    next_at_ms: null,
    next_cause: outcome.result === 'delivered' ? 'none' : null,
    trace_id: outcome.trace_id,
    span_id: outcome.span_id,
  };
}

/** What was decided after an attempt, without the attempt itself. */
export function decisionAfter(
  delivery: Delivery,
  attempt: number,
  next: { at: number | null; cause: string },
): AttemptFact {
  return {
    event_id: delivery.event_id,
    rule_id: delivery.rule_id,
    attempt,
    trigger: null,
    result: null,
    outcome_code: null,
    started_at_ms: null,
    queued_ms: null,
    connect_ms: null,
    ttfb_ms: null,
    total_ms: null,
    http_status: null,
    error: null,
    request: null,
    response: null,
    next_at_ms: next.at,
    next_cause: next.cause,
    trace_id: null,
    span_id: null,
  };
}
