// The calls about dead letters.
import { Controller, Get, Inject, Param, Post } from '@nestjs/common';
import { listAnswer, notFound, type MachineCaller } from '@sluice/api';
import { isUuid } from '@sluice/contracts';
import { DeadLetters, type DeadLetterRow } from '@sluice/persistence';
import { ParsedQuery } from '@sluice/service';
import type * as z from 'zod';
import { CallerOf } from './caller.ts';
import { deadLetterSummary } from './history-answers.ts';
import { pageOf } from './paging.ts';
import { deadLetterQuery } from './queries.ts';
import { Replays } from './replays.ts';
import { Visible } from './visible.ts';

@Controller('api/v1/dead-letters')
export class DeadLettersController {
  private readonly visible: Visible;
  private readonly deadLetters: DeadLetters;
  private readonly replays: Replays;

  constructor(
    @Inject(Visible) visible: Visible,
    @Inject(DeadLetters) deadLetters: DeadLetters,
    @Inject(Replays) replays: Replays,
  ) {
    this.visible = visible;
    this.deadLetters = deadLetters;
    this.replays = replays;
  }

  @Get()
  async list(@CallerOf() caller: MachineCaller, @ParsedQuery(deadLetterQuery) query: z.infer<typeof deadLetterQuery>) {
    const page = pageOf(query);
    const rows = await this.deadLetters.list(await this.visible.workspaceIds(caller, query.workspace), query, page);
    const answer = listAnswer(rows, page.limit, (row) => ({ at: row.dead_at_text, id: row.id }));
    return { ...answer, records: answer.records.map(deadLetterSummary) };
  }

  @Get(':id')
  async one(@CallerOf() caller: MachineCaller, @Param('id') id: string) {
    const row = await this.row(caller, id);
    const { rule_version, connection_version, mapping_version, payload, attempts } = row.delivery;
    return {
      ...deadLetterSummary(row),
      rule_version,
      connection_version,
      mapping_version,
      payload: JSON.parse(payload) as unknown,
      attempts: attempts.map((attempt) => ({ ...attempt, started_at: new Date(attempt.started_at).toISOString() })),
    };
  }

  @Post(':id/replay')
  async replay(@CallerOf() caller: MachineCaller, @Param('id') id: string) {
    return { replay: await this.replays.replay(caller, await this.row(caller, id)) };
  }

  private async row(caller: MachineCaller, id: string): Promise<DeadLetterRow> {
    const row = isUuid(id) ? await this.deadLetters.one(await this.visible.workspaceIds(caller), id) : undefined;
    if (!row) throw notFound('id', 'dead letter');
    return row;
  }
}
