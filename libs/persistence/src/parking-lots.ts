// Parking lots: what waits for each connection, taken out oldest first, counted and listed.
import type { Delivery, Policy } from '@sluice/contracts';
import type { DataSource, QueryRunner } from 'typeorm';
import { Conditions, type Page } from './history.ts';

/** One connection that something is parked of. Times in milliseconds since 1970. */
export interface Lot {
  connection_id: string;
  workspace_id: string;
  /** When something was parked last, and why. */
  newest_at_ms: number;
  newest_reason: string;
  /** From when on the age of the oldest counts. */
  oldest_began_at_ms: number;
  /** Of the first in line. */
  first_parked_at_ms: number;
  first_not_before_at_ms: number | null;
  active: boolean;
  version: number;
  /** As stored; null when the connection was deleted. */
  policy: Partial<Policy> | null;
}

/** How many to take from a lot: the first in line, or those whose age counts from before some time. */
export interface Taking {
  connection_id: string;
  count: number;
  began_before_ms?: number;
}

export interface Taken {
  connection_id: string;
  id: string;
  event_id: string;
  rule_id: string;
  delivery: Delivery;
}

/** A delivery that was released: its place, and by what history knows it. */
export type Released = Pick<Taken, 'connection_id' | 'id' | 'event_id' | 'rule_id'>;

/** What is shown of a parked delivery; never its payload. */
export interface ParkedRow {
  id: string;
  delivery_id: string;
  connection_id: string;
  workspace_id: string;
  event_id: string;
  rule_id: string;
  event: string;
  attempt: number;
  reason: string;
  not_before_at: Date | null;
  parked_at: Date;
  /** Sort key with microseconds, for the cursor. */
  parked_at_text: string;
}

const ms = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`;

/** From one connection to the next by the index, so that it costs as much as there are lots, whatever is in them. */
const lotsQuery = `
  with recursive lots as (
    (select connection_id from parked_deliveries order by connection_id limit 1)
    union all
    select (select p.connection_id from parked_deliveries p where p.connection_id > lots.connection_id order by p.connection_id limit 1)
    from lots where lots.connection_id is not null
  )
  select lots.connection_id, newest.workspace_id, newest.at as newest_at_ms, newest.reason as newest_reason, oldest.at as oldest_began_at_ms,
    first.parked_at_ms as first_parked_at_ms, first.not_before_at_ms as first_not_before_at_ms,
    coalesce(c.active, false) as active, coalesce(c.version, 0) as version, c.policy
  from lots
  cross join lateral (select ${ms('p.parked_at')} as at, p.reason, p.workspace_id from parked_deliveries p
    where p.connection_id = lots.connection_id order by p.parked_at desc limit 1) newest
  cross join lateral (select ${ms('p.began_at')} as at from parked_deliveries p
    where p.connection_id = lots.connection_id order by p.began_at limit 1) oldest
  cross join lateral (select ${ms('p.parked_at')} as parked_at_ms, ${ms('p.not_before_at')} as not_before_at_ms from parked_deliveries p
    where p.connection_id = lots.connection_id order by p.id limit 1) first
  left join connections c on c.id = lots.connection_id and c.deleted_at is null`;

export class ParkingLots {
  private readonly database: DataSource;

  constructor(database: DataSource) {
    this.database = database;
  }

  lots(runner: QueryRunner): Promise<Lot[]> {
    return runner.query(lotsQuery) as Promise<Lot[]>;
  }

  /** Takes deliveries out, in the order of their lots and places; within a transaction, so that they come back when it fails. */
  async take(runner: QueryRunner, takings: readonly Taking[]): Promise<Taken[]> {
    const [rows] = (await runner.query(
      `delete from parked_deliveries d using
         unnest($1::uuid[], $2::int[], $3::float8[]) as taking (connection_id, count, began_before_ms)
         cross join lateral (
           select p.id from parked_deliveries p
           where p.connection_id = taking.connection_id
             and (taking.began_before_ms is null or p.began_at < to_timestamp(taking.began_before_ms / 1000))
           order by p.id limit taking.count for update skip locked
         ) first
       where d.connection_id = taking.connection_id and d.id = first.id
       returning d.connection_id, d.id, d.event_id, d.rule_id, d.delivery`,
      [
        takings.map(({ connection_id }) => connection_id),
        takings.map(({ count }) => count),
        takings.map(({ began_before_ms }) => began_before_ms ?? null),
      ],
    )) as [Taken[], number];
    return rows.sort((a, b) => compare(a.connection_id, b.connection_id) || compare(a.id, b.id));
  }

  /** Connections of which some of what was released has neither come back nor been decided on. */
  async underWay(runner: QueryRunner, released: readonly Released[]): Promise<Set<string>> {
    if (released.length === 0) return new Set();
    const rows = (await runner.query(
      `select distinct r.connection_id from unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[]) as r (connection_id, id, event_id, rule_id)
       join deliveries d on d.event_id = r.event_id and d.rule_id = r.rule_id
       where d.state in ('parked', 'queued', 'in_flight') and not exists (
         select from parked_deliveries p where p.connection_id = r.connection_id and p.id = r.id)`,
      [
        released.map(({ connection_id }) => connection_id),
        released.map(({ id }) => id),
        released.map(({ event_id }) => event_id),
        released.map(({ rule_id }) => rule_id),
      ],
    )) as { connection_id: string }[];
    return new Set(rows.map(({ connection_id }) => connection_id));
  }

  /** How many are parked of each of these connections; those of which none is are left out. */
  async counts(connections: readonly string[]): Promise<Map<string, number>> {
    if (connections.length === 0) return new Map();
    const rows = await this.database.query<{ connection_id: string; count: number }[]>(
      `select connection_id, count(*)::int as count from parked_deliveries
       where connection_id = any($1::uuid[]) group by connection_id`,
      [connections],
    );
    return new Map(rows.map(({ connection_id, count }) => [connection_id, count]));
  }

  /** Newest first; one record more than the limit when there is a next page. */
  async list(connection: string, page: Page): Promise<ParkedRow[]> {
    const where = new Conditions();
    where.add('p.connection_id = ?::uuid', connection);
    if (page.after) {
      where.add('(p.parked_at, p.delivery_id) < (?::timestamptz, ?::uuid)', page.after.at, page.after.id);
    }
    return this.database.query<ParkedRow[]>(
      `select p.id, p.delivery_id, p.connection_id, p.workspace_id, p.event_id, p.rule_id, p.event, p.attempt, p.reason,
         p.not_before_at, p.parked_at, to_char(p.parked_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as parked_at_text
       from parked_deliveries p where ${where.text} order by p.parked_at desc, p.delivery_id desc limit ${page.limit + 1}`,
      where.values,
    );
  }
}

const compare = (a: string, b: string): number => Number(a > b) - Number(a < b);
