// Rules: made, changed, deleted; checked before they are stored; every change is a new version, kept, and published.
import { Inject, Injectable } from '@nestjs/common';
import { ApiError, type FieldProblem, type MachineCaller, type RuleInput, type RuleUpdate } from '@sluice/api';
import { catalog } from '@sluice/catalog';
import { newId, topics } from '@sluice/contracts';
import { publish, RuleEntity, RuleVersionEntity, type ConnectionEntity, ruleRecord } from '@sluice/persistence';
import { checkConditions, checkEventTypePattern, lintConditions } from '@sluice/rules';
import type { DataSource } from 'typeorm';
import { IsNull, type EntityManager } from 'typeorm';
import { Mapper } from './mapper.ts';
import { checkedFields, type Metadata } from './metadata.ts';
import { Relay } from './relay.ts';
import { DATABASE } from './tokens.ts';

/** Rules of one workspace at most: what the router's index is built and measured for. */
const rulesPerWorkspace = 10_000;

/** The parts of a rule that have a language of their own. */
type Written = Pick<RuleUpdate, 'event' | 'conditions' | 'mapping'>;

@Injectable()
export class Rules {
  private readonly database: DataSource;
  private readonly relay: Relay;
  private readonly mapper: Mapper;

  constructor(@Inject(DATABASE) database: DataSource, @Inject(Relay) relay: Relay, @Inject(Mapper) mapper: Mapper) {
    this.database = database;
    this.relay = relay;
    this.mapper = mapper;
  }

  /** A rule of this input that is not stored: what a dry run tries. Throws ApiError naming what is not sound. */
  async draft(connection: ConnectionEntity, input: Omit<RuleInput, 'workspace'>): Promise<RuleEntity> {
    await this.mustBeSound(input);
    return this.database.manager.create(RuleEntity, {
      id: newId(),
      workspace_id: connection.workspace_id,
      connection_id: connection.id,
      connector: connection.connector,
      version: 1,
      event: input.event,
      resource: input.resource ?? null,
      resource_id: input.resource_id ?? null,
      ...actionOf(connection.connector, input.metadata),
      conditions: input.conditions ?? null,
      mapping: input.mapping ?? null,
      active: input.active ?? true,
      hidden: input.hidden ?? false,
      deleted_at: null,
    });
  }

  async create(caller: MachineCaller, connection: ConnectionEntity, input: RuleInput): Promise<RuleEntity> {
    const made = await this.draft(connection, input);
    made.created_by = caller.key;
    const rule = await this.database.transaction(async (manager) => {
      await mustHaveRoom(manager, connection.workspace_id);
      await manager.save(made);
      return keepAndPublish(manager, made, caller);
    });
    await this.relay.publish();
    return rule;
  }

  async update(caller: MachineCaller, { id }: RuleEntity, input: RuleUpdate): Promise<RuleEntity> {
    await this.mustBeSound(input);
    const rule = await this.database.transaction(async (manager) => {
      const changed = await manager.findOneOrFail(RuleEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
      if (input.expected_version !== undefined && input.expected_version !== changed.version)
        throw new ApiError('version_stale');
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

  /** What is sound but probably not meant. */
  warnings(rule: RuleEntity): FieldProblem[] {
    return rule.conditions === null ? [] : lintConditions(rule.conditions);
  }

  private async mustBeSound({ event, conditions, mapping }: Written): Promise<void> {
    const inEvent = event === undefined ? [] : checkEventTypePattern(event);
    if (inEvent.length > 0) throw new ApiError('field_invalid', { data: inEvent });
    const inConditions = conditions ? checkConditions(conditions) : [];
    if (inConditions.length > 0) throw new ApiError('conditions_invalid', { data: inConditions });
    if (mapping) await this.mapper.mustBeSound(mapping, 'mapping');
  }
}

/** Deletes a rule within a transaction. Its versions stay. */
export async function deleteRule(manager: EntityManager, { id }: RuleEntity): Promise<void> {
  await manager.update(RuleEntity, { id }, { deleted_at: new Date() });
  await publish(manager, { topic: topics.rules.name, key: id, value: null });
}

async function mustHaveRoom(manager: EntityManager, workspace: string): Promise<void> {
  const count = await manager.countBy(RuleEntity, { workspace_id: workspace, deleted_at: IsNull() });
  if (count < rulesPerWorkspace) return;
  throw new ApiError('limit_reached', {
    data: [{ param: 'workspace', msg: `has ${rulesPerWorkspace} rules already` }],
  });
}

function apply(rule: RuleEntity, input: RuleUpdate): void {
  if (input.event !== undefined) rule.event = input.event;
  if (input.resource !== undefined) rule.resource = input.resource;
  if (input.resource_id !== undefined) rule.resource_id = input.resource_id;
  if (input.conditions !== undefined) rule.conditions = input.conditions;
  if (input.mapping !== undefined) rule.mapping = input.mapping;
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
