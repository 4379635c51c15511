// Writes a batch of what happened into history: one statement per table, in one transaction, harmless when repeated or out of order.
import type { DataSource, QueryRunner } from 'typeorm';
import type { Projection, ReplayFact } from './facts.ts';
import { inTransaction } from './transaction.ts';

export async function writeProjection(database: DataSource, projection: Projection): Promise<void> {
  const runner = database.createQueryRunner();
  try {
    await inTransaction(runner, async () => {
      await insert(runner, eventsTable, projection.events);
      await insert(runner, deliveriesTable, projection.deliveries);
      await insert(runner, attemptsTable, projection.attempts);
      await insert(runner, parkedTable, projection.parked);
      await insert(runner, deadLettersTable, projection.deadLetters);
      await insert(runner, seenEventTypesTable, projection.seenEventTypes);
      await insert(runner, seenResourcesTable, projection.seenResources);
      await markReplayed(runner, projection.replays);
    });
  } finally {
    await runner.release();
  }
}

/** Member of a fact -> type of the array it travels in. Members that end in _ms become timestamptz. */
interface Table {
  name: string;
  columns: Record<string, string>;
  onConflict: string;
}

const eventsTable: Table = {
  name: 'events',
  columns: {
    id: 'uuid',
    workspace: 'uuid',
    event: 'text',
    resource: 'text',
    resource_id: 'text',
    payload: 'text',
    email: 'text',
    created_by: 'text',
    created_at_ms: 'float8',
    routed_at_ms: 'float8',
    total_rules: 'int',
    overflow: 'int',
    budget_exhausted: 'boolean',
    schema_problem: 'text',
    mapping_warnings: 'json',
    trace_id: 'text',
  },
  onConflict: `(id) do update set
    payload = coalesce(events.payload, excluded.payload),
    email = coalesce(events.email, excluded.email),
    routed_at = coalesce(events.routed_at, excluded.routed_at),
    total_rules = coalesce(events.total_rules, excluded.total_rules),
    overflow = coalesce(events.overflow, excluded.overflow),
    budget_exhausted = coalesce(events.budget_exhausted, excluded.budget_exhausted),
    schema_problem = coalesce(events.schema_problem, excluded.schema_problem),
    mapping_warnings = coalesce(events.mapping_warnings, excluded.mapping_warnings),
    trace_id = coalesce(events.trace_id, excluded.trace_id)
    where events.payload is null or events.routed_at is null`,
};

const deliveryColumns = {
  event_id: 'uuid',
  rule_id: 'uuid',
  id: 'uuid',
  workspace: 'uuid',
  connection_id: 'uuid',
  connector: 'text',
  action: 'text',
  rule_version: 'int',
  connection_version: 'int',
  mapping_version: 'int',
  state: 'text',
  state_reason: 'text',
  attempt_count: 'int',
  next_attempt_at_ms: 'float8',
  completed_at_ms: 'float8',
  outcome_code: 'text',
  http_status: 'int',
  last_error: 'text',
  replay_id: 'uuid',
  trace_id: 'text',
  progress: 'int8',
  moved_at_ms: 'float8',
};

const deliveriesTable: Table = {
  name: 'deliveries',
  columns: deliveryColumns,
  // A delivery's state only ever moves on: a fact that comes late changes nothing.
  onConflict: `(event_id, rule_id) do update set
    ${[
      'rule_version',
      'connection_version',
      'mapping_version',
      'state',
      'state_reason',
      'attempt_count',
      'next_attempt_at',
      'completed_at',
      'outcome_code',
      'http_status',
      'last_error',
      'replay_id',
      'progress',
      'moved_at',
    ]
      .map((column) => `${column} = excluded.${column}`)
      .join(', ')},
    trace_id = coalesce(excluded.trace_id, deliveries.trace_id)
    where (excluded.progress, coalesce(excluded.moved_at, 'epoch')) > (deliveries.progress, coalesce(deliveries.moved_at, 'epoch'))`,
};

const attemptColumns = {
  event_id: 'uuid',
  rule_id: 'uuid',
  attempt: 'int',
  trigger: 'text',
  result: 'text',
  outcome_code: 'text',
  started_at_ms: 'float8',
  queued_ms: 'float8',
  connect_ms: 'float8',
  ttfb_ms: 'float8',
  total_ms: 'float8',
  http_status: 'int',
  error: 'jsonb',
  request: 'jsonb',
  response: 'jsonb',
  next_at_ms: 'float8',
  next_cause: 'text',
  trace_id: 'text',
  span_id: 'text',
};

const attemptsTable: Table = {
  name: 'attempts',
  columns: attemptColumns,
  // The outcome and the decision after it are separate facts; whichever comes second completes the row.
  onConflict: `(event_id, rule_id, attempt) do update set ${Object.keys(attemptColumns)
    .slice(3)
    .map(columnOf)
    .map((column) => `${column} = coalesce(attempts.${column}, excluded.${column})`)
    .join(', ')}`,
};

