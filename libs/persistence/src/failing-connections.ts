// Connections whose destinations have only failed for a while: since when, and when somebody was warned last.
import type { QueryRunner } from 'typeorm';

export interface FailingConnection {
  connection_id: string;
  workspace_id: string;
  since: Date;
  warned_at: Date | null;
}

export class FailingConnections {
  private readonly runner: QueryRunner;

  constructor(runner: QueryRunner) {
    this.runner = runner;
  }

  /**
   * All that are failing, from the longest on. One that was switched off is not, and begins anew when it is switched on again.
   * @param failing connections whose breakers are not closed
   * @param well connections that were well at some time, in milliseconds since 1970
   */
  async look(failing: readonly string[], well: ReadonlyMap<string, number>): Promise<FailingConnection[]> {
    await this.runner.query(
      `delete from failing_connections f where f.connection_id <> all($1::uuid[])
         or not exists (select from connections c where c.id = f.connection_id and c.active and c.deleted_at is null)
         or exists (select from unnest($2::uuid[], $3::float8[]) as well (connection_id, at)
           where well.connection_id = f.connection_id and to_timestamp(well.at / 1000) > f.since)`,
      [failing, [...well.keys()], [...well.values()]],
    );
    await this.runner.query(
      `insert into failing_connections (connection_id)
       select id from connections where id = any($1::uuid[]) and active and deleted_at is null on conflict do nothing`,
      [failing],
    );
    return this.runner.query(
      `select f.connection_id, c.workspace_id, f.since, f.warned_at
       from failing_connections f join connections c on c.id = f.connection_id order by f.since`,
    ) as Promise<FailingConnection[]>;
  }

  async warned(connections: readonly string[]): Promise<void> {
    await this.runner.query('update failing_connections set warned_at = now() where connection_id = any($1::uuid[])', [
      connections,
    ]);
  }
}
