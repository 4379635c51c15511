// The calls about what is parked.
import { Controller, Get, Inject, Param } from '@nestjs/common';
import { listAnswer, type MachineCaller, type ParkedSummary } from '@sluice/api';
import { ParkingLots, type ParkedRow } from '@sluice/persistence';
import { ParsedQuery } from '@sluice/service';
import { CallerOf } from '../caller.ts';
import { pageOf, pageQuery, type PageQuery } from '../paging.ts';
import { Visible } from '../visible.ts';

@Controller('api/v1/connections/:id/parked')
export class ParkedController {
  private readonly visible: Visible;
  private readonly parking: ParkingLots;

  constructor(@Inject(Visible) visible: Visible, @Inject(ParkingLots) parking: ParkingLots) {
    this.visible = visible;
    this.parking = parking;
  }

  @Get()
  async list(@CallerOf() caller: MachineCaller, @Param('id') id: string, @ParsedQuery(pageQuery) query: PageQuery) {
    const connection = await this.visible.connection(caller, id);
    const page = pageOf(query);
    const rows = await this.parking.list(connection.id, page);
    const answer = listAnswer(rows, page.limit, (row) => ({ at: row.parked_at_text, id: row.delivery_id }));
    return { ...answer, records: answer.records.map(parkedSummary) };
  }
}

export function parkedSummary(row: ParkedRow): ParkedSummary {
  return {
    id: row.delivery_id,
    workspace: row.workspace_id,
    connection: row.connection_id,
    event: row.event,
    event_id: row.event_id,
    rule: row.rule_id,
    attempt: row.attempt,
    reason: row.reason,
    parked_at: row.parked_at.toISOString(),
    not_before: row.not_before_at?.toISOString() ?? null,
  };
}
