// What is still to be published: configuration to its compacted topics, replays to theirs. Written in the transaction that decides it, read in order by one relay.
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';

/** One record to publish: for configuration the newest state of a key, or null when it is gone. */
export interface Publication {
  sequence: string;
  topic: string;
  key: string;
  value: Record<string, unknown> | null;
}

/** Notes a change within a transaction; it is published once that is committed. */
export async function publish(
  manager: EntityManager,
  { topic, key, value }: { topic: string; key: string; value: object | null },
): Promise<void> {
  await manager.query('insert into publications (topic, key, value) values ($1, $2, $3)', [
    topic,
    key,
    value === null ? null : JSON.stringify(value),
  ]);
}

export interface PublicationLease {
  /** The oldest records not yet published. */
  next: (limit: number) => Promise<Publication[]>;
  /** Forgets records that are safe in the log. */
  done: (publications: readonly Publication[]) => Promise<void>;
}

const LOCK = 7_238_946;

export class Publications {
  private readonly database: DataSource;

  constructor(database: DataSource) {
    this.database = database;
  }

  /**
   * Runs `work` while no other process relays, so that changes of one key are published in order.
   * Returns false at once when another process is at it.
   */
  async whileAlone(work: (lease: PublicationLease) => Promise<void>): Promise<boolean> {
    const runner = this.database.createQueryRunner();
    try {
      const [{ locked }] = (await runner.query('select pg_try_advisory_lock($1) as locked', [LOCK])) as [
        { locked: boolean },
      ];
      if (!locked) return false;
      try {
        await work(lease(runner));
        return true;
      } finally {
        await runner.query('select pg_advisory_unlock($1)', [LOCK]);
      }
    } finally {
      await runner.release();
    }
  }
}

const lease = (runner: QueryRunner): PublicationLease => ({
  next: (limit) =>
    runner.query('select sequence, topic, key, value from publications order by sequence limit $1', [limit]) as Promise<
      Publication[]
    >,
  done: async (publications) => {
    await runner.query('delete from publications where sequence = any($1::bigint[])', [
      publications.map(({ sequence }) => sequence),
    ]);
  },
});
