// Replays of all dead letters that a filter names: begun, worked off in steps by whichever process is free, counted, ended.
import { topics, type Delivery } from '@sluice/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import { DeadLetters, waiting, type AskedAgain, type DeadLetterFilter } from './dead-letters.ts';
import type { ReplayEntity } from './entities/index.ts';

export type NewReplay = Pick<ReplayEntity, 'id' | 'organization_id' | 'filter' | 'rate' | 'requested_by'>;

/** What became of the deliveries that a replay asked for, unless a later replay asked for them again. */
export interface ReplayOutcomes {
  delivered: number;
  /** Dead again. */
  failed: number;
}

/** A replay that is due, held by one process: all that is done with it is kept together, or not at all. */
export interface ReplayLease {
  readonly replay: Pick<ReplayEntity, 'id' | 'rate' | 'requested_by' | 'next_at'>;
  /** By the clock of the database, which all processes share. */
  readonly now: Date;
  /** The oldest deliveries of its present workspace that are still to be asked for, held too. */
  next: (limit: number) => Promise<Delivery[]>;
  /** Asks for them again, counts them, and says when the next step may be made. */
  ask: (letters: readonly AskedAgain[], nextAt: Date) => Promise<void>;
  /** Its present workspace has no more: on to the next one, or to the end. */
  leave: () => Promise<void>;
}

export class ReplayRuns {
  private readonly database: DataSource;

  constructor(database: DataSource) {
    this.database = database;
  }

  /** Notes a replay of the dead letters that are there now. What dies later, also again, is none of its business. */
  async begin(replay: NewReplay, workspaces: readonly string[]): Promise<void> {
    const { id, organization_id, filter, rate, requested_by } = replay;
    const where = waiting(workspaces, filter, [id, organization_id, JSON.stringify(filter), rate, requested_by]);
    await this.database.query(
      `insert into replays (id, organization_id, filter, rate, requested_by, workspaces, total, newest_dead_at)
       select $1::uuid, $2::uuid, $3::json, $4::int, $5::text,
         coalesce(array_agg(distinct l.workspace), '{}'), count(*), coalesce(max(l.dead_at), now())
       from dead_letters l where ${where.text}`,
      where.values,
    );
  }

  /** How many `begin` would take. */
  async count(workspaces: readonly string[], filter: DeadLetterFilter): Promise<number> {
    const where = waiting(workspaces, filter);
    const [row] = await this.database.query<{ count: number }[]>(
      `select count(*)::int as count from dead_letters l where ${where.text}`,
      where.values,
    );
    return row?.count ?? 0;
  }

  /** Ends a replay that is running; one that has ended stays as it is. Waits for the step that is under way. */
  async cancel(id: string): Promise<void> {
    await this.database.query(
      `update replays set status = 'canceled', ended_at = now() where id = $1 and status = 'running'`,
      [id],
    );
  }

  /** Of each of these replays; none for one of which history tells nothing yet. */
  async outcomes(ids: readonly string[]): Promise<Map<string, ReplayOutcomes>> {
    const rows = await this.database.query<(ReplayOutcomes & { replay_id: string })[]>(
      `select replay_id, (count(*) filter (where state = 'delivered'))::int as delivered,
         (count(*) filter (where state = 'dead'))::int as failed
       from deliveries where replay_id = any($1::uuid[]) group by replay_id`,
      [ids],
    );
    return new Map(rows.map(({ replay_id, ...outcomes }) => [replay_id, outcomes]));
  }

  /**
   * Runs `work` on a replay that is due and that no other process is at. Returns false when there is none, or while what was asked
   * for before is not in the log: so nothing piles up, and a crash repeats no more than that.
   */
  whileHeld(work: (lease: ReplayLease) => Promise<void>): Promise<boolean> {
    return this.database.transaction(async (manager) => {
      const [row] = await manager.query<(ReplayEntity & { now: Date })[]>(
        `select *, now() as now from replays where status = 'running' and next_at <= now()
           and not exists (select from publications where topic = $1)
         order by next_at limit 1 for update skip locked`,
        [topics.replays.name],
      );
      if (!row) return false;
      await work(lease(manager, row));
      return true;
    });
  }
}

const lease = (manager: EntityManager, replay: ReplayEntity & { now: Date }): ReplayLease => ({
  replay,
  now: replay.now,
  next: async (limit) => {
    // One workspace at a time, and from where the last step ended: the index has them in this order, so a step reads what it takes.
    const where = waiting(replay.workspaces.slice(0, 1), replay.filter);
    where.add('l.dead_at >= (select reached_dead_at from replays where id = ?)', replay.id);
    where.add('l.dead_at <= (select newest_dead_at from replays where id = ?)', replay.id);
    const rows = await manager.query<{ delivery: Delivery }[]>(
      `select l.delivery from dead_letters l where ${where.text}
       order by l.workspace desc, l.dead_at, l.id limit ${limit} for update`,
      where.values,
    );
    return rows.map(({ delivery }) => delivery);
  },
  ask: async (letters, nextAt) => {
    const ids = [...(await new DeadLetters(manager).replay(letters))];
    await manager.query(
      `update replays set done = done + cardinality($2::uuid[]), next_at = $3,
         reached_dead_at = (select max(dead_at) from dead_letters where id = any($2::uuid[])) where id = $1`,
      [replay.id, ids, nextAt],
    );
  },
  leave: async () => {
    await manager.query(
      `update replays set workspaces = workspaces[2:], reached_dead_at = '-infinity',
         status = case when cardinality(workspaces) > 1 then status else 'completed' end,
         ended_at = case when cardinality(workspaces) > 1 then null else now() end where id = $1`,
      [replay.id],
    );
  },
});
