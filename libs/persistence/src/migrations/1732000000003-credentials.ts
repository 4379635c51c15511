// Data keys of workspaces, tokens of connections that have some by OAuth, authorizations under way, and what vendors offered to choose from.
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Credentials1732000000003 implements MigrationInterface {
  name = 'Credentials1732000000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table workspace_keys (
        workspace_id uuid primary key references workspaces,
        wrapped_key text not null,
        created_at timestamptz not null default now()
      );
      create table access_tokens (
        connection_id uuid primary key references connections,
        workspace_id uuid not null references workspaces,
        sealed_tokens text,
        version int not null,
        obtained_at timestamptz,
        expires_at timestamptz,
        dead_reason text
      );
      create table oauth_states (
        state_hash text primary key,
        connection_id uuid not null references connections,
        workspace_id uuid not null references workspaces,
        redirect_uri text not null,
        sealed_verifier text not null,
        created_by text not null,
        expires_at timestamptz not null
      );
      create index oauth_states_by_connection on oauth_states (connection_id);
      create table live_choices (
        connection_id uuid not null references connections,
        question text not null,
        connection_version int not null,
        answer json not null,
        asked_at timestamptz not null,
        primary key (connection_id, question)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table live_choices, oauth_states, access_tokens, workspace_keys');
  }
}
