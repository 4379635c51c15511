// The calls about connections.
import { Controller, Delete, Get, HttpCode, Inject, Param, Post, Put } from '@nestjs/common';
import {
  connectionDeletion,
  connectionInput,
  connectionUpdate,
  type ConnectionAnswer,
  type ConnectionDeletion,
  type ConnectionInput,
  type ConnectionUpdate,
  type HealthAnswer,
  type MachineCaller,
} from '@sluice/api';
import { defaultPolicy } from '@sluice/contracts';
import { ConnectionEntity } from '@sluice/persistence';
import { JsonBody, ParsedQuery } from '@sluice/service';
import type { DataSource } from 'typeorm';
import { In, IsNull } from 'typeorm';
import { CallerOf } from './caller.ts';
import { Connections } from './connections.ts';
import { masked } from './metadata.ts';
import { paged, pageQuery, type PageQuery } from './paging.ts';
import { Health } from './parking/health.ts';
import { DATABASE } from './tokens.ts';
import { Visible } from './visible.ts';

@Controller('api/v1')
export class ConnectionsController {
  private readonly database: DataSource;
  private readonly visible: Visible;
  private readonly connections: Connections;
  private readonly health: Health;

  constructor(
    @Inject(DATABASE) database: DataSource,
    @Inject(Visible) visible: Visible,
    @Inject(Connections) connections: Connections,
    @Inject(Health) health: Health,
  ) {
    this.database = database;
    this.visible = visible;
    this.connections = connections;
    this.health = health;
  }

  @Post('connections')
  async create(@CallerOf() caller: MachineCaller, @JsonBody(connectionInput) input: ConnectionInput) {
    await this.visible.workspace(caller, input.workspace, 'workspace');
    const { connection, generated } = await this.connections.create(caller, input);
    return { connection: await this.answer(connection), ...(Object.keys(generated).length > 0 ? { generated } : {}) };
  }

  @Get('connections')
  async list(@CallerOf() caller: MachineCaller, @ParsedQuery(pageQuery) query: PageQuery) {
    return this.listIn(await this.visible.workspaceIds(caller), query);
  }

  @Get('workspaces/:id/connections')
  async listOfWorkspace(
    @CallerOf() caller: MachineCaller,
    @Param('id') id: string,
    @ParsedQuery(pageQuery) query: PageQuery,
  ) {
    return this.listIn(await this.visible.workspaceIds(caller, id), query);
  }

  @Get('connections/:id')
  async one(@CallerOf() caller: MachineCaller, @Param('id') id: string): Promise<ConnectionAnswer> {
    return this.answer(await this.visible.connection(caller, id));
  }

  @Put('connections/:id')
  @HttpCode(200)
  async update(
    @CallerOf() caller: MachineCaller,
    @Param('id') id: string,
    @JsonBody(connectionUpdate) input: ConnectionUpdate,
  ) {
    const connection = await this.visible.connection(caller, id);
    return this.answer(await this.connections.update(caller, connection, input));
  }

  @Delete('connections/:id')
  async delete(
    @CallerOf() caller: MachineCaller,
    @Param('id') id: string,
    @JsonBody(connectionDeletion) input: ConnectionDeletion,
  ) {
    const connection = await this.visible.connection(caller, id);
    await this.connections.delete(caller, connection, input.force_delete ?? false);
    return { id: connection.id, deleted: true };
  }

  private async answer(connection: ConnectionEntity): Promise<ConnectionAnswer> {
    const healthOf = await this.health.of([connection.id]);
    return answerOf(connection, healthOf(connection.id));
  }

  private async listIn(workspaces: string[], query: PageQuery) {
    const find = this.database
      .createQueryBuilder(ConnectionEntity, 'record')
      .where({ workspace_id: In(workspaces), deleted_at: IsNull() });
    const page = await paged(find, query, (connection) => connection);
    const healthOf = await this.health.of(page.records.map(({ id }) => id));
    return { ...page, records: page.records.map((connection) => answerOf(connection, healthOf(connection.id))) };
  }
}

const answerOf = (connection: ConnectionEntity, health: HealthAnswer): ConnectionAnswer => ({
  id: connection.id,
  workspace: connection.workspace_id,
  type: connection.connector,
  name: connection.name,
  metadata: masked(connection.settings, connection.credential_names),
  // One that was stored by an older release says less.
  policy: { ...defaultPolicy, ...connection.policy } as ConnectionAnswer['policy'],
  active: connection.active,
  ...(connection.inactive_reason === null ? {} : { inactive_reason: connection.inactive_reason }),
  health,
  hidden: connection.hidden,
  version: connection.version,
  created_by: connection.created_by,
  created_at: connection.created_at.toISOString(),
  updated_at: connection.updated_at.toISOString(),
});
