// Reads history: events with their deliveries and attempts, filtered and paged. Every query is bound to the workspaces the caller may see.
import type { DataSource } from 'typeorm';

export interface EventRow {
  id: string;
  workspace: string;
  event: string;
  resource: string | null;
  resource_id: string | null;
  created_by: string | null;
  created_at: Date;
  routed_at: Date | null;
  total_rules: number | null;
  overflow: number | null;
  budget_exhausted: boolean | null;
  schema_problem: string | null;
  /** Rule id -> what its mapping left out. */
  mapping_warnings: Record<string, string[]> | null;
  trace_id: string | null;
  /** Follows from the states of its deliveries. */
  status: string;
  /** Sort key with microseconds, for the cursor. */
  created_at_text: string;
}

export interface DeliveryRow {
  event_id: string;
  rule_id: string;
  id: string;
  workspace: string;
  connection_id: string;
  connector: string;
  action: string;
  rule_version: number;
  connection_version: number;
  mapping_version: number | null;
  state: string;
  state_reason: string | null;
  attempt_count: number;
  next_attempt_at: Date | null;
  completed_at: Date | null;
  outcome_code: string | null;
  http_status: number | null;
  last_error: string | null;
  replay_id: string | null;
  trace_id: string | null;
  started_at: Date | null;
}

export interface AttemptRow {
  attempt: number;
  trigger: string;
  result: string;
  outcome_code: string;
  started_at: Date;
  queued_ms: number;
  connect_ms: number | null;
  ttfb_ms: number | null;
  total_ms: number;
  http_status: number | null;
  error: { layer: string; code: string; message: string } | null;
  request: {
    method: string;
    url: string;
    headers: Record<string, string>;
    body_bytes: number;
    body_sha256: string;
  } | null;
  response: { status: number; headers: Record<string, string>; body: string; truncated: boolean } | null;
  next_at: Date | null;
  next_cause: string | null;
  trace_id: string | null;
  span_id: string | null;
}

export interface Page {
  limit: number;
  /** The last record of the page before: sort time and id. */
  after: { at: string; id: string } | undefined;
}

export interface EventFilter {
  event?: string;
  resource?: string;
  resource_id?: string;
  from?: string;
  to?: string;
  /** Exact: an event id, an email address in the payload, a resource id or a trace id. */
  q?: string;
  status?: string;
  /** Of any of its deliveries. */
  state?: string;
  connection?: string;
  rule?: string;
  outcome_code?: string;
  http_status?: number;
}

/** SQL of an event's status, from the states of its deliveries: never stored, so it cannot disagree with them. */
const statusOfEvent = `(case
  when e.total_rules is null then 'pending'
  else (select case
      when count(*) filter (where d.state in ('waiting_retry')) > 0 then 'retrying'
      when count(*) filter (where d.state in ('queued')) = count(*) and count(*) > 0 then 'pending'
      when count(*) filter (where d.state in ('queued', 'in_flight', 'parked')) > 0 or count(*) < e.total_rules then 'processing'
      when count(*) filter (where d.state = 'dead') > 0 then 'failed'
      when count(*) > 0 and count(*) filter (where d.state = 'canceled') = count(*) then 'canceled'
      else 'completed' end
    from deliveries d where d.event_id = e.id) end)`;

export class History {
  private readonly database: DataSource;

  constructor(database: DataSource) {
    this.database = database;
  }

  /** Newest first; one record more than the limit when there is a next page. */
  async events(workspaces: readonly string[], filter: EventFilter, page: Page): Promise<EventRow[]> {
    const where = new Conditions();
    where.add('e.workspace = any(?::uuid[])', workspaces);
    if (page.after) where.add('(e.created_at, e.id) < (?::timestamptz, ?::uuid)', page.after.at, page.after.id);
    if (filter.event) where.add('e.event = ?', filter.event);
    if (filter.resource) where.add('e.resource = ?', filter.resource);
    if (filter.resource_id) where.add('e.resource_id = ?', filter.resource_id);
    if (filter.from) where.add('e.created_at >= ?::timestamptz', filter.from);
    if (filter.to) where.add('e.created_at < ?::timestamptz', filter.to);
    if (filter.status) where.add(`${statusOfEvent} = ?`, filter.status);
    if (filter.q) addSearch(where, filter.q);
    addDeliveryFilter(where, filter);
    return this.database.query<EventRow[]>(
      `select ${eventColumns} from events e where ${where.text} order by e.created_at desc, e.id desc limit ${page.limit + 1}`,
      where.values,
    );
  }

