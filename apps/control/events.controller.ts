// The calls about what happened: events, their rule events and attempts, payloads; and trying a failed one again.
import { Controller, Get, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import { listAnswer, notFound, type MachineCaller } from '@sluice/api';
import { isUuid } from '@sluice/contracts';
import { History, type AttemptRow, type DeliveryRow, type EventRow } from '@sluice/persistence';
import { ParsedQuery } from '@sluice/service';
import type { FastifyReply } from 'fastify';
import type * as z from 'zod';
import { CallerOf } from './caller.ts';
import { attemptAnswer, eventAnswer, ruleEventAnswer } from './history-answers.ts';
import { pageOf, wholeNumber } from './paging.ts';
import { eventQuery } from './queries.ts';
import { Replays } from './replays.ts';
import { Visible } from './visible.ts';

type EventQuery = z.infer<typeof eventQuery>;

@Controller('api/v1')
export class EventsController {
  private readonly visible: Visible;
  private readonly history: History;
  private readonly replays: Replays;

  constructor(@Inject(Visible) visible: Visible, @Inject(History) history: History, @Inject(Replays) replays: Replays) {
    this.visible = visible;
    this.history = history;
    this.replays = replays;
  }

  @Get('events')
  async list(@CallerOf() caller: MachineCaller, @ParsedQuery(eventQuery) query: EventQuery) {
    return this.listIn(await this.visible.workspaceIds(caller), query);
  }

  @Get('workspaces/:id/events')
  async listOfWorkspace(
    @CallerOf() caller: MachineCaller,
    @Param('id') id: string,
    @ParsedQuery(eventQuery) query: EventQuery,
  ) {
    return this.listIn(await this.visible.workspaceIds(caller, id), query);
  }

  @Get('workspaces/:id/event-types')
  async eventTypes(@CallerOf() caller: MachineCaller, @Param('id') id: string): Promise<string[]> {
    const seen = await this.history.eventTypes(await this.visible.workspaceIds(caller, id));
    return [...new Set(seen.map(({ name }) => name))];
  }

  @Get('workspaces/:id/resources')
  async resources(@CallerOf() caller: MachineCaller, @Param('id') id: string): Promise<string[]> {
    return this.history.resources(await this.visible.workspaceIds(caller, id));
  }

  @Get('events/:id')
  async one(@CallerOf() caller: MachineCaller, @Param('id') id: string) {
    const event = await this.event(caller, id);
    return eventAnswer(event, await this.history.deliveries([event.id]));
  }

  /** The payload's own text, so that no digit of it changes. */
  @Get('events/:id/payload')
  async payload(@CallerOf() caller: MachineCaller, @Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    const event = await this.event(caller, id);
    const payload = await this.history.payload(event.id);
    if (payload === undefined) throw notFound('id', 'payload yet');
    await reply.type('application/json; charset=utf-8').send(payload);
  }

  @Post('events/:id/rules/:rule/retry')
  @HttpCode(200)
  async retry(@CallerOf() caller: MachineCaller, @Param('id') id: string, @Param('rule') rule: string) {
    const { event, delivery } = await this.delivery(caller, id, rule);
    return ruleEventAnswer(event, await this.replays.retry(caller, delivery));
  }

  @Get('events/:id/rules/:rule/attempts')
  async attempts(@CallerOf() caller: MachineCaller, @Param('id') id: string, @Param('rule') rule: string) {
    const rows = await this.attemptsOf(caller, id, rule);
    return { count: rows.length, limit: rows.length, next_cursor: null, records: rows.map(attemptAnswer) };
  }

  @Get('events/:id/rules/:rule/attempts/:attempt')
  async attempt(@CallerOf() caller: MachineCaller, @Param() path: AttemptPath) {
    return attemptAnswer(await this.attemptOf(caller, path));
  }

  @Get('events/:id/rules/:rule/attempts/:attempt/response-details')
  async response(@CallerOf() caller: MachineCaller, @Param() path: AttemptPath) {
    const { response } = await this.attemptOf(caller, path);
    if (!response) throw notFound('attempt', 'response: the destination did not answer');
    return response;
  }

  private async listIn(workspaces: string[], query: EventQuery) {
    const page = pageOf(query);
    const rows = await this.history.events(workspaces, query, page);
    const answer = listAnswer(rows, page.limit, (row) => ({ at: row.created_at_text, id: row.id }));
    const deliveries = await this.history.deliveries(answer.records.map(({ id }) => id));
    const byEvent = Map.groupBy(deliveries, ({ event_id }) => event_id);
    return { ...answer, records: answer.records.map((row) => eventAnswer(row, byEvent.get(row.id) ?? [])) };
  }

  private async event(caller: MachineCaller, id: string): Promise<EventRow> {
    const event = isUuid(id) ? await this.history.event(await this.visible.workspaceIds(caller), id) : undefined;
    if (!event) throw notFound('id', 'event');
    return event;
  }

  private async delivery(
    caller: MachineCaller,
    id: string,
    rule: string,
  ): Promise<{ event: EventRow; delivery: DeliveryRow }> {
    const event = await this.event(caller, id);
    const delivery = (await this.history.deliveries([event.id])).find(({ rule_id }) => rule_id === rule.toLowerCase());
    if (!delivery) throw notFound('rule', 'rule event');
    return { event, delivery };
  }

  private async attemptsOf(caller: MachineCaller, id: string, rule: string): Promise<AttemptRow[]> {
    const { delivery } = await this.delivery(caller, id, rule);
    return this.history.attempts(delivery.event_id, delivery.rule_id);
  }

  private async attemptOf(caller: MachineCaller, { id, rule, attempt }: AttemptPath): Promise<AttemptRow> {
    const number = wholeNumber('attempt', attempt);
    const found = (await this.attemptsOf(caller, id, rule)).find((row) => row.attempt === number);
    if (!found) throw notFound('attempt', 'attempt');
    return found;
  }
}

interface AttemptPath {
  id: string;
  rule: string;
  attempt: string;
}
