// Workspaces: make, list, read, rename; each has a publishable key from the beginning.
import { Controller, Get, HttpCode, Inject, Param, Post, Put } from '@nestjs/common';
import {
  workspaceInput,
  workspaceUpdate,
  type MachineCaller,
  type WorkspaceAnswer,
  type WorkspaceInput,
  type WorkspaceUpdate,
} from '@sluice/api';
import { newId, topics } from '@sluice/contracts';
import { AccessKeyEntity, publish, WorkspaceEntity, accessKeyRecord, workspaceRecord } from '@sluice/persistence';
import { JsonBody, ParsedQuery } from '@sluice/service';
import type { DataSource } from 'typeorm';
import { type EntityManager } from 'typeorm';
import { CallerOf } from './caller.ts';
import { newPublishableKey } from './keys.ts';
import { paged, pageQuery, type PageQuery } from './paging.ts';
import { Relay } from './relay.ts';
import { DATABASE } from './tokens.ts';
import { Visible } from './visible.ts';

@Controller('api/v1/workspaces')
export class WorkspacesController {
  private readonly database: DataSource;
  private readonly visible: Visible;
  private readonly relay: Relay;

  constructor(@Inject(DATABASE) database: DataSource, @Inject(Visible) visible: Visible, @Inject(Relay) relay: Relay) {
    this.database = database;
    this.visible = visible;
    this.relay = relay;
  }

  @Post()
  async create(@CallerOf() caller: MachineCaller, @JsonBody(workspaceInput) input: WorkspaceInput) {
    const made = await this.database.transaction(async (manager) => {
      const workspace = manager.create(WorkspaceEntity, {
        id: newId(),
        organization_id: caller.organizationId,
        name: input.name,
        description: input.description ?? null,
      });
      await manager.insert(WorkspaceEntity, workspace);
      await publish(manager, { topic: topics.workspaces.name, key: workspace.id, value: workspaceRecord(workspace) });
      await makePublishableKey(manager, workspace);
      return manager.findOneByOrFail(WorkspaceEntity, { id: workspace.id });
    });
    await this.relay.publish();
    return { workspace: await this.answer(made) };
  }

  @Get()
  async list(@CallerOf() caller: MachineCaller, @ParsedQuery(pageQuery) query: PageQuery) {
    const find = this.database
      .createQueryBuilder(WorkspaceEntity, 'record')
      .where({ organization_id: caller.organizationId });
    return paged(find, query, answerOf);
  }

  @Get(':id')
  async one(@CallerOf() caller: MachineCaller, @Param('id') id: string) {
    return this.answer(await this.visible.workspace(caller, id));
  }

  @Put(':id')
  @HttpCode(200)
  async update(
    @CallerOf() caller: MachineCaller,
    @Param('id') id: string,
    @JsonBody(workspaceUpdate) input: WorkspaceUpdate,
  ) {
    const workspace = await this.visible.workspace(caller, id);
    if (input.name !== undefined) workspace.name = input.name;
    if (input.description !== undefined) workspace.description = input.description;
    return this.answer(await this.database.getRepository(WorkspaceEntity).save(workspace));
  }

  private async answer(workspace: WorkspaceEntity): Promise<WorkspaceAnswer> {
    const key = await this.database
      .getRepository(AccessKeyEntity)
      .findOneBy({ workspace_id: workspace.id, kind: 'publishable' });
    return { ...answerOf(workspace), ...(key ? { publishable_key: { public_key: key.id, name: key.name } } : {}) };
  }
}

async function makePublishableKey(manager: EntityManager, workspace: WorkspaceEntity): Promise<void> {
  const key = manager.create(AccessKeyEntity, {
    id: newPublishableKey(),
    kind: 'publishable',
    organization_id: workspace.organization_id,
    workspace_id: workspace.id,
    name: 'Default',
    sealed_secret: null,
    expires_at: null,
    revoked_at: null,
  });
  await manager.insert(AccessKeyEntity, key);
  await publish(manager, { topic: topics.accessKeys.name, key: key.id, value: accessKeyRecord(key) });
}

const answerOf = (workspace: WorkspaceEntity): WorkspaceAnswer => ({
  id: workspace.id,
  name: workspace.name,
  description: workspace.description,
  created_at: workspace.created_at.toISOString(),
  updated_at: workspace.updated_at.toISOString(),
});
