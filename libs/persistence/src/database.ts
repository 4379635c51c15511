// One pool of connections per process, and the migrations that make the schema.
import 'reflect-metadata';
import pg from 'pg';
import { DataSource } from 'typeorm';
import {
  AccessKeyEntity,
  AccessTokenEntity,
  ConnectionEntity,
  ConnectionVersionEntity,
  EventTypeEntity,
  EventTypeVersionEntity,
  LiveChoiceEntity,
  MappingEntity,
  MappingVersionEntity,
  OAuthStateEntity,
  OrganizationEntity,
  ReplayEntity,
  RuleEntity,
  RuleVersionEntity,
  WorkspaceEntity,
} from './entities/index.ts';
import { Configuration1732000000000 } from './migrations/1732000000000-configuration.ts';
import { History1732000000001 } from './migrations/1732000000001-history.ts';
import { RulesAndTypes1732000000002 } from './migrations/1732000000002-rules-and-types.ts';
import { Credentials1732000000003 } from './migrations/1732000000003-credentials.ts';
import { Parking1732000000004 } from './migrations/1732000000004-parking.ts';
import { Replays1732000000005 } from './migrations/1732000000005-replays.ts';

export interface DatabaseSettings {
  /** postgres://user:password@host:port/database */
  url: string;
  /** Connections at most. */
  poolSize: number;
}

/** Statements of ours are short; one that is not is a mistake, and must not hold a connection for ever. Milliseconds. */
const timeoutsMs = { connect: 3_000, statement: 20_000 } as const;

/** Connects. The schema must be there: see `migrate`. */
export async function connectDatabase(settings: DatabaseSettings): Promise<DataSource> {
  return dataSource(settings).initialize();
}

/** Brings the schema up to date; returns the names of the migrations that ran. Safe to run from several processes at once. */
export async function migrate(settings: DatabaseSettings): Promise<string[]> {
  const database = await dataSource(settings).initialize();
  const runner = database.createQueryRunner();
  try {
    await runner.query('select pg_advisory_lock(7238945)');
    const ran = await database.runMigrations({ transaction: 'each' });
    return ran.map((migration) => migration.name);
  } finally {
    await runner.query('select pg_advisory_unlock(7238945)');
    await runner.release();
    await database.destroy();
  }
}

function dataSource({ url, poolSize }: DatabaseSettings): DataSource {
  return new DataSource({
    type: 'postgres',
    // Left to itself TypeORM asks for `pg` at run time, which a bundle does not have.
    driver: pg,
    url,
    poolSize,
    connectTimeoutMS: timeoutsMs.connect,
    extra: { statement_timeout: timeoutsMs.statement },
    entities: [
      OrganizationEntity,
      AccessKeyEntity,
      AccessTokenEntity,
      OAuthStateEntity,
      LiveChoiceEntity,
      WorkspaceEntity,
      ConnectionEntity,
      ConnectionVersionEntity,
      EventTypeEntity,
      EventTypeVersionEntity,
      MappingEntity,
      MappingVersionEntity,
      RuleEntity,
      RuleVersionEntity,
      ReplayEntity,
    ],
    migrations: [
      Configuration1732000000000,
      History1732000000001,
      RulesAndTypes1732000000002,
      Credentials1732000000003,
      Parking1732000000004,
      Replays1732000000005,
    ],
    migrationsTableName: 'migrations',
  });
}
