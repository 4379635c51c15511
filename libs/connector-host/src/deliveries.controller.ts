// Takes the deliveries of one connector and appends the outcome of every attempt, with one log line each.
import { Controller, Inject, type Type } from '@nestjs/common';
import { deliveriesTopic, topics, type Delivery, type Outcome } from '@sluice/contracts';
import type { ConsumedRecord, EventLog } from '@sluice/kafka';
import { Consumes, EVENT_LOG, LOG } from '@sluice/service';
import type { Log } from '@sluice/telemetry';
import { Attempts } from './attempts.ts';

/** The controller of a connector; a class of its own, because its topic is part of its decorator. */
export function deliveriesController(connector: string): Type {
  @Controller()
  class DeliveriesController {
    private readonly eventLog: EventLog;
    private readonly log: Log;
    private readonly attempts: Attempts<unknown>;

    constructor(
      @Inject(EVENT_LOG) eventLog: EventLog,
      @Inject(LOG) log: Log,
      @Inject(Attempts) attempts: Attempts<unknown>,
    ) {
      this.eventLog = eventLog;
      this.log = log;
      this.attempts = attempts;
    }

    @Consumes(deliveriesTopic(connector))
    async onDelivery({ value: delivery, trace }: ConsumedRecord<Delivery>): Promise<void> {
      const outcome = await this.attempts.run(delivery, trace);
      const topic = outcome.result === 'delivered' ? topics.outcomes : topics.failedOutcomes;
      await this.eventLog.append(topic, { key: outcome.event_id, value: outcome, trace });
      note(this.log, outcome);
    }
  }
  return DeliveriesController;
}

function note(log: Log, outcome: Outcome): void {
  log.info({
    event: 'delivery.attempted',
    delivery_id: outcome.delivery_id,
    event_id: outcome.event_id,
    workspace: outcome.workspace,
    connection: outcome.connection_id,
    attempt: outcome.attempt,
    trigger: outcome.trigger,
    outcome: outcome.result,
    outcome_code: outcome.outcome_code,
    http_status: outcome.http_status,
    error: outcome.error?.code,
    queued_ms: outcome.queued_ms,
    total_ms: outcome.total_ms,
    trace_id: outcome.trace_id,
  });
}
