// What happened: events, deliveries, attempts, dead letters. Written by the tracker alone, read by control; no foreign keys, because facts come in any order.
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class History1732000000001 implements MigrationInterface {
  name = 'History1732000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table events (
        id uuid primary key,
        workspace uuid not null,
        event text not null,
        resource text,
        resource_id text,
        payload text,
        email text,
        created_by text,
        created_at timestamptz not null,
        routed_at timestamptz,
        total_rules int,
        trace_id text
      );
      create index events_by_workspace on events (workspace, created_at desc, id desc);
      create index events_by_email on events (email) where email is not null;
      create table deliveries (
        event_id uuid not null,
        rule_id uuid not null,
        id uuid not null,
        workspace uuid not null,
        connection_id uuid not null,
        connector text not null,
        action text not null,
        rule_version int not null,
        connection_version int not null,
        mapping_version int,
        state text not null,
        state_reason text,
        attempt_count int not null,
        next_attempt_at timestamptz,
        completed_at timestamptz,
        outcome_code text,
        http_status int,
        last_error text,
        replay_id uuid,
        trace_id text,
        progress bigint not null,
        primary key (event_id, rule_id)
      ) with (fillfactor = 80);
      create table attempts (
        event_id uuid not null,
        rule_id uuid not null,
        attempt int not null,
        trigger text,
        result text,
        outcome_code text,
        started_at timestamptz,
        queued_ms real,
        connect_ms real,
        ttfb_ms real,
        total_ms real,
        http_status int,
        error jsonb,
        request jsonb,
        response jsonb,
        next_at timestamptz,
        next_cause text,
        trace_id text,
        span_id text,
        primary key (event_id, rule_id, attempt)
      );
      create table dead_letters (
        id uuid primary key,
        event_id uuid not null,
        rule_id uuid not null,
        workspace uuid not null,
        connection_id uuid not null,
        connector text not null,
        event text not null,
        reason text not null,
        outcome_code text not null,
        http_status int,
        message text not null,
        attempt_count int not null,
        dead_at timestamptz not null,
        replayed_at timestamptz,
        delivery json not null
      );
      create index dead_letters_by_workspace on dead_letters (workspace, dead_at desc, id desc) where replayed_at is null;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table dead_letters, attempts, deliveries, events');
  }
}
