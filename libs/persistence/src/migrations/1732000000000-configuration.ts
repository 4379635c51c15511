// Organizations, keys, workspaces, connections, rules, their versions, and what is still to be published to the compacted topics.
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Configuration1732000000000 implements MigrationInterface {
  name = 'Configuration1732000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table organizations (
        id uuid primary key,
        name text not null,
        created_at timestamptz not null default now()
      );
      create table workspaces (
        id uuid primary key,
        organization_id uuid not null references organizations,
        name text not null,
        description text,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      );
      create index workspaces_by_organization on workspaces (organization_id, created_at desc, id desc);
      create table access_keys (
        id text primary key,
        kind text not null check (kind in ('machine', 'publishable')),
        organization_id uuid not null references organizations,
        workspace_id uuid references workspaces,
        name text not null,
        sealed_secret text,
        expires_at timestamptz,
        revoked_at timestamptz,
        created_at timestamptz not null default now()
      );
      create index access_keys_by_workspace on access_keys (workspace_id);
      create table connections (
        id uuid primary key,
        workspace_id uuid not null references workspaces,
        connector text not null,
        version int not null,
        name text not null,
        settings jsonb not null,
        sealed_credentials text,
        credential_names text[] not null,
        policy jsonb not null,
        active boolean not null,
        inactive_reason text,
        hidden boolean not null,
        created_by text not null,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        deleted_at timestamptz
      );
      create index connections_by_workspace on connections (workspace_id, created_at desc, id desc) where deleted_at is null;
      create table connection_versions (
        connection_id uuid not null references connections,
        version int not null,
        snapshot jsonb not null,
        created_by text not null,
        created_at timestamptz not null default now(),
        primary key (connection_id, version)
      );
      create table rules (
        id uuid primary key,
        workspace_id uuid not null references workspaces,
        connection_id uuid not null references connections,
        connector text not null,
        version int not null,
        event text not null,
        resource text,
        resource_id text,
        action text not null,
        action_settings jsonb not null,
        active boolean not null,
        hidden boolean not null,
        created_by text not null,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        deleted_at timestamptz
      );
      create index rules_by_workspace on rules (workspace_id, created_at desc, id desc) where deleted_at is null;
      create index rules_by_connection on rules (connection_id) where deleted_at is null;
      create table rule_versions (
        rule_id uuid not null references rules,
        version int not null,
        snapshot jsonb not null,
        created_by text not null,
        created_at timestamptz not null default now(),
        primary key (rule_id, version)
      );
      create table publications (
        sequence bigint generated always as identity primary key,
        topic text not null,
        key text not null,
        value json,
        created_at timestamptz not null default now()
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'drop table publications, rule_versions, rules, connection_versions, connections, access_keys, workspaces, organizations',
    );
  }
}
