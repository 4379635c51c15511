// Rules: made, changed, deleted; every change is a new version, kept, and published.
import { Inject, Injectable } from '@nestjs/common';
import type { MachineCaller, RuleInput, RuleUpdate } from '@sluice/api';
import { catalog } from '@sluice/catalog';
import { newId, topics } from '@sluice/contracts';
import { publish, RuleEntity, RuleVersionEntity, type ConnectionEntity } from '@sluice/persistence';
import type { DataSource } from 'typeorm';
import { type EntityManager } from 'typeorm';
import { checkedFields, type Metadata } from './metadata.ts';
import { ruleRecord } from './records.ts';
import { Relay } from './relay.ts';
import { DATABASE } from './tokens.ts';

@Injectable()
export class Rules {
  private readonly database: DataSource;
  private readonly relay: Relay;

  constructor(@Inject(DATABASE) database: DataSource, @Inject(Relay) relay: Relay) {
    this.database = database;
    this.relay = relay;
  }

  async create(caller: MachineCaller, connection: ConnectionEntity, input: RuleInput): Promise<RuleEntity> {
    const action = actionOf(connection.connector, input.metadata);
    const rule = await this.database.transaction(async (manager) => {
      const made = manager.create(RuleEntity, {
        id: newId(),
        workspace_id: connection.workspace_id,
        connection_id: connection.id,
        connector: connection.connector,
        version: 1,
        event: input.event,
        resource: input.resource ?? null,
        resource_id: input.resource_id ?? null,
        ...action,
        active: input.active ?? true,
        hidden: input.hidden ?? false,
        created_by: caller.key,
        deleted_at: null,
      });
      await manager.save(made);
      return keepAndPublish(manager, made, caller);
    });
    await this.relay.publish();
    return rule;
  }

  async update(caller: MachineCaller, { id }: RuleEntity, input: RuleUpdate): Promise<RuleEntity> {
    const rule = await this.database.transaction(async (manager) => {
      const changed = await manager.findOneOrFail(RuleEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
      apply(changed, input);
      changed.version += 1;
      await manager.save(changed);
      return keepAndPublish(manager, changed, caller);
    });
    await this.relay.publish();
    return rule;
  }

  async delete(rule: RuleEntity): Promise<void> {
    await this.database.transaction((manager) => deleteRule(manager, rule));
    await this.relay.publish();
  }
}

/** Deletes a rule within a transaction. Its versions stay. */
export async function deleteRule(manager: EntityManager, { id }: RuleEntity): Promise<void> {
  await manager.update(RuleEntity, { id }, { deleted_at: new Date() });
  await publish(manager, { topic: topics.rules.name, key: id, value: null });
}

function apply(rule: RuleEntity, input: RuleUpdate): void {
  if (input.event !== undefined) rule.event = input.event;
  if (input.resource !== undefined) rule.resource = input.resource;
  if (input.resource_id !== undefined) rule.resource_id = input.resource_id;
  if (input.active !== undefined) rule.active = input.active;
  if (input.hidden !== undefined) rule.hidden = input.hidden;
  if (input.metadata !== undefined) Object.assign(rule, actionOf(rule.connector, input.metadata));
}

/** The action of a rule's metadata and the action's own fields, checked against the catalog. */
function actionOf(connector: string, { action, ...fields }: { action: string } & Metadata) {
  const entry = catalog.get(connector);
  if (!entry) throw new Error(`no connector ${connector} in the catalog`);
  return { action, action_settings: checkedFields(entry, action, fields) };
}

async function keepAndPublish(manager: EntityManager, { id }: RuleEntity, caller: MachineCaller): Promise<RuleEntity> {
  const rule = await manager.findOneByOrFail(RuleEntity, { id });
  const record = ruleRecord(rule);
  await manager.save(RuleVersionEntity, {
    rule_id: id,
    version: rule.version,
    snapshot: { ...record },
    created_by: caller.key,
  });
  await publish(manager, { topic: topics.rules.name, key: id, value: record });
  return rule;
}
