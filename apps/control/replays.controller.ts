// The calls about replays of all dead letters that a filter names.
import { Controller, Get, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import {
  notFound,
  replayRunInput,
  type MachineCaller,
  type ReplayCount,
  type ReplayRunAnswer,
  type ReplayRunInput,
} from '@sluice/api';
import { isUuid, newId } from '@sluice/contracts';
import { ReplayEntity, ReplayRuns } from '@sluice/persistence';
import { JsonBody, ParsedQuery } from '@sluice/service';
import type { FastifyReply } from 'fastify';
import type { DataSource } from 'typeorm';
import { CallerOf } from './caller.ts';
import { replayRunAnswer } from './replays-answers.ts';
import { paged, pageQuery, type PageQuery } from './paging.ts';
import { DATABASE } from './tokens.ts';
import { Visible } from './visible.ts';

@Controller('api/v1/replays')
export class ReplaysController {
  private readonly database: DataSource;
  private readonly visible: Visible;
  private readonly runs: ReplayRuns;

  constructor(
    @Inject(DATABASE) database: DataSource,
    @Inject(Visible) visible: Visible,
    @Inject(ReplayRuns) runs: ReplayRuns,
  ) {
    this.database = database;
    this.visible = visible;
    this.runs = runs;
  }

  @Post()
  async create(
    @CallerOf() caller: MachineCaller,
    @JsonBody(replayRunInput) { filter, rate, dry_run }: ReplayRunInput,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ReplayCount | { replay: ReplayRunAnswer }> {
    if (filter.workspace !== undefined) await this.visible.workspace(caller, filter.workspace, 'filter.workspace');
    const workspaces = await this.visible.workspaceIds(caller, filter.workspace);
    if (dry_run) {
      void reply.status(200);
      return { count: await this.runs.count(workspaces, filter) };
    }
    const replay = { id: newId(), organization_id: caller.organizationId, requested_by: caller.key };
    await this.runs.begin({ ...replay, filter, rate }, workspaces);
    return { replay: await this.one(caller, replay.id) };
  }

  @Get()
  async list(@CallerOf() caller: MachineCaller, @ParsedQuery(pageQuery) query: PageQuery) {
    const find = this.database
      .createQueryBuilder(ReplayEntity, 'record')
      .where({ organization_id: caller.organizationId });
    const page = await paged(find, query, (replay) => replay);
    const outcomes = await this.runs.outcomes(page.records.map(({ id }) => id));
    return { ...page, records: page.records.map((replay) => replayRunAnswer(replay, outcomes.get(replay.id))) };
  }

  @Get(':id')
  async one(@CallerOf() caller: MachineCaller, @Param('id') id: string): Promise<ReplayRunAnswer> {
    const replay = await this.replay(caller, id);
    return replayRunAnswer(replay, (await this.runs.outcomes([id])).get(replay.id));
  }

  @Post(':id/cancel')
  @HttpCode(200)
  async cancel(@CallerOf() caller: MachineCaller, @Param('id') id: string): Promise<ReplayRunAnswer> {
    const { id: known } = await this.replay(caller, id);
    await this.runs.cancel(known);
    return this.one(caller, known);
  }

  private async replay(caller: MachineCaller, id: string): Promise<ReplayEntity> {
    const replay = isUuid(id)
      ? await this.database.getRepository(ReplayEntity).findOneBy({ id, organization_id: caller.organizationId })
      : null;
    if (!replay) throw notFound('id', 'replay');
    return replay;
  }
}