  async event(workspaces: readonly string[], id: string): Promise<EventRow | undefined> {
    const rows = await this.database.query<EventRow[]>(
      `select ${eventColumns} from events e where e.id = $1 and e.workspace = any($2::uuid[])`,
      [id, workspaces],
    );
    return rows[0];
  }

  /** The payload as the text that came in; undefined while the tracker has not seen it. */
  async payload(eventId: string): Promise<string | undefined> {
    const [row] = await this.database.query<{ payload: string | null }[]>('select payload from events where id = $1', [
      eventId,
    ]);
    return row?.payload ?? undefined;
  }

  /** Deliveries of events, in the order of their rules' ids. */
  async deliveries(eventIds: readonly string[]): Promise<DeliveryRow[]> {
    return this.database.query<DeliveryRow[]>(
      `select d.*, (select min(a.started_at) from attempts a where a.event_id = d.event_id and a.rule_id = d.rule_id) as started_at
       from deliveries d where d.event_id = any($1::uuid[]) order by d.event_id, d.rule_id`,
      [eventIds],
    );
  }

  /** Attempts of one delivery, first to last. */
  async attempts(eventId: string, ruleId: string): Promise<AttemptRow[]> {
    return this.database.query<AttemptRow[]>(
      'select * from attempts where event_id = $1 and rule_id = $2 and started_at is not null order by attempt',
      [eventId, ruleId],
    );
  }

  /** Event types a workspace has seen, in alphabetical order. */
  async eventTypes(workspaces: readonly string[]): Promise<SeenEventTypeRow[]> {
    return this.database.query<SeenEventTypeRow[]>(
      'select * from seen_event_types where workspace = any($1::uuid[]) order by name, workspace limit 1000',
      [workspaces],
    );
  }

  async resources(workspaces: readonly string[]): Promise<string[]> {
    const rows = await this.database.query<{ name: string }[]>(
      'select distinct name from seen_resources where workspace = any($1::uuid[]) order by 1 limit 1000',
      [workspaces],
    );
    return rows.map(({ name }) => name);
  }

  /** The newest events of a workspace with their payloads, of one event type or of any (null). At most `limit`. */
  async samples(workspace: string, eventType: string | null, limit: number): Promise<EventSample[]> {
    return this.database.query<EventSample[]>(
      `select id, event, resource, resource_id, created_at, payload from events
       where workspace = $1 and ($2::text is null or event = $2) and payload is not null
       order by created_at desc, id desc limit $3`,
      [workspace, eventType, limit],
    );
  }
}

/** An event as it can be mapped or matched once more. */
export type EventSample = Pick<EventRow, 'id' | 'event' | 'resource' | 'resource_id' | 'created_at'> & {
  payload: string;
};

export interface SeenEventTypeRow {
  workspace: string;
  name: string;
  first_seen_at: Date;
  last_seen_at: Date;
  sample_event_id: string;
}

const eventColumns = `e.id, e.workspace, e.event, e.resource, e.resource_id, e.created_by, e.created_at, e.routed_at, e.total_rules,
  e.overflow, e.budget_exhausted, e.schema_problem, e.mapping_warnings, e.trace_id,
  ${statusOfEvent} as status,
  to_char(e.created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as created_at_text`;

/** Exact matches only. */
function addSearch(where: Conditions, q: string): void {
  if (q.includes('@')) where.add('e.email = ?', q);
  else where.add('(e.id::text = ? or e.resource_id = ? or e.trace_id = ?)', q, q, q);
}

function addDeliveryFilter(where: Conditions, filter: EventFilter): void {
  const inner = new Conditions(where.values);
  if (filter.state) inner.add('d.state = ?', filter.state);
  if (filter.connection) inner.add('d.connection_id = ?::uuid', filter.connection);
  if (filter.rule) inner.add('d.rule_id = ?::uuid', filter.rule);
  if (filter.outcome_code) inner.add('d.outcome_code = ?', filter.outcome_code);
  if (filter.http_status !== undefined) inner.add('d.http_status = ?', filter.http_status);
  if (inner.text !== '') where.add(`exists (select from deliveries d where d.event_id = e.id and ${inner.text})`);
}

/** Conditions joined by `and`, their values numbered as they come. */
export class Conditions {
  readonly values: unknown[];
  private readonly parts: string[] = [];

  constructor(values: unknown[] = []) {
    this.values = values;
  }

  /** Each ? stands for the next value. */
  add(condition: string, ...values: unknown[]): void {
    let next = 0;
    this.parts.push(
      condition.replaceAll('?', () => {
        this.values.push(values[next++]);
        return `$${this.values.length}`;
      }),
    );
  }

  get text(): string {
    return this.parts.join(' and ');
  }
}
