// Event types: registered with a schema and an example, changed compatibly, published to ingest; every version kept.
import { Inject, Injectable } from '@nestjs/common';
import {
  ApiError,
  type EventTypeInput,
  type EventTypeUpdate,
  type FieldProblem,
  type MachineCaller,
} from '@sluice/api';
import { newId, topics } from '@sluice/contracts';
import { checkEventTypeSchema, checkExample, incompatibilities } from '@sluice/event-types';
import { EventTypeEntity, EventTypeVersionEntity, publish, eventTypeRecord } from '@sluice/persistence';
import type { DataSource } from 'typeorm';
import { IsNull, type EntityManager } from 'typeorm';
import { Relay } from './relay.ts';
import { DATABASE } from './tokens.ts';

/** Event types of one organization at most, those of its workspaces included. */
const typesPerOrganization = 5_000;

@Injectable()
export class EventTypes {
  private readonly database: DataSource;
  private readonly relay: Relay;

  constructor(@Inject(DATABASE) database: DataSource, @Inject(Relay) relay: Relay) {
    this.database = database;
    this.relay = relay;
  }

  async create(caller: MachineCaller, input: EventTypeInput): Promise<EventTypeEntity> {
    mustBeSound(input.schema, input.example);
    const made = await this.database.transaction(async (manager) => {
      await mustBeNew(manager, caller, input);
      const type = manager.create(EventTypeEntity, {
        id: newId(),
        organization_id: caller.organizationId,
        workspace_id: input.workspace ?? null,
        name: input.name,
        version: 1,
        description: input.description ?? null,
        schema: input.schema,
        example: input.example ?? null,
        mode: input.mode ?? 'off',
        created_by: caller.key,
        deleted_at: null,
      });
      await manager.save(type);
      return keepAndPublish(manager, type, caller);
    });
    await this.relay.publish();
    return made;
  }

  /** Throws ApiError (409) when the new schema is not compatible with the present one, unless forced. */
  async update(caller: MachineCaller, { id }: EventTypeEntity, input: EventTypeUpdate): Promise<EventTypeEntity> {
    const changed = await this.database.transaction(async (manager) => {
      const type = await manager.findOneOrFail(EventTypeEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
      if (input.expected_version !== undefined && input.expected_version !== type.version)
        throw new ApiError('version_stale');
      const before = type.schema;
      if (input.description !== undefined) type.description = input.description;
      if (input.schema !== undefined) type.schema = input.schema;
      if (input.example !== undefined) type.example = input.example;
      if (input.mode !== undefined) type.mode = input.mode;
      mustBeSound(type.schema, type.example);
      if (input.schema !== undefined && !input.force) mustBeCompatible(before, input.schema);
      type.version += 1;
      await manager.save(type);
      return keepAndPublish(manager, type, caller);
    });
    await this.relay.publish();
    return changed;
  }

  async delete({ id }: EventTypeEntity): Promise<void> {
    await this.database.transaction(async (manager) => {
      await manager.update(EventTypeEntity, { id }, { deleted_at: new Date() });
      await publish(manager, { topic: topics.eventTypes.name, key: id, value: null });
    });
    await this.relay.publish();
  }
}

function mustBeSound(schema: Record<string, unknown>, example: Record<string, unknown> | null | undefined): void {
  const problems: FieldProblem[] = checkEventTypeSchema(schema);
  if (problems.length === 0 && example) problems.push(...checkExample(schema, example));
  if (problems.length > 0) throw new ApiError('event_type_invalid', { data: problems });
}

function mustBeCompatible(before: Record<string, unknown>, after: Record<string, unknown>): void {
  const problems = incompatibilities(before, after);
  if (problems.length > 0) throw new ApiError('event_type_incompatible', { data: problems });
}

async function mustBeNew(
  manager: EntityManager,
  caller: MachineCaller,
  { workspace, name }: EventTypeInput,
): Promise<void> {
  const living = { organization_id: caller.organizationId, deleted_at: IsNull() };
  const same = await manager.countBy(EventTypeEntity, { ...living, name, workspace_id: workspace ?? IsNull() });
  if (same > 0)
    throw new ApiError('event_type_exists', { data: [{ param: 'name', msg: `${name} is registered already` }] });
  if ((await manager.countBy(EventTypeEntity, living)) < typesPerOrganization) return;
  throw new ApiError('limit_reached', {
    data: [{ param: 'name', msg: `there are ${typesPerOrganization} event types already` }],
  });
}

async function keepAndPublish(
  manager: EntityManager,
  { id }: EventTypeEntity,
  caller: MachineCaller,
): Promise<EventTypeEntity> {
  const type = await manager.findOneByOrFail(EventTypeEntity, { id });
  const record = eventTypeRecord(type);
  const { description, example } = type;
  await manager.save(EventTypeVersionEntity, {
    event_type_id: id,
    version: type.version,
    snapshot: { ...record, description, example },
    created_by: caller.key,
  });
  await publish(manager, { topic: topics.eventTypes.name, key: id, value: record });
  return type;
}
