// What a caller may see: the workspaces of its organization, and what belongs to them. Everything else does not exist.
import { Inject, Injectable } from '@nestjs/common';
import { notFound, type MachineCaller } from '@sluice/api';
import { isUuid } from '@sluice/contracts';
import { ConnectionEntity, EventTypeEntity, RuleEntity, WorkspaceEntity } from '@sluice/persistence';
import type { DataSource } from 'typeorm';
import { In, IsNull } from 'typeorm';
import { DATABASE } from './tokens.ts';

@Injectable()
export class Visible {
  private readonly database: DataSource;

  constructor(@Inject(DATABASE) database: DataSource) {
    this.database = database;
  }

  /** Ids of all workspaces of the caller, or of the one asked for. Throws ApiError (404) when that one is not the caller's. */
  async workspaceIds(caller: MachineCaller, only?: string): Promise<string[]> {
    if (only !== undefined) return [(await this.workspace(caller, only)).id];
    const workspaces = await this.database
      .getRepository(WorkspaceEntity)
      .find({ select: { id: true }, where: { organization_id: caller.organizationId } });
    return workspaces.map(({ id }) => id);
  }

  /** @param param what to name in the error: a field of the body, or `id` of the path */
  async workspace(caller: MachineCaller, id: string, param = 'id'): Promise<WorkspaceEntity> {
    const found = isUuid(id)
      ? await this.database.getRepository(WorkspaceEntity).findOneBy({ id, organization_id: caller.organizationId })
      : null;
    if (!found) throw notFound(param, 'workspace');
    return found;
  }

  async connection(caller: MachineCaller, id: string, param = 'id'): Promise<ConnectionEntity> {
    const found = isUuid(id)
      ? await this.database
          .getRepository(ConnectionEntity)
          .findOneBy({ id, deleted_at: IsNull(), workspace_id: In(await this.workspaceIds(caller)) })
      : null;
    if (!found) throw notFound(param, 'connection');
    return found;
  }

  async rule(caller: MachineCaller, id: string, param = 'id'): Promise<RuleEntity> {
    const found = isUuid(id)
      ? await this.database
          .getRepository(RuleEntity)
          .findOneBy({ id, deleted_at: IsNull(), workspace_id: In(await this.workspaceIds(caller)) })
      : null;
    if (!found) throw notFound(param, 'rule');
    return found;
  }

  async eventType(caller: MachineCaller, id: string): Promise<EventTypeEntity> {
    const found = isUuid(id)
      ? await this.database
          .getRepository(EventTypeEntity)
          .findOneBy({ id, deleted_at: IsNull(), organization_id: caller.organizationId })
      : null;
    if (!found) throw notFound('id', 'event type');
    return found;
  }
}
