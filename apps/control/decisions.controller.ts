// "Why was this event not delivered here?"
import { Controller, Get, Inject, Param } from '@nestjs/common';
import { notFound, type DecisionsAnswer, type MachineCaller } from '@sluice/api';
import { isUuid } from '@sluice/contracts';
import { History, RulesAt, type DeliveryRow, type RuleAt } from '@sluice/persistence';
import { ParsedQuery } from '@sluice/service';
import type * as z from 'zod';
import { CallerOf } from './caller.ts';
import { decisionsOf, summaryOf, withNamedVersions } from './decisions.ts';
import { decisionQuery } from './queries.ts';
import { Visible } from './visible.ts';

type DecisionQuery = z.infer<typeof decisionQuery>;

@Controller('api/v1')
export class DecisionsController {
  private readonly visible: Visible;
  private readonly history: History;
  private readonly rulesAt: RulesAt;

  constructor(@Inject(Visible) visible: Visible, @Inject(History) history: History, @Inject(RulesAt) rulesAt: RulesAt) {
    this.visible = visible;
    this.history = history;
    this.rulesAt = rulesAt;
  }

  @Get('events/:id/decisions')
  async decisions(
    @CallerOf() caller: MachineCaller,
    @Param('id') id: string,
    @ParsedQuery(decisionQuery) query: DecisionQuery,
  ): Promise<DecisionsAnswer> {
    const event = isUuid(id) ? await this.history.event(await this.visible.workspaceIds(caller), id) : undefined;
    if (!event) throw notFound('id', 'event');
    const text = await this.history.payload(event.id);
    if (text === undefined) throw notFound('id', 'payload yet');
    const isNow = query.at === 'now' || event.routed_at === null;
    const at = isNow ? new Date() : (event.routed_at ?? new Date());
    const deliveries = (await this.history.deliveries([event.id])).filter((delivery) => fits(delivery, query));
    const found = await this.rulesAt.find(event.workspace, at, query);
    const rules = isNow ? found : withNamedVersions(found, await this.named(deliveries));
    const payload = JSON.parse(text) as Record<string, unknown>;
    const all = decisionsOf({ event, payload, rules, deliveries, at });
    return {
      event: event.id,
      at: at.toISOString(),
      summary: summaryOf(event, all),
      records: all.slice(0, query.limit),
    };
  }

  /** The rules that made deliveries, in the versions these name. */
  private async named(deliveries: readonly DeliveryRow[]): Promise<Map<string, RuleAt>> {
    const versions = await Promise.all(
      deliveries.map(({ rule_id, rule_version }) => this.rulesAt.version(rule_id, rule_version)),
    );
    return new Map(versions.flatMap((version) => (version ? [[version.rule.id, version] as const] : [])));
  }
}

const fits = (delivery: DeliveryRow, { connection, rule }: DecisionQuery): boolean =>
  (connection === undefined || delivery.connection_id === connection) &&
  (rule === undefined || delivery.rule_id === rule);
