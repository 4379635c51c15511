// History as the API shows it: rows of Postgres as events, rule events and attempts. Pure.
import type { AttemptAnswer, DeadLetterSummary, EventAnswer, RuleEventAnswer, State, Status } from '@sluice/api';
import type { AttemptRow, DeadLetterRow, DeliveryRow, EventRow } from '@sluice/persistence';

export function eventAnswer(event: EventRow, deliveries: readonly DeliveryRow[]): EventAnswer {
  const status = event.status as Status;
  const isOver = status === 'completed' || status === 'failed' || status === 'canceled';
  const started = earliest(deliveries.map((delivery) => delivery.started_at));
  const completed = isOver ? (latest(deliveries.map((delivery) => delivery.completed_at)) ?? event.routed_at) : null;
  return {
    id: event.id,
    type: 'event',
    workspace: event.workspace,
    event: event.event,
    ...optional('resource', event.resource),
    ...optional('resource_id', event.resource_id),
    status,
    total_rules: event.total_rules ?? 0,
    completed_count: deliveries.filter(({ state }) => state === 'delivered').length,
    failed_count: deliveries.filter(({ state }) => state === 'dead').length,
    overflow_count: event.overflow ?? 0,
    schema_problem: event.schema_problem,
    ...optional('started_at', started?.toISOString() ?? null),
    ...optional('completed_at', completed?.toISOString() ?? null),
    trace_id: event.trace_id,
    created_by: event.created_by,
    created_at: event.created_at.toISOString(),
    rule_events: deliveries.map((delivery) => ruleEventAnswer(event, delivery)),
  };
}

export function ruleEventAnswer(event: EventRow, delivery: DeliveryRow): RuleEventAnswer {
  return {
    id: delivery.id,
    type: 'rule',
    workspace: delivery.workspace,
    event: event.event,
    event_id: event.id,
    ...optional('resource', event.resource),
    ...optional('resource_id', event.resource_id),
    connection: delivery.connection_id,
    rule: delivery.rule_id,
    integration_type: delivery.connector,
    status: statusOf(delivery),
    state: delivery.state as State,
    state_reason: delivery.state_reason,
    attempt_count: delivery.attempt_count,
    next_attempt_at: delivery.next_attempt_at?.toISOString() ?? null,
    ...optional('started_at', delivery.started_at?.toISOString() ?? null),
    ...optional('completed_at', delivery.completed_at?.toISOString() ?? null),
    ...optional('last_error', delivery.last_error || null),
    rule_version: delivery.rule_version,
    connection_version: delivery.connection_version,
    mapping_version: delivery.mapping_version,
    dead_letter: delivery.state === 'dead' ? delivery.id : null,
    replay: delivery.replay_id,
    mapping_warnings: event.mapping_warnings?.[delivery.rule_id] ?? [],
    trace_id: delivery.trace_id ?? event.trace_id,
    created_by: event.created_by,
    created_at: event.created_at.toISOString(),
  };
}

/** The six statuses of the API follow from the state. */
export function statusOf({ state, attempt_count }: Pick<DeliveryRow, 'state' | 'attempt_count'>): Status {
  switch (state as State) {
    case 'queued':
      return attempt_count === 0 ? 'pending' : 'retrying';
    case 'in_flight':
      return 'processing';
    case 'waiting_retry':
    case 'parked':
      return 'retrying';
    case 'delivered':
    case 'filtered':
      return 'completed';
    case 'dead':
      return 'failed';
    case 'canceled':
      return 'canceled';
  }
}

export function attemptAnswer(row: AttemptRow): AttemptAnswer {
  return {
    id: row.attempt,
    attempt: row.attempt,
    trigger: row.trigger,
    outcome_code: row.outcome_code,
    message: row.error?.message ?? 'delivered',
    started_at: row.started_at.toISOString(),
    queued_ms: row.queued_ms,
    connect_ms: row.connect_ms,
    ttfb_ms: row.ttfb_ms,
    total_ms: row.total_ms,
    http_status: row.http_status,
    error: row.error,
    request: row.request,
    response: row.response,
    next: {
      at: row.next_at?.toISOString() ?? null,
      cause: (row.next_cause ?? 'none') as AttemptAnswer['next']['cause'],
    },
    trace_id: row.trace_id,
    span_id: row.span_id,
  };
}

export function deadLetterSummary(row: DeadLetterRow): DeadLetterSummary {
  return {
    id: row.id,
    workspace: row.workspace,
    event: row.event,
    event_id: row.event_id,
    rule: row.rule_id,
    connection: row.connection_id,
    integration_type: row.connector,
    reason: row.reason,
    outcome_code: row.outcome_code,
    http_status: row.http_status,
    message: row.message,
    attempt_count: row.attempt_count,
    dead_at: row.dead_at.toISOString(),
    replayed_at: row.replayed_at?.toISOString() ?? null,
    trace_id: row.trace_id,
  };
}

/** The API leaves out what is not there, where Meshes' does. */
function optional<K extends string>(key: K, value: string | null): Partial<Record<K, string>> {
  return value === null ? {} : ({ [key]: value } as Record<K, string>);
}

const times = (dates: readonly (Date | null)[]): number[] => dates.flatMap((date) => (date ? [date.getTime()] : []));

function earliest(dates: readonly (Date | null)[]): Date | null {
  const known = times(dates);
  return known.length === 0 ? null : new Date(Math.min(...known));
}

function latest(dates: readonly (Date | null)[]): Date | null {
  const known = times(dates);
  return known.length === 0 ? null : new Date(Math.max(...known));
}
