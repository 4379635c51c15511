// What it means to route: an event and the workspace's rules become deliveries, mapped. Pure, and the heart of the product.
import {
  deliveryId,
  firstAttempt,
  type Connection,
  type Delivery,
  type Event,
  type FanOut,
  type MappingError,
  type Rule,
} from '@sluice/contracts';
import type { Mapping, MapInput, MapResult } from '@sluice/mapping';
import type { Matches } from '@sluice/rules';

/** The mapping that applies to a rule. */
export interface Applied {
  mapping: Mapping;
  /** Of the connection's default mapping; null for a rule's own, which its version pins. */
  version: number | null;
  /** Names this mapping in this version, for whoever keeps account of expressions. */
  key: string;
}

/** What routing looks things up in. */
export interface Configuration {
  /** The active rules an event matches. */
  matching: (event: Event, payload: Record<string, unknown>) => Matches;
  connection: (id: string) => Pick<Connection, 'version'> | undefined;
  /** A rule's own mapping, else its connection's, else its action's; undefined sends the payload as it came. */
  mapping: (rule: Rule) => Applied | undefined;
}

/** A delivery, and what is still to be done before it can be appended. */
export interface Routed {
  delivery: Delivery;
  /** What the mapping left out. */
  warnings: string[];
  /** An expression of the expert tier, evaluated elsewhere; `withMapped` takes what it makes. */
  expression?: { key: string; text: string };
}

export interface Routing {
  routed: Routed[];
  overflow: number;
  budgetExhausted: boolean;
}

/** The deliveries of an event, one per matching rule, each with an id that follows from event and rule. */
export function route(
  event: Event,
  payload: Record<string, unknown>,
  { configuration, nowMs }: { configuration: Configuration; nowMs: number },
): Routing {
  const { rules, overflow, budgetExhausted } = configuration.matching(event, payload);
  const input = mapInput(event, payload);
  const routed = rules.map((rule): Routed => {
    const applied = configuration.mapping(rule);
    const delivery = plainDelivery(event, rule, { configuration, applied, nowMs });
    if (!applied) return { delivery, warnings: [] };
    if (applied.mapping.kind === 'directives') return withMapped(delivery, applied.mapping.run(input));
    return { delivery, warnings: [], expression: { key: applied.key, text: applied.mapping.expression } };
  });
  return { routed, overflow, budgetExhausted };
}

/** What a mapping sees of an event. */
export const mapInput = (event: Event, payload: Record<string, unknown>): MapInput => ({
  payload,
  event: {
    id: event.id,
    type: event.event,
    workspace: event.workspace,
    resource: event.resource,
    resource_id: event.resource_id,
    created_at: event.created_at,
  },
});

/** The delivery with what its mapping made, or why it made nothing. */
export function withMapped(delivery: Delivery, result: MapResult): Routed {
  if (!result.ok) return { delivery: failed(delivery, result), warnings: [] };
  const payload = JSON.stringify(result.value) as string | undefined;
  if (payload === undefined) {
    return { delivery: failed(delivery, { field: '', message: 'the mapping made nothing' }), warnings: [] };
  }
  return {
    delivery: { ...delivery, payload },
    warnings: result.warnings.map(({ field, message }) => `${field}: ${message}`),
  };
}

const failed = (delivery: Delivery, { field, message }: MappingError): Delivery => ({
  ...delivery,
  mapping_error: { field, message },
});

function plainDelivery(
  event: Event,
  rule: Rule,
  { configuration, applied, nowMs }: { configuration: Configuration; applied: Applied | undefined; nowMs: number },
): Delivery {
  return {
    id: deliveryId(event.id, rule.id),
    event_id: event.id,
    workspace: event.workspace,
    rule_id: rule.id,
    rule_version: rule.version,
    connection_id: rule.connection_id,
    connection_version: configuration.connection(rule.connection_id)?.version ?? 0,
    mapping_version: applied?.version ?? null,
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
    ...firstAttempt,
  };
}

/** What was decided for an event, without the payloads: also when nothing matched. */
export function fanOut(event: Event, { routed, overflow, budgetExhausted }: Routing, nowMs: number): FanOut {
  return {
    event_id: event.id,
    workspace: event.workspace,
    event: event.event,
    resource: event.resource,
    resource_id: event.resource_id,
    created_at: event.created_at,
    created_by: event.created_by,
    routed_at: nowMs,
    overflow,
    budget_exhausted: budgetExhausted,
    deliveries: routed.map(({ delivery, warnings }) => ({
      id: delivery.id,
      rule_id: delivery.rule_id,
      rule_version: delivery.rule_version,
      connection_id: delivery.connection_id,
      connection_version: delivery.connection_version,
      mapping_version: delivery.mapping_version,
      connector: delivery.connector,
      action: delivery.action,
      warnings,
    })),
  };
}
