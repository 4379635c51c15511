// Reads dead letters: deliveries given up and not yet asked for again.
import { topics, type Delivery, type Replay } from '@sluice/contracts';
import type { DataSource } from 'typeorm';
import { Conditions, type Page } from './history.ts';

export interface DeadLetterRow {
  id: string;
  event_id: string;
  rule_id: string;
  workspace: string;
  connection_id: string;
  connector: string;
  event: string;
  reason: string;
  outcome_code: string;
  http_status: number | null;
  message: string;
  attempt_count: number;
  dead_at: Date;
  replayed_at: Date | null;
  delivery: Delivery;
  /** Of its last attempt. */
  trace_id: string | null;
  /** Sort key with microseconds, for the cursor. */
  dead_at_text: string;
}

export interface DeadLetterFilter {
  connection?: string;
  event?: string;
  reason?: string;
  from?: string;
  to?: string;
}

/** One death of a delivery: it may die again after a replay. */
export type DeadLetterKey = Pick<DeadLetterRow, 'id' | 'attempt_count'>;

/** A dead letter to be asked for again, and what says so in the log. */
export interface AskedAgain extends DeadLetterKey {
  publication: { topic: string; key: string; value: object };
}

export const askedAgain = (delivery: Delivery, replay: Omit<Replay, 'delivery'>): AskedAgain => ({
  id: delivery.id,
  attempt_count: delivery.attempt,
  publication: {
    topic: topics.replays.name,
    key: delivery.connection_id,
    value: { ...replay, delivery } satisfies Replay,
  },
});

/** Which dead letters `l` wait in these workspaces and fit the filter. */
export function waiting(workspaces: readonly string[], filter: DeadLetterFilter, values: unknown[] = []): Conditions {
  const where = new Conditions(values);
  where.add('l.workspace = any(?::uuid[]) and l.replayed_at is null', workspaces);
  if (filter.connection) where.add('l.connection_id = ?::uuid', filter.connection);
  if (filter.event) where.add('l.event = ?', filter.event);
  if (filter.reason) where.add('l.reason = ?', filter.reason);
  if (filter.from) where.add('l.dead_at >= ?::timestamptz', filter.from);
  if (filter.to) where.add('l.dead_at < ?::timestamptz', filter.to);
  return where;
}

const keysTable = 'unnest($1::uuid[], $2::int[]) as key (id, attempt_count)';
const columnsOf = (letters: readonly DeadLetterKey[]) => [
  letters.map(({ id }) => id),
  letters.map(({ attempt_count }) => attempt_count),
];

const columns = `l.*,
  (select a.trace_id from attempts a where a.event_id = l.event_id and a.rule_id = l.rule_id and a.attempt = l.attempt_count) as trace_id,
  to_char(l.dead_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as dead_at_text`;

export class DeadLetters {
  private readonly database: Pick<DataSource, 'query'>;

  constructor(database: Pick<DataSource, 'query'>) {
    this.database = database;
  }

  /** Newest first; one record more than the limit when there is a next page. */
  async list(workspaces: readonly string[], filter: DeadLetterFilter, page: Page): Promise<DeadLetterRow[]> {
    const where = waiting(workspaces, filter);
    if (page.after) where.add('(l.dead_at, l.id) < (?::timestamptz, ?::uuid)', page.after.at, page.after.id);
    return this.database.query<DeadLetterRow[]>(
      `select ${columns} from dead_letters l where ${where.text} order by l.dead_at desc, l.id desc limit ${page.limit + 1}`,
      where.values,
    );
  }

  async one(workspaces: readonly string[], id: string): Promise<DeadLetterRow | undefined> {
    const rows = await this.database.query<DeadLetterRow[]>(
      `select ${columns} from dead_letters l where l.id = $1 and l.workspace = any($2::uuid[])`,
      [id, workspaces],
    );
    return rows[0];
  }

  /**
   * Takes dead letters out of the list and notes a replay of each to be published: one statement, so neither happens without the
   * other. Returns the ids of those that were still there; one that died again since (another attempt count) is another dead letter.
   */
  async replay(letters: readonly AskedAgain[]): Promise<Set<string>> {
    const rows = await this.database.query<{ id: string }[]>(
      `with asked as (
         select * from unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::json[]) as asked (id, attempt_count, topic, key, value)
       ), taken as (
         update dead_letters l set replayed_at = now() from asked
         where l.id = asked.id and l.attempt_count = asked.attempt_count and l.replayed_at is null returning l.id
       ), noted as (
         insert into publications (topic, key, value) select topic, key, value from asked join taken using (id)
       ) select id from taken`,
      [
        ...columnsOf(letters),
        letters.map(({ publication }) => publication.topic),
        letters.map(({ publication }) => publication.key),
        letters.map(({ publication }) => JSON.stringify(publication.value)),
      ],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** The ids of those that `replay` would take. */
  async waiting(letters: readonly DeadLetterKey[]): Promise<Set<string>> {
    const rows = await this.database.query<{ id: string }[]>(
      `select l.id from dead_letters l, ${keysTable}
       where l.id = key.id and l.attempt_count = key.attempt_count and l.replayed_at is null`,
      columnsOf(letters),
    );
    return new Set(rows.map(({ id }) => id));
  }
}
