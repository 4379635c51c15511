// What facts about one delivery have in common: what they name, what is not known yet, and where in its life they stand. Pure.
import type { Delivery } from '@sluice/contracts';

/**
 * Orders the points of a delivery's life: attempt by attempt, and within one asked for, told, decided. While it is asked for it may
 * be parked and released any number of times; those go by their time.
 * A delivery that got through stays delivered, whatever else is told late.
 */
const points = { queued: 0, told: 1, decided: 2 } as const;
export const progressAt = (attempt: number, point: keyof typeof points): number => attempt * 4 + points[point];
export const DELIVERED = 2 ** 40;

export const nothingYet = {
  state_reason: null,
  next_attempt_at_ms: null,
  completed_at_ms: null,
  outcome_code: null,
  http_status: null,
  last_error: null,
  replay_id: null,
  moved_at_ms: null,
} as const;

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

export const deliveryHead = (delivery: DeliveryHead): DeliveryHead => ({
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

export function lastOutcome(delivery: Delivery) {
  const last = delivery.attempts.at(-1);
  return {
    outcome_code: last?.outcome_code ?? null,
    http_status: last?.http_status ?? null,
    last_error: last?.message ?? null,
  };
}
