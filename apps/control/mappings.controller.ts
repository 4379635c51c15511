// The calls about default mappings, and the preview of a new one against real events.
import { Controller, Get, HttpCode, Inject, Param, Post, Put } from '@nestjs/common';
import {
  mappingInput,
  mappingPreviewInput,
  notFound,
  type MachineCaller,
  type MappingAnswer,
  type MappingInput,
  type MappingPreview,
  type MappingPreviewInput,
} from '@sluice/api';
import { generatedMapping } from '@sluice/mapping';
import type { ConnectionEntity, MappingEntity } from '@sluice/persistence';
import { JsonBody } from '@sluice/service';
import { CallerOf } from './caller.ts';
import { MappingTrial } from './mapping-trial.ts';
import { Mappings } from './mappings.ts';
import { Visible } from './visible.ts';

@Controller('api/v1')
export class MappingsController {
  private readonly visible: Visible;
  private readonly mappings: Mappings;
  private readonly trial: MappingTrial;

  constructor(
    @Inject(Visible) visible: Visible,
    @Inject(Mappings) mappings: Mappings,
    @Inject(MappingTrial) trial: MappingTrial,
  ) {
    this.visible = visible;
    this.mappings = mappings;
    this.trial = trial;
  }

  @Get('connections/:id/mappings/default')
  async one(@CallerOf() caller: MachineCaller, @Param('id') id: string): Promise<MappingAnswer> {
    const connection = await this.visible.connection(caller, id);
    return answerOf(connection, await this.mappings.default(connection));
  }

  @Put('connections/:id/mappings/default')
  @HttpCode(200)
  async put(@CallerOf() caller: MachineCaller, @Param('id') id: string, @JsonBody(mappingInput) input: MappingInput) {
    const connection = await this.visible.connection(caller, id);
    return answerOf(connection, await this.mappings.put(caller, connection, input));
  }

  @Get('connections/:id/mappings/default/versions')
  async versions(@CallerOf() caller: MachineCaller, @Param('id') id: string) {
    const connection = await this.visible.connection(caller, id);
    const mapping = await this.mappings.default(connection);
    const versions = mapping ? await this.mappings.versions(mapping) : [];
    const records = versions.map(({ version, name, schema, created_by, created_at }) => ({
      ...{ version, name, schema, created_by },
      created_at: created_at.toISOString(),
    }));
    return { count: records.length, limit: records.length, next_cursor: null, records };
  }

  @Post('mappings/preview')
  @HttpCode(200)
  async preview(
    @CallerOf() caller: MachineCaller,
    @JsonBody(mappingPreviewInput) input: MappingPreviewInput,
  ): Promise<MappingPreview> {
    const workspace = await this.visible.workspace(caller, input.workspace, 'workspace');
    const rule = input.rule === undefined ? undefined : await this.visible.rule(caller, input.rule, 'rule');
    const connectionId = rule?.connection_id ?? input.connection;
    const connection =
      connectionId === undefined ? undefined : await this.visible.connection(caller, connectionId, 'connection');
    if (connection && connection.workspace_id !== workspace.id)
      throw notFound('connection', 'connection in this workspace');
    return this.trial.run({ workspace: workspace.id, rule, connection, input });
  }
}

function answerOf(connection: ConnectionEntity, mapping: MappingEntity | null): MappingAnswer {
  return {
    status: mapping ? 'stored' : 'generated',
    mapping: {
      id: mapping?.id ?? null,
      mapping_id: mapping?.id ?? null,
      version: mapping?.version ?? 0,
      workspace_id: connection.workspace_id,
      connection_id: connection.id,
      integration_type: connection.connector,
      name: mapping?.name ?? 'Generated mapping',
      schema: mapping?.schema ?? (generatedMapping() as Record<string, unknown>),
      created_by: mapping?.created_by ?? null,
      created_at: mapping?.created_at.toISOString() ?? null,
      updated_at: mapping?.updated_at.toISOString() ?? null,
    },
  };
}
