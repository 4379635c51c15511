// What the records of parking lots say: a delivery waits there for a while, or goes on. Pure.
import type { Delivery, Parked } from '@sluice/contracts';
import type { DeliveryFact, ParkedFact } from '@sluice/persistence';
import { deliveryHead, lastOutcome, nothingYet, progressAt } from './delivery-facts.ts';

/** A delivery as it stands in its parking lot. */
export function parkedFact({ id, reason, not_before, parked_at, delivery }: Parked): ParkedFact {
  return {
    id,
    connection_id: delivery.connection_id,
    workspace_id: delivery.workspace,
    connector: delivery.connector,
    delivery_id: delivery.id,
    event_id: delivery.event_id,
    rule_id: delivery.rule_id,
    event: delivery.event,
    attempt: delivery.attempt,
    reason,
    not_before_at_ms: not_before,
    began_at_ms: beganAtMs(delivery),
    parked_at_ms: parked_at,
    delivery: JSON.stringify(delivery),
  };
}

/** A delivery that has been asked for and not attempted: in its parking lot, or come out of it. */
export function waitingFact(
  delivery: Delivery,
  { state, reason, movedAtMs }: { state: string; reason: string; movedAtMs: number },
): DeliveryFact {
  return {
    ...deliveryHead(delivery),
    ...nothingYet,
    state,
    state_reason: reason,
    attempt_count: delivery.attempt - 1,
    ...lastOutcome(delivery),
    replay_id: delivery.replay_id,
    trace_id: null,
    progress: progressAt(delivery.attempt, 'queued'),
    moved_at_ms: movedAtMs,
  };
}

/** Age counts from the first attempt of this run of the policy; before there was one, from the event, or from when it was asked for again. */
function beganAtMs({ attempts, cycle_start, created_at, queued_at }: Delivery): number {
  const first = attempts.find(({ attempt }) => attempt >= cycle_start);
  return first?.started_at ?? (cycle_start === 1 ? created_at : queued_at);
}
