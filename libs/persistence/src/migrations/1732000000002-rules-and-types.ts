// Conditions and mappings of rules, default mappings of connections, event types with their schemas; and what history shows of them.
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class RulesAndTypes1732000000002 implements MigrationInterface {
  name = 'RulesAndTypes1732000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table rules add conditions json, add mapping json;
      create index rules_by_event on rules (workspace_id, event) where deleted_at is null;
      create table mappings (
        id uuid primary key,
        workspace_id uuid not null references workspaces,
        connection_id uuid not null unique references connections,
        version int not null,
        name text not null,
        schema json not null,
        created_by text not null,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      );
      create table mapping_versions (
        mapping_id uuid not null references mappings on delete cascade,
        version int not null,
        name text not null,
        schema json not null,
        created_by text not null,
        created_at timestamptz not null default now(),
        primary key (mapping_id, version)
      );
      create table event_types (
        id uuid primary key,
        organization_id uuid not null references organizations,
        workspace_id uuid references workspaces,
        name text not null,
        version int not null,
        description text,
        schema json not null,
        example json,
        mode text not null check (mode in ('off', 'warn', 'enforce')),
        created_by text not null,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        deleted_at timestamptz
      );
      create unique index event_types_by_name on event_types (organization_id, workspace_id, name) nulls not distinct where deleted_at is null;
      create table event_type_versions (
        event_type_id uuid not null references event_types,
        version int not null,
        snapshot json not null,
        created_by text not null,
        created_at timestamptz not null default now(),
        primary key (event_type_id, version)
      );
      create table seen_event_types (
        workspace uuid not null,
        name text not null,
        first_seen_at timestamptz not null,
        last_seen_at timestamptz not null,
        sample_event_id uuid not null,
        primary key (workspace, name)
      );
      create table seen_resources (
        workspace uuid not null,
        name text not null,
        primary key (workspace, name)
      );
      alter table events add overflow int, add budget_exhausted boolean, add schema_problem text, add mapping_warnings json;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table events drop overflow, drop budget_exhausted, drop schema_problem, drop mapping_warnings;
      drop table seen_resources, seen_event_types, event_type_versions, event_types, mapping_versions, mappings;
      drop index rules_by_event;
      alter table rules drop conditions, drop mapping;
    `);
  }
}
