// What it means to project: records become facts of history. Pure; in any order and any number of times they say the same.
import {
  readEvent,
  type DeadLetter,
  type Delivery,
  type Event,
  type FanOut,
  type Outcome,
  type Replay,
  type Retry,
} from '@sluice/contracts';
import type {
  AttemptFact,
  DeadLetterFact,
  DeliveryFact,
  EventFact,
  ReplayFact,
  SeenEventTypeFact,
  SeenResourceFact,
} from '@sluice/persistence';
import { attemptOf, decisionAfter } from './attempt-facts.ts';

/** Facts that one record yields. */
export interface Facts {
  event?: EventFact;
  deliveries?: DeliveryFact[];
  attempt?: AttemptFact;
  deadLetter?: DeadLetterFact;
  replay?: ReplayFact;
  seenEventType?: SeenEventTypeFact;
  seenResource?: SeenResourceFact;
}

/**
 * Orders the points of a delivery's life: attempt by attempt, and within one asked for, told, decided.
 * A delivery that got through stays delivered, whatever else is told late.
 */
const points = { queued: 0, told: 1, decided: 2 } as const;
const progressAt = (attempt: number, point: keyof typeof points): number => attempt * 4 + points[point];
const DELIVERED = 2 ** 40;

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

export function projectDeadLetter({ delivery, ...letter }: DeadLetter): Facts {
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
    attempt: decisionAfter(delivery, delivery.attempt, { at: null, cause: 'none' }),
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

const nothingYet = {
  state_reason: null,
  next_attempt_at_ms: null,
  completed_at_ms: null,
  outcome_code: null,
  http_status: null,
  last_error: null,
  replay_id: null,
} as const;

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

type DeliveryHead = Pick<
  Delivery,
  | 'event_id'
  | 'rule_id'
  | 'id'
  | 'workspace'
  | 'connection_id'
  | 'connector'
  | 'action'
  | 'rule_version'
  | 'connection_version'
  | 'mapping_version'
>;

const deliveryHead = (delivery: DeliveryHead): DeliveryHead => ({
  event_id: delivery.event_id,
  rule_id: delivery.rule_id,
  id: delivery.id,
  workspace: delivery.workspace,
  connection_id: delivery.connection_id,
  connector: delivery.connector,
  action: delivery.action,
  rule_version: delivery.rule_version,
  connection_version: delivery.connection_version,
  mapping_version: delivery.mapping_version,
});

function lastOutcome(delivery: Delivery) {
  const last = delivery.attempts.at(-1);
  return {
    outcome_code: last?.outcome_code ?? null,
    http_status: last?.http_status ?? null,
    last_error: last?.message ?? null,
  };
}
