// Connections: made, changed, deleted; every change is a new version, kept, and published.
import { Inject, Injectable } from '@nestjs/common';
import { ApiError, fieldError, type ConnectionInput, type ConnectionUpdate, type MachineCaller } from '@sluice/api';
import { catalog } from '@sluice/catalog';
import { defaultPolicy, newId, topics, type CatalogEntry } from '@sluice/contracts';
import { ConnectionEntity, ConnectionVersionEntity, MappingEntity, publish, RuleEntity } from '@sluice/persistence';
import { open, seal, type Keyring } from '@sluice/vault';
import type { DataSource } from 'typeorm';
import { IsNull, type EntityManager } from 'typeorm';
import { newSecret } from './keys.ts';
import { checkedMetadata, generatedNames, part, withKeptSecrets, type Metadata } from './metadata.ts';
import { connectionRecord } from './records.ts';
import { Relay } from './relay.ts';
import { deleteRule } from './rules.ts';
import { DATABASE, KEYRING } from './tokens.ts';

@Injectable()
export class Connections {
  private readonly database: DataSource;
  private readonly keyring: Keyring;
  private readonly relay: Relay;

  constructor(@Inject(DATABASE) database: DataSource, @Inject(KEYRING) keyring: Keyring, @Inject(Relay) relay: Relay) {
    this.database = database;
    this.keyring = keyring;
    this.relay = relay;
  }

  /** The new connection, and the secrets made for it: this is the one time they are shown. */
  async create(
    caller: MachineCaller,
    input: ConnectionInput,
  ): Promise<{ connection: ConnectionEntity; generated: Metadata }> {
    const entry = catalog.get(input.type);
    if (!entry) throw fieldError('type', `must be one of ${[...catalog.keys()].join(', ')}`);
    const { metadata, generated } = withGenerated(entry, checkedMetadata(entry, input.metadata));
    const connection = await this.database.transaction(async (manager) => {
      const active = input.active ?? true;
      const made = manager.create(ConnectionEntity, {
        id: newId(),
        workspace_id: input.workspace,
        connector: entry.slug,
        version: 1,
        name: input.name,
        policy: { ...defaultPolicy, ...input.policy },
        active,
        inactive_reason: active ? null : 'manually_inactivated',
        hidden: input.hidden ?? false,
        created_by: caller.key,
        deleted_at: null,
      });
      this.setMetadata(made, entry, metadata);
      await manager.save(made);
      return this.keepAndPublish(manager, made, caller);
    });
    await this.relay.publish();
    return { connection, generated };
  }

  async update(caller: MachineCaller, { id }: ConnectionEntity, input: ConnectionUpdate): Promise<ConnectionEntity> {
    const changed = await this.database.transaction(async (manager) => {
      const connection = await manager.findOneOrFail(ConnectionEntity, {
        where: { id },
        lock: { mode: 'pessimistic_write' },
      });
      this.apply(connection, input);
      connection.version += 1;
      await manager.save(connection);
      return this.keepAndPublish(manager, connection, caller);
    });
    await this.relay.publish();
    return changed;
  }

  /** Throws ApiError (409) while rules use it, unless `force`: then they are deleted too. */
  async delete(caller: MachineCaller, { id }: ConnectionEntity, force: boolean): Promise<void> {
    await this.database.transaction(async (manager) => {
      await manager.findOneOrFail(ConnectionEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
      const rules = await manager.findBy(RuleEntity, { connection_id: id, deleted_at: IsNull() });
      if (rules.length > 0 && !force) {
        throw new ApiError('connection_in_use', {
          data: [{ param: 'force_delete', msg: `${rules.length} rules use the connection` }],
        });
      }
      for (const rule of rules) await deleteRule(manager, rule);
      await manager.update(ConnectionEntity, { id }, { deleted_at: new Date() });
      await publish(manager, { topic: topics.connections.name, key: id, value: null });
    });
    await this.relay.publish();
  }

  private apply(connection: ConnectionEntity, input: ConnectionUpdate): void {
    if (input.name !== undefined) connection.name = input.name;
    if (input.hidden !== undefined) connection.hidden = input.hidden;
    if (input.policy !== undefined) connection.policy = { ...connection.policy, ...input.policy };
    if (input.active !== undefined) {
      connection.active = input.active;
      connection.inactive_reason = input.active ? null : 'manually_inactivated';
    }
    if (input.metadata !== undefined) {
      const entry = catalog.get(connection.connector);
      if (!entry) throw new Error(`no connector ${connection.connector} in the catalog`);
      const metadata = withKeptSecrets(entry, input.metadata, this.credentials(connection));
      this.setMetadata(connection, entry, checkedMetadata(entry, metadata));
    }
  }

  private setMetadata(connection: ConnectionEntity, entry: CatalogEntry, metadata: Metadata): void {
    const { settings, credentials } = part(entry, metadata);
    connection.settings = settings;
    connection.credential_names = Object.keys(credentials).sort();
    connection.sealed_credentials =
      connection.credential_names.length === 0
        ? null
        : seal(this.keyring, boundTo(connection), JSON.stringify(credentials));
  }

  private credentials(connection: ConnectionEntity): Metadata {
    if (connection.sealed_credentials === null) return {};
    return JSON.parse(open(this.keyring, boundTo(connection), connection.sealed_credentials)) as Metadata;
  }

  private async keepAndPublish(
    manager: EntityManager,
    { id }: ConnectionEntity,
    caller: MachineCaller,
  ): Promise<ConnectionEntity> {
    const connection = await manager.findOneByOrFail(ConnectionEntity, { id });
    const mapping = await manager.findOneBy(MappingEntity, { connection_id: id });
    const record = connectionRecord(connection, mapping);
    await manager.save(ConnectionVersionEntity, {
      connection_id: connection.id,
      version: connection.version,
      snapshot: { ...record },
      created_by: caller.key,
    });
    await publish(manager, { topic: topics.connections.name, key: connection.id, value: record });
    return connection;
  }
}

/** What a connection's credentials are sealed to; the connector opens them by the same words. */
const boundTo = ({ workspace_id, id }: ConnectionEntity): string => `connection ${workspace_id} ${id}`;

/** Metadata with the secrets that the connector declares to be made when missing. */
function withGenerated(entry: CatalogEntry, metadata: Metadata): { metadata: Metadata; generated: Metadata } {
  const missing = generatedNames(entry).filter(([name]) => metadata[name] === undefined);
  const generated = Object.fromEntries(missing.map(([name, recipe]) => [name, newSecret(recipe)]));
  return { metadata: { ...metadata, ...generated }, generated };
}
