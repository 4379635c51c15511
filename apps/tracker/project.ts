// What it means to project: records become facts of history. Pure; in any order and any number of times they say the same.
import {
  readEvent,
  type DeadLetter,
  type Event,
  type FanOut,
  type Outcome,
  type Parked,
  type Release,
  type Replay,
  type Retry,
} from '@sluice/contracts';
import type {
  AttemptFact,
  DeadLetterFact,
  DeliveryFact,
  EventFact,
  ParkedFact,
  ReplayFact,
  SeenEventTypeFact,
  SeenResourceFact,
} from '@sluice/persistence';
import { attemptOf, decisionAfter } from './attempt-facts.ts';
import { DELIVERED, deliveryHead, lastOutcome, nothingYet, progressAt } from './delivery-facts.ts';
import { parkedFact, waitingFact } from './parking-facts.ts';

/** Facts that one record yields. */
export interface Facts {
  event?: EventFact;
  deliveries?: DeliveryFact[];
  attempt?: AttemptFact;
  parked?: ParkedFact;
  deadLetter?: DeadLetterFact;
  replay?: ReplayFact;
  seenEventType?: SeenEventTypeFact;
  seenResource?: SeenResourceFact;
}

/** Nothing for an event that breaks the rules: the router sets it aside. */
export function projectEvent(event: Event, traceId: string | null): Facts {
  const read = readEvent(event);
  if ('problem' in read) return {};
  const { email } = read.payload;
  return {
    event: {
      ...eventHead(event),
      id: event.id,
      payload: event.payload,
      email: typeof email === 'string' ? email : null,
      routed_at_ms: null,
      total_rules: null,
      overflow: null,
      budget_exhausted: null,
      schema_problem: event.schema_problem,
      mapping_warnings: null,
      trace_id: traceId,
    },
    seenEventType: {
      workspace: event.workspace,
      name: event.event,
      first_seen_at_ms: event.created_at,
      last_seen_at_ms: event.created_at,
      sample_event_id: event.id,
    },
    seenResource: event.resource === null ? undefined : { workspace: event.workspace, name: event.resource },
  };
}

export function projectFanOut(fanOut: FanOut, traceId: string | null): Facts {
  return {
    event: {
      ...eventHead(fanOut),
      id: fanOut.event_id,
      payload: null,
      email: null,
      routed_at_ms: fanOut.routed_at,
      total_rules: fanOut.deliveries.length,
      overflow: fanOut.overflow,
      budget_exhausted: fanOut.budget_exhausted,
      schema_problem: null,
      mapping_warnings: warningsOf(fanOut),
      trace_id: traceId,
    },
    deliveries: fanOut.deliveries.map((delivery) => ({
      ...deliveryHead({ ...delivery, event_id: fanOut.event_id, workspace: fanOut.workspace }),
      ...nothingYet,
      state: 'queued',
      attempt_count: 0,
      trace_id: traceId,
      progress: progressAt(1, 'queued'),
    })),
  };
}

/** Null where no mapping left anything out. */
function warningsOf({ deliveries }: FanOut): string | null {
  const warned = deliveries.filter(({ warnings }) => warnings.length > 0);
  if (warned.length === 0) return null;
  return JSON.stringify(Object.fromEntries(warned.map(({ rule_id, warnings }) => [rule_id, warnings])));
}

export function projectOutcome(outcome: Outcome): Facts {
  const delivered = outcome.result === 'delivered';
  const delivery: DeliveryFact = {
    ...deliveryHead({ ...outcome, id: outcome.delivery_id }),
    ...nothingYet,
    // Until it is decided what follows, nothing more is known than that the attempt failed.
    state: delivered ? 'delivered' : 'in_flight',
    attempt_count: outcome.attempt,
    completed_at_ms: delivered ? outcome.started_at + outcome.total_ms : null,
    outcome_code: outcome.outcome_code,
    http_status: outcome.http_status,
    last_error: outcome.error?.message ?? null,
    replay_id: outcome.replay_id,
    trace_id: outcome.trace_id,
    progress: delivered ? DELIVERED : progressAt(outcome.attempt, 'told'),
  };
  return { deliveries: [delivery], attempt: attemptOf(outcome) };
}

