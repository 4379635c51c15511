// Replays of all dead letters that a filter names, and what finds the deliveries of one.
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Replays1732000000005 implements MigrationInterface {
  name = 'Replays1732000000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table replays (
        id uuid primary key,
        organization_id uuid not null references organizations,
        workspaces uuid[] not null,
        filter json not null,
        rate int not null check (rate > 0),
        requested_by text not null,
        status text not null default 'running' check (status in ('running', 'completed', 'canceled')),
        total int not null,
        done int not null default 0,
        newest_dead_at timestamptz not null,
        reached_dead_at timestamptz not null default '-infinity',
        next_at timestamptz not null default now(),
        created_at timestamptz not null default now(),
        ended_at timestamptz
      );
      create index replays_by_organization on replays (organization_id, created_at desc, id desc);
      create index replays_running on replays (next_at) where status = 'running';
      create index deliveries_by_replay on deliveries (replay_id) where replay_id is not null;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index deliveries_by_replay; drop table replays');
  }
}
