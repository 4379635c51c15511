// One process of several does a duty: the one that holds a lock of Postgres, for as long as the connection that holds it lives.
import type { DataSource, QueryRunner } from 'typeorm';

export class Leadership {
  private readonly database: DataSource;
  private readonly lock: number;
  private runner: QueryRunner | undefined;

  constructor(database: DataSource, lock: number) {
    this.database = database;
    this.lock = lock;
  }

  /**
   * Runs `work` on the connection that holds the lock, so that who has lost it can change nothing any more.
   * Returns false at once when another process leads. Gives up the lock when the work fails.
   */
  async lead(work: (runner: QueryRunner) => Promise<void>): Promise<boolean> {
    try {
      const runner = await this.elected();
      if (runner) await work(runner);
      return runner !== undefined;
    } catch (error) {
      await this.resign();
      throw error;
    }
  }

  async resign(): Promise<void> {
    const { runner } = this;
    this.runner = undefined;
    if (!runner) return;
    await runner.query('select pg_advisory_unlock($1)', [this.lock]).catch(() => undefined);
    await runner.release();
  }

  private async elected(): Promise<QueryRunner | undefined> {
    if (this.runner) return this.runner;
    const runner = this.database.createQueryRunner();
    try {
      const [answer] = (await runner.query('select pg_try_advisory_lock($1) as locked', [this.lock])) as {
        locked: boolean;
      }[];
      if (answer?.locked) this.runner = runner;
      return this.runner;
    } finally {
      if (!this.runner) await runner.release();
    }
  }
}