export function projectRetry({ delivery, due_at, cause }: Retry): Facts {
  const last = delivery.attempts.at(-1);
  return {
    deliveries: [
      {
        ...deliveryHead(delivery),
        ...nothingYet,
        state: 'waiting_retry',
        state_reason: cause,
        attempt_count: delivery.attempt - 1,
        next_attempt_at_ms: due_at,
        ...lastOutcome(delivery),
        replay_id: delivery.replay_id,
        trace_id: null,
        progress: progressAt(delivery.attempt - 1, 'decided'),
      },
    ],
    attempt: last && decisionAfter(delivery, last.attempt, { at: due_at, cause }),
  };
}

export function projectParked(parked: Parked): Facts {
  const { delivery, parked_at, not_before } = parked;
  const waiting = waitingFact(delivery, { state: 'parked', reason: parked.reason, movedAtMs: parked_at });
  return {
    deliveries: [{ ...waiting, next_attempt_at_ms: not_before }],
    // One in strict order waits for its next attempt here instead of in a delay topic.
    attempt:
      parked.reason === 'strict_retry'
        ? decisionAfter(delivery, delivery.attempt - 1, { at: not_before, cause: 'backoff' })
        : undefined,
    parked: parkedFact(parked),
  };
}

/** Nothing for one that has expired: its dead letter says it all. */
export function projectRelease({ delivery, released_at, is_expired }: Release): Facts {
  if (is_expired) return {};
  return { deliveries: [waitingFact(delivery, { state: 'queued', reason: 'released', movedAtMs: released_at })] };
}

export function projectDeadLetter({ delivery, ...letter }: DeadLetter): Facts {
  const hasLast = delivery.attempts.at(-1)?.attempt === delivery.attempt;
  return {
    deliveries: [
      {
        ...deliveryHead(delivery),
        ...nothingYet,
        state: 'dead',
        state_reason: letter.reason,
        attempt_count: delivery.attempt,
        completed_at_ms: letter.dead_at,
        ...lastOutcome(delivery),
        replay_id: delivery.replay_id,
        trace_id: null,
        progress: progressAt(delivery.attempt, 'decided'),
      },
    ],
    // One that expired in its parking lot was not attempted any more.
    attempt: hasLast ? decisionAfter(delivery, delivery.attempt, { at: null, cause: 'none' }) : undefined,
    deadLetter: {
      id: delivery.id,
      event_id: delivery.event_id,
      rule_id: delivery.rule_id,
      workspace: delivery.workspace,
      connection_id: delivery.connection_id,
      connector: delivery.connector,
      event: delivery.event,
      reason: letter.reason,
      outcome_code: letter.outcome_code,
      http_status: letter.http_status,
      message: letter.message,
      attempt_count: delivery.attempt,
      dead_at_ms: letter.dead_at,
      delivery: JSON.stringify(delivery),
    },
  };
}

export function projectReplay({ id, trigger, requested_at, delivery }: Replay): Facts {
  return {
    deliveries: [
      {
        ...deliveryHead(delivery),
        ...nothingYet,
        state: 'queued',
        state_reason: trigger,
        attempt_count: delivery.attempt,
        ...lastOutcome(delivery),
        replay_id: id,
        trace_id: null,
        progress: progressAt(delivery.attempt + 1, 'queued'),
      },
    ],
    replay: { id: delivery.id, attempt_count: delivery.attempt, replayed_at_ms: requested_at },
  };
}

const eventHead = (
  event: Pick<Event, 'workspace' | 'event' | 'resource' | 'resource_id' | 'created_by' | 'created_at'>,
) => ({
  workspace: event.workspace,
  event: event.event,
  resource: event.resource,
  resource_id: event.resource_id,
  created_by: event.created_by,
  created_at_ms: event.created_at,
});
