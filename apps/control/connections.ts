// Connections: made, changed, deleted; every change is a new version, kept, and published.
import { Inject, Injectable } from '@nestjs/common';
import {
  ApiError,
  fieldError,
  notFound,
  type ConnectionInput,
  type ConnectionUpdate,
  type MachineCaller,
} from '@sluice/api';
import { catalog } from '@sluice/catalog';
import { defaultPolicy, newId, topics, type CatalogEntry, type Policy } from '@sluice/contracts';
import {
  AccessTokenEntity,
  ConnectionEntity,
  LiveChoiceEntity,
  OAuthStateEntity,
  publish,
  RuleEntity,
} from '@sluice/persistence';
import { outboundPolicy, type OutboundPolicy } from '@sluice/outbound';
import { CONFIG } from '@sluice/service';
import type { DataSource } from 'typeorm';
import { IsNull, type EntityManager } from 'typeorm';
import { mustBeCallable } from './callable-urls.ts';
import type { Config } from './config.ts';
import { ConnectionChanges, keepAndPublish } from './connection-changes.ts';
import { ConnectionSecrets, entryOf } from './connection-secrets.ts';
import { newSecret } from './keys.ts';
import { checkedMetadata, generatedNames, withKeptSecrets, type Metadata } from './metadata.ts';
import { authorizationOf, tokensOutlive } from './oauth/grants.ts';
import { Relay } from './relay.ts';
import { deleteRule } from './rules.ts';
import { DATABASE } from './tokens.ts';

@Injectable()
export class Connections {
  private readonly database: DataSource;
  private readonly secrets: ConnectionSecrets;
  private readonly changes: ConnectionChanges;
  private readonly relay: Relay;
  private readonly outbound: OutboundPolicy;

  constructor(
    @Inject(DATABASE) database: DataSource,
    @Inject(ConnectionSecrets) secrets: ConnectionSecrets,
    @Inject(ConnectionChanges) changes: ConnectionChanges,
    @Inject(Relay) relay: Relay,
    @Inject(CONFIG) config: Config,
  ) {
    this.outbound = outboundPolicy(config);
    this.database = database;
    this.secrets = secrets;
    this.changes = changes;
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
    mustBeCallable(entry, metadata, this.outbound);
    const connection = await this.database.transaction(async (manager) => {
      const made = manager.create(ConnectionEntity, {
        id: newId(),
        workspace_id: input.workspace,
        connector: entry.slug,
        version: 1,
        name: input.name,
        policy: { ...defaultPolicy, ...vendorLimits(entry), ...input.policy },
        ...activityAtFirst(entry, metadata, input.active ?? true),
        hidden: input.hidden ?? false,
        created_by: caller.key,
        deleted_at: null,
      });
      await this.secrets.setMetadata(manager, made, metadata);
      await manager.save(made);
      return keepAndPublish(manager, made.id, caller.key);
    });
    await this.relay.publish();
    return { connection, generated };
  }

  async update(caller: MachineCaller, { id }: ConnectionEntity, input: ConnectionUpdate): Promise<ConnectionEntity> {
    const changed = await this.changes.change(id, caller.key, async (connection, manager) => {
      if (input.name !== undefined) connection.name = input.name;
      if (input.hidden !== undefined) connection.hidden = input.hidden;
      if (input.policy !== undefined) connection.policy = { ...connection.policy, ...input.policy };
      if (input.metadata !== undefined) await this.replaceMetadata(manager, connection, input.metadata);
      if (input.active !== undefined) await setActivity(manager, connection, input.active);
      return true;
    });
    if (!changed) throw notFound('id', 'connection');
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
      await forgetAuthorization(manager, id);
      await manager.delete(LiveChoiceEntity, { connection_id: id });
      await manager.update(ConnectionEntity, { id }, { deleted_at: new Date() });
      await publish(manager, { topic: topics.connections.name, key: id, value: null });
    });
    await this.relay.publish();
  }

  private async replaceMetadata(manager: EntityManager, connection: ConnectionEntity, given: Metadata): Promise<void> {
    const entry = entryOf(connection);
    const kept = withKeptSecrets(entry, given, this.secrets.credentials(connection));
    const metadata = checkedMetadata(entry, kept);
    mustBeCallable(entry, metadata, this.outbound);
    const before = this.secrets.authorizationOf(connection);
    const after = authorizationOf(entry, metadata);
    await this.secrets.setMetadata(manager, connection, metadata);
    if ((!before && !after) || tokensOutlive(before, after)) return;
    await forgetAuthorization(manager, connection.id);
    if (after?.grant === 'authorization_code') {
      Object.assign(
        connection,
        activityAtFirst(entry, metadata, connection.inactive_reason !== 'manually_inactivated'),
      );
    }
  }
}

/** A connection that a person has to authorize is inactive until then. */
function activityAtFirst(entry: CatalogEntry, metadata: Metadata, isWanted: boolean) {
  if (!isWanted) return { active: false, inactive_reason: 'manually_inactivated' };
  const needsAuthorization = authorizationOf(entry, metadata)?.grant === 'authorization_code';
  return { active: !needsAuthorization, inactive_reason: needsAuthorization ? 'oauth_reauthorization_required' : null };
}

/** Throws ApiError (409) where a person has to authorize first. */
async function setActivity(manager: EntityManager, connection: ConnectionEntity, active: boolean): Promise<void> {
  if (active) {
    const tokens = await manager.findOneBy(AccessTokenEntity, { connection_id: connection.id });
    const { grant } = authorizationOf(entryOf(connection), connection.settings) ?? {};
    if (grant === 'authorization_code' && !tokens?.sealed_tokens) throw new ApiError('authorization_required');
    // Whoever switches it on says that it is mended; where it is not, the next attempt tells.
    await manager.update(AccessTokenEntity, { connection_id: connection.id }, { dead_reason: null });
  }
  // One that we switched off, and that comes back as it was read, keeps why.
  if (!active && !connection.active) return;
  connection.active = active;
  connection.inactive_reason = active ? null : 'manually_inactivated';
}

async function forgetAuthorization(manager: EntityManager, connection: string): Promise<void> {
  await manager.delete(AccessTokenEntity, { connection_id: connection });
  await manager.delete(OAuthStateEntity, { connection_id: connection });
}

/** What the vendor allows is what a connection begins with. */
const vendorLimits = ({ limits }: CatalogEntry): Partial<Policy> => ({
  ...(limits?.concurrency === undefined ? {} : { concurrency: limits.concurrency }),
  ...(limits?.rate ? { rate: limits.rate } : {}),
});

/** Metadata with the secrets that the connector declares to be made when missing. */
function withGenerated(entry: CatalogEntry, metadata: Metadata): { metadata: Metadata; generated: Metadata } {
  const missing = generatedNames(entry).filter(([name]) => metadata[name] === undefined);
  const generated = Object.fromEntries(missing.map(([name, recipe]) => [name, newSecret(recipe)]));
  return { metadata: { ...metadata, ...generated }, generated };
}
