// The calls about rules.
import { Controller, Delete, Get, HttpCode, Inject, Param, Patch, Post, Put } from '@nestjs/common';
import {
  notFound,
  ruleInput,
  ruleUpdate,
  type MachineCaller,
  type RuleAnswer,
  type RuleInput,
  type RuleUpdate,
} from '@sluice/api';
import { RuleEntity } from '@sluice/persistence';
import { JsonBody, ParsedQuery } from '@sluice/service';
import type { DataSource } from 'typeorm';
import { In, IsNull } from 'typeorm';
import type * as z from 'zod';
import { CallerOf } from './caller.ts';
import { paged } from './paging.ts';
import { ruleQuery } from './queries.ts';
import { Rules } from './rules.ts';
import { DATABASE } from './tokens.ts';
import { Visible } from './visible.ts';

type RuleQuery = z.infer<typeof ruleQuery>;

@Controller('api/v1')
export class RulesController {
  private readonly database: DataSource;
  private readonly visible: Visible;
  private readonly rules: Rules;

  constructor(@Inject(DATABASE) database: DataSource, @Inject(Visible) visible: Visible, @Inject(Rules) rules: Rules) {
    this.database = database;
    this.visible = visible;
    this.rules = rules;
  }

  @Post('rules')
  async create(@CallerOf() caller: MachineCaller, @JsonBody(ruleInput) input: RuleInput) {
    const workspace = await this.visible.workspace(caller, input.workspace, 'workspace');
    const connection = await this.visible.connection(caller, input.connection, 'connection');
    if (connection.workspace_id !== workspace.id) throw notFound('connection', 'connection in this workspace');
    const rule = await this.rules.create(caller, connection, input);
    const warnings = this.rules.warnings(rule);
    return { rule: answerOf(rule), ...(warnings.length > 0 ? { warnings } : {}) };
  }

  @Get('rules')
  async list(@CallerOf() caller: MachineCaller, @ParsedQuery(ruleQuery) query: RuleQuery) {
    return this.listIn(await this.visible.workspaceIds(caller), query);
  }

  @Get('workspaces/:id/rules')
  async listOfWorkspace(
    @CallerOf() caller: MachineCaller,
    @Param('id') id: string,
    @ParsedQuery(ruleQuery) query: RuleQuery,
  ) {
    return this.listIn(await this.visible.workspaceIds(caller, id), query);
  }

  @Get('rules/:id')
  async one(@CallerOf() caller: MachineCaller, @Param('id') id: string): Promise<RuleAnswer> {
    return answerOf(await this.visible.rule(caller, id));
  }

  @Put('rules/:id')
  @HttpCode(200)
  replace(@CallerOf() caller: MachineCaller, @Param('id') id: string, @JsonBody(ruleUpdate) input: RuleUpdate) {
    return this.update(caller, id, input);
  }

  @Patch('rules/:id')
  async update(@CallerOf() caller: MachineCaller, @Param('id') id: string, @JsonBody(ruleUpdate) input: RuleUpdate) {
    return answerOf(await this.rules.update(caller, await this.visible.rule(caller, id), input));
  }

  @Delete('rules/:id')
  async delete(@CallerOf() caller: MachineCaller, @Param('id') id: string) {
    const rule = await this.visible.rule(caller, id);
    await this.rules.delete(rule);
    return { id: rule.id, deleted: true };
  }

  private listIn(workspaces: string[], query: RuleQuery) {
    const { event, resource, resource_id } = query;
    const find = this.database.createQueryBuilder(RuleEntity, 'record').where({
      workspace_id: In(workspaces),
      deleted_at: IsNull(),
      ...(event === undefined ? {} : { event }),
      ...(resource === undefined ? {} : { resource }),
      ...(resource_id === undefined ? {} : { resource_id }),
    });
    return paged(find, query, answerOf);
  }
}

const answerOf = (rule: RuleEntity): RuleAnswer => ({
  id: rule.id,
  connection: rule.connection_id,
  workspace: rule.workspace_id,
  type: rule.connector,
  ...(rule.resource === null ? {} : { resource: rule.resource }),
  ...(rule.resource_id === null ? {} : { resource_id: rule.resource_id }),
  event: rule.event,
  metadata: { action: rule.action, ...rule.action_settings },
  conditions: rule.conditions,
  mapping: rule.mapping,
  active: rule.active,
  hidden: rule.hidden,
  version: rule.version,
  created_by: rule.created_by,
  created_at: rule.created_at.toISOString(),
  updated_at: rule.updated_at.toISOString(),
});
