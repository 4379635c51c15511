// Parking lots: deliveries that cannot be attempted now, and connections that have been failing for long.
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Parking1732000000004 implements MigrationInterface {
  name = 'Parking1732000000004';

  async up(runner: QueryRunner): Promise<void> {
    // Ids ascend by their bytes. Rows come and go all the time, so what is left of them is cleared away early.
    await runner.query(`
      create table parked_deliveries (
        connection_id uuid not null,
        id text collate "C" not null,
        workspace_id uuid not null,
        connector text not null,
        delivery_id uuid not null,
        event_id uuid not null,
        rule_id uuid not null,
        event text not null,
        attempt int not null,
        reason text not null,
        not_before_at timestamptz,
        began_at timestamptz not null,
        parked_at timestamptz not null,
        delivery json not null,
        primary key (connection_id, id)
      ) with (autovacuum_vacuum_scale_factor = 0.02);
      create index parked_deliveries_by_time on parked_deliveries (connection_id, parked_at, delivery_id);
      create index parked_deliveries_by_age on parked_deliveries (connection_id, began_at);
      create table failing_connections (
        connection_id uuid primary key,
        since timestamptz not null default now(),
        warned_at timestamptz
      );
      alter table deliveries add moved_at timestamptz;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'alter table deliveries drop moved_at; drop table failing_connections; drop table parked_deliveries',
    );
  }
}