const parkedTable: Table = {
  name: 'parked_deliveries',
  columns: {
    id: 'text',
    connection_id: 'uuid',
    workspace_id: 'uuid',
    connector: 'text',
    delivery_id: 'uuid',
    event_id: 'uuid',
    rule_id: 'uuid',
    event: 'text',
    attempt: 'int',
    reason: 'text',
    not_before_at_ms: 'float8',
    began_at_ms: 'float8',
    parked_at_ms: 'float8',
    // As in dead letters: to the letter.
    delivery: 'json',
  },
  // It keeps its place however often it is parked.
  onConflict: `(connection_id, id) do update set attempt = excluded.attempt, reason = excluded.reason,
    not_before_at = excluded.not_before_at, began_at = excluded.began_at, parked_at = excluded.parked_at, delivery = excluded.delivery
    where excluded.parked_at > parked_deliveries.parked_at`,
};

const deadLettersTable: Table = {
  name: 'dead_letters',
  columns: {
    id: 'uuid',
    event_id: 'uuid',
    rule_id: 'uuid',
    workspace: 'uuid',
    connection_id: 'uuid',
    connector: 'text',
    event: 'text',
    reason: 'text',
    outcome_code: 'text',
    http_status: 'int',
    message: 'text',
    attempt_count: 'int',
    dead_at_ms: 'float8',
    // Not jsonb, which keeps no NUL: a replay is the delivery to the letter.
    delivery: 'json',
  },
  onConflict: `(id) do update set reason = excluded.reason, outcome_code = excluded.outcome_code, http_status = excluded.http_status,
    message = excluded.message, attempt_count = excluded.attempt_count, dead_at = excluded.dead_at, delivery = excluded.delivery,
    replayed_at = null
    where excluded.attempt_count > dead_letters.attempt_count`,
};

const seenEventTypesTable: Table = {
  name: 'seen_event_types',
  columns: {
    workspace: 'uuid',
    name: 'text',
    first_seen_at_ms: 'float8',
    last_seen_at_ms: 'float8',
    sample_event_id: 'uuid',
  },
  // Busy types would otherwise rewrite one row with every batch.
  onConflict: `(workspace, name) do update set last_seen_at = excluded.last_seen_at, sample_event_id = excluded.sample_event_id
    where excluded.last_seen_at > seen_event_types.last_seen_at + interval '10 seconds'`,
};

const seenResourcesTable: Table = {
  name: 'seen_resources',
  columns: { workspace: 'uuid', name: 'text' },
  onConflict: '(workspace, name) do nothing',
};

/** One `insert … select from unnest`, whatever the number of rows. */
async function insert<T extends object>(
  runner: QueryRunner,
  { name, columns, onConflict }: Table,
  facts: readonly T[],
): Promise<void> {
  if (facts.length === 0) return;
  const members = Object.keys(columns);
  const statement = `insert into ${name} (${members.map(columnOf).join(', ')})
    select ${members.map(selected).join(', ')}
    from unnest(${members.map((member, index) => `$${index + 1}::${columns[member]}[]`).join(', ')}) as fact (${members.join(', ')})
    on conflict ${onConflict}`;
  const values = members.map((member) =>
    facts.map((fact) => storable((fact as Record<string, unknown>)[member], columns[member])),
  );
  await runner.query(statement, values);
}

async function markReplayed(runner: QueryRunner, replays: readonly ReplayFact[]): Promise<void> {
  if (replays.length === 0) return;
  await runner.query(
    `update dead_letters set replayed_at = to_timestamp(fact.at / 1000)
     from unnest($1::uuid[], $2::int[], $3::float8[]) as fact (id, attempt_count, at)
     where dead_letters.id = fact.id and dead_letters.attempt_count <= fact.attempt_count`,
    [replays.map((r) => r.id), replays.map((r) => r.attempt_count), replays.map((r) => r.replayed_at_ms)],
  );
}

/** Members that carry milliseconds since 1970, not a duration. A function of its own kind, because the tables above call it while the module loads. */
function isTime(member: string): boolean {
  return member.endsWith('_at_ms');
}

function columnOf(member: string): string {
  return isTime(member) ? member.slice(0, -3) : member;
}
const selected = (member: string): string => (isTime(member) ? `to_timestamp(${member} / 1000)` : member);

/** Postgres keeps no NUL: neither the character in text, nor its escape in jsonb. */
function storable(value: unknown, type: string | undefined): unknown {
  if (typeof value !== 'string') return value;
  const text = value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value;
  return type === 'jsonb' && text.includes('u0000') ? text.replaceAll(/(?<!\\)((?:\\\\)*)\\u0000/g, '$1\\ufffd') : text;
}
