// Changes a connection: under its lock, as a new version that is kept, and published.
import { Inject, Injectable } from '@nestjs/common';
import { topics } from '@sluice/contracts';
import {
  connectionRecord,
  ConnectionEntity,
  ConnectionVersionEntity,
  MappingEntity,
  publish,
} from '@sluice/persistence';
import { LOG } from '@sluice/service';
import type { Log } from '@sluice/telemetry';
import { IsNull, type DataSource, type EntityManager } from 'typeorm';
import { Relay } from './relay.ts';
import { DATABASE } from './tokens.ts';

/** Why a connection was made inactive by us; a person has to mend something. */
export type InactiveReason =
  | 'authentication_invalid'
  | 'destination_gone'
  | 'failing'
  | 'oauth_authorization_revoked'
  | 'oauth_reauthorization_required';

/** Who changes a connection when no caller does. */
const OURSELVES = 'control';

@Injectable()
export class ConnectionChanges {
  private readonly database: DataSource;
  private readonly relay: Relay;
  private readonly log: Log;

  constructor(@Inject(DATABASE) database: DataSource, @Inject(Relay) relay: Relay, @Inject(LOG) log: Log) {
    this.database = database;
    this.relay = relay;
    this.log = log;
  }

  /**
   * The connection as it stands afterwards; undefined when it was deleted.
   * @param work changes the connection, and what hangs on it; gives false when it has changed nothing of it
   */
  async change(
    id: string,
    by: string,
    work: (connection: ConnectionEntity, manager: EntityManager) => Promise<boolean> | boolean,
  ): Promise<ConnectionEntity | undefined> {
    const changed = await this.database.transaction(async (manager) => {
      const connection = await manager.findOne(ConnectionEntity, {
        where: { id, deleted_at: IsNull() },
        lock: { mode: 'pessimistic_write' },
      });
      if (!connection) return undefined;
      if (!(await work(connection, manager))) return connection;
      connection.version += 1;
      await manager.save(connection);
      return keepAndPublish(manager, id, by);
    });
    await this.relay.publish();
    return changed;
  }

  /** Nothing more is sent by it until somebody mends it. Leaves it alone where it is inactive already, or another version by now. */
  async inactivate(id: string, { reason, version }: { reason: InactiveReason; version?: number }): Promise<void> {
    await this.change(id, OURSELVES, (connection) => {
      if (!connection.active || (version !== undefined && connection.version !== version)) return false;
      connection.active = false;
      connection.inactive_reason = reason;
      this.log.warn({ event: 'connection.inactivated', connection: id, workspace: connection.workspace_id, reason });
      return true;
    });
  }
}

/** Within a transaction that has saved the connection. */
export async function keepAndPublish(manager: EntityManager, id: string, by: string): Promise<ConnectionEntity> {
  const connection = await manager.findOneByOrFail(ConnectionEntity, { id });
  const mapping = await manager.findOneBy(MappingEntity, { connection_id: id });
  const record = connectionRecord(connection, mapping);
  await manager.save(ConnectionVersionEntity, {
    connection_id: id,
    version: connection.version,
    snapshot: { ...record },
    created_by: by,
  });
  await publish(manager, { topic: topics.connections.name, key: id, value: record });
  return connection;
}
