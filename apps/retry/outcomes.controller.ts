// Takes outcomes, replays and releases: appends what follows, and says in one line when a delivery is given up.
import { Controller, Inject } from '@nestjs/common';
import { topics, type DeadLetter, type Outcome, type Release, type Replay } from '@sluice/contracts';
import { asReplay } from '@sluice/delivery';
import { PoisonError, type ConsumedRecord } from '@sluice/kafka';
import { Consumes, LOG } from '@sluice/service';
import { traceIdOf, type Log, type TraceContext } from '@sluice/telemetry';
import { DeliveryLog } from './delivery-log.ts';
import { expired, follow } from './follow.ts';
import { Followed } from './followed.ts';
import { Policies } from './policies.ts';

@Controller()
export class OutcomesController {
  private readonly deliveries: DeliveryLog;
  private readonly policies: Policies;
  private readonly log: Log;
  private readonly followed = new Followed();

  constructor(
    @Inject(DeliveryLog) deliveries: DeliveryLog,
    @Inject(Policies) policies: Policies,
    @Inject(LOG) log: Log,
  ) {
    this.deliveries = deliveries;
    this.policies = policies;
    this.log = log;
  }

  @Consumes(topics.failedOutcomes)
  async onOutcome({ value: outcome, trace }: ConsumedRecord<Outcome>): Promise<void> {
    if (this.followed.has(outcome.delivery_id, outcome.attempt)) return;
    const { delivery } = outcome;
    if (!delivery) throw new PoisonError('handler_failed', 'a failed outcome came without its delivery');
    // Before the append: should that fail, the process ends and forgets this with everything else.
    this.followed.add(outcome.delivery_id, outcome.attempt);
    const followUp = follow({ ...outcome, delivery }, this.policies.of(outcome.connection_id), {
      nowMs: Date.now(),
      random: Math.random(),
    });
    switch (followUp.kind) {
      case 'nothing':
        return;
      case 'retry':
        return this.deliveries.wait(followUp.tier, followUp.retry, trace);
      case 'parked':
        return this.deliveries.park(followUp.parked, trace);
      case 'dead-letter':
        return this.bury(followUp.deadLetter, trace);
    }
  }

  @Consumes(topics.replays)
  async onReplay({ value: replay, trace }: ConsumedRecord<Replay>): Promise<void> {
    await this.deliveries.deliver(asReplay(replay.delivery, replay), trace);
  }

  @Consumes(topics.releases)
  async onRelease({ value: { delivery, is_expired }, trace }: ConsumedRecord<Release>): Promise<void> {
    if (is_expired) await this.bury(expired(delivery, Date.now()), trace);
    else await this.deliveries.deliver(delivery, trace);
  }

  private async bury(deadLetter: DeadLetter, trace: TraceContext): Promise<void> {
    await this.deliveries.bury(deadLetter, trace);
    this.note(deadLetter, trace);
  }

  private note({ reason, delivery, outcome_code, http_status }: DeadLetter, trace: TraceContext): void {
    this.log.warn({
      event: 'delivery.dead-lettered',
      delivery_id: delivery.id,
      event_id: delivery.event_id,
      workspace: delivery.workspace,
      connection: delivery.connection_id,
      reason,
      outcome_code,
      http_status,
      attempts: delivery.attempt,
      trace_id: traceIdOf(trace),
    });
  }
}
