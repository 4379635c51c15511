// What it means to route: an event and the workspace's rules become deliveries. Pure, and the heart of the product.
import { deliveryId, type Connection, type Delivery, type Event, type FanOut, type Rule } from '@sluice/contracts';

/** What routing looks things up in. */
export interface Configuration {
  /** The active rules an event matches. */
  matching: (event: Event) => Rule[];
  connection: (id: string) => Pick<Connection, 'version'> | undefined;
}

/** The deliveries of an event, one per matching rule, each with an id that follows from event and rule. */
export function route(event: Event, { matching, connection }: Configuration, nowMs: number): Delivery[] {
  return matching(event).map((rule) => ({
    id: deliveryId(event.id, rule.id),
    event_id: event.id,
    workspace: event.workspace,
    rule_id: rule.id,
    rule_version: rule.version,
    connection_id: rule.connection_id,
    connection_version: connection(rule.connection_id)?.version ?? 0,
    mapping_version: rule.mapping_version,
    connector: rule.connector,
    action: rule.action,
    action_settings: rule.action_settings,
    event: event.event,
    resource: event.resource,
    resource_id: event.resource_id,
    payload: event.payload,
    created_at: event.created_at,
    created_by: event.created_by,
    queued_at: nowMs,
    attempt: 1,
    trigger: 'initial',
    cycle_start: 1,
    replay_id: null,
    attempts: [],
  }));
}

/** What was decided for an event, without the payloads: also when nothing matched. */
export function fanOut(event: Event, deliveries: readonly Delivery[], nowMs: number): FanOut {
  return {
    event_id: event.id,
    workspace: event.workspace,
    event: event.event,
    resource: event.resource,
    resource_id: event.resource_id,
    created_at: event.created_at,
    created_by: event.created_by,
    routed_at: nowMs,
    deliveries: deliveries.map((delivery) => ({
      id: delivery.id,
      rule_id: delivery.rule_id,
      rule_version: delivery.rule_version,
      connection_id: delivery.connection_id,
      connection_version: delivery.connection_version,
      mapping_version: delivery.mapping_version,
      connector: delivery.connector,
      action: delivery.action,
    })),
  };
}
