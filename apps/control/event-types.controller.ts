// The calls about event types, registered and discovered.
import { Controller, Delete, Get, HttpCode, Inject, Param, Post, Put } from '@nestjs/common';
import {
  eventTypeInput,
  eventTypeUpdate,
  notFound,
  type DiscoveredEventType,
  type EventTypeAnswer,
  type EventTypeInput,
  type EventTypeUpdate,
  type MachineCaller,
} from '@sluice/api';
import { EventTypeEntity, History } from '@sluice/persistence';
import { JsonBody, ParsedQuery } from '@sluice/service';
import type { DataSource } from 'typeorm';
import { IsNull } from 'typeorm';
import type * as z from 'zod';
import { CallerOf } from './caller.ts';
import { EventTypes } from './event-types.ts';
import { paged } from './paging.ts';
import { eventTypeQuery } from './queries.ts';
import { DATABASE } from './tokens.ts';
import { Visible } from './visible.ts';

type EventTypeQuery = z.infer<typeof eventTypeQuery>;

@Controller('api/v1/event-types')
export class EventTypesController {
  private readonly database: DataSource;
  private readonly visible: Visible;
  private readonly types: EventTypes;
  private readonly history: History;

  constructor(
    @Inject(DATABASE) database: DataSource,
    @Inject(Visible) visible: Visible,
    @Inject(EventTypes) types: EventTypes,
    @Inject(History) history: History,
  ) {
    this.database = database;
    this.visible = visible;
    this.types = types;
    this.history = history;
  }

  @Post()
  async create(@CallerOf() caller: MachineCaller, @JsonBody(eventTypeInput) input: EventTypeInput) {
    if (input.workspace) await this.visible.workspace(caller, input.workspace, 'workspace');
    return { event_type: answerOf(await this.types.create(caller, input)) };
  }

  @Get()
  async list(@CallerOf() caller: MachineCaller, @ParsedQuery(eventTypeQuery) query: EventTypeQuery) {
    const { workspace, name } = query;
    if (workspace !== undefined) await this.visible.workspace(caller, workspace, 'workspace');
    const find = this.database
      .createQueryBuilder(EventTypeEntity, 'record')
      .where({ organization_id: caller.organizationId, deleted_at: IsNull(), ...(name === undefined ? {} : { name }) });
    // What counts in a workspace: its own, and the organization's.
    if (workspace !== undefined)
      find.andWhere('(record.workspace_id = :workspace or record.workspace_id is null)', { workspace });
    return paged(find, query, answerOf);
  }

  /** Seen in traffic and not registered, for any workspace of the caller or for one. */
  @Get('discovered')
  async discovered(@CallerOf() caller: MachineCaller, @ParsedQuery(eventTypeQuery) query: EventTypeQuery) {
    const workspaces = await this.visible.workspaceIds(caller, query.workspace);
    const seen = await this.history.eventTypes(workspaces);
    const registered = await this.database
      .getRepository(EventTypeEntity)
      .findBy({ organization_id: caller.organizationId, deleted_at: IsNull() });
    const isRegistered = (workspace: string, name: string): boolean =>
      registered.some((type) => type.name === name && (type.workspace_id === null || type.workspace_id === workspace));
    const unknown = seen.filter(({ workspace, name }) => !isRegistered(workspace, name)).slice(0, query.limit);
    const records = await Promise.all(
      unknown.map(async (row): Promise<DiscoveredEventType> => {
        const payload = await this.history.payload(row.sample_event_id);
        return {
          workspace: row.workspace,
          name: row.name,
          first_seen_at: row.first_seen_at.toISOString(),
          last_seen_at: row.last_seen_at.toISOString(),
          sample: {
            event: row.sample_event_id,
            payload: payload === undefined ? null : (JSON.parse(payload) as Record<string, unknown>),
          },
        };
      }),
    );
    return { count: records.length, limit: query.limit, next_cursor: null, records };
  }

  @Get(':id')
  async one(@CallerOf() caller: MachineCaller, @Param('id') id: string): Promise<EventTypeAnswer> {
    return answerOf(await this.visible.eventType(caller, id));
  }

  @Put(':id')
  @HttpCode(200)
  async update(
    @CallerOf() caller: MachineCaller,
    @Param('id') id: string,
    @JsonBody(eventTypeUpdate) input: EventTypeUpdate,
  ): Promise<EventTypeAnswer> {
    return answerOf(await this.types.update(caller, await this.visible.eventType(caller, id), input));
  }

  @Delete(':id')
  async delete(@CallerOf() caller: MachineCaller, @Param('id') id: string) {
    const type = await this.visible.eventType(caller, id);
    if (type.deleted_at !== null) throw notFound('id', 'event type');
    await this.types.delete(type);
    return { id: type.id, deleted: true };
  }
}

const answerOf = (type: EventTypeEntity): EventTypeAnswer => ({
  id: type.id,
  workspace: type.workspace_id,
  name: type.name,
  version: type.version,
  description: type.description,
  schema: type.schema,
  example: type.example,
  mode: type.mode,
  created_by: type.created_by,
  created_at: type.created_at.toISOString(),
  updated_at: type.updated_at.toISOString(),
});
