// Takes the deliveries of one connector and appends the outcome of every attempt, with one log line each.
import { Controller, Inject, type Type } from '@nestjs/common';
import { deliveriesTopic, topics, type ConnectionState, type Delivery, type Outcome } from '@sluice/contracts';
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
    /** Connection -> the version of it that was told to be at fault. */
    private readonly told = new Map<string, number>();

    constructor(
      @Inject(EVENT_LOG) eventLog: EventLog,
      @Inject(LOG) log: Log,
      @Inject(Attempts) attempts: Attempts<unknown>,
    ) {
      this.eventLog = eventLog;
      this.log = log;
      this.attempts = attempts;
    }

    /** What is wrong with the connection itself is told once for each of its versions, before the outcome is. */
    private async tellState({ connection_id: id, connection_version: version, ...outcome }: Outcome): Promise<void> {
      const state = stateAfter(outcome);
      if (state === undefined || (this.told.get(id) ?? 0) >= version) return;
      const message = outcome.error?.message ?? '';
      const value: ConnectionState = {
        connection_id: id,
        workspace_id: outcome.workspace,
        connection_version: version,
        state,
        message,
        at: Date.now(),
      };
      await this.eventLog.append(topics.connectionStates, { key: id, value });
      this.told.set(id, version);
      this.log.warn({ event: 'connection.stopped', connection: id, workspace: outcome.workspace, state }, message);
    }

    @Consumes(deliveriesTopic(connector))
    async onDelivery({ value: delivery, trace }: ConsumedRecord<Delivery>): Promise<void> {
      const outcome = await this.attempts.run(delivery, trace);
      await this.tellState(outcome);
      const topic = outcome.result === 'delivered' ? topics.outcomes : topics.failedOutcomes;
      await this.eventLog.append(topic, { key: outcome.event_id, value: outcome, trace });
      note(this.log, outcome);
    }
  }
  return DeliveriesController;
}

/** What an outcome says of its connection: nothing goes on before somebody has seen to it. */
const states: Readonly<Record<string, string>> = {
  credentials_dead: 'authentication_invalid',
  destination_gone: 'destination_gone',
};
const stateAfter = ({ error }: Pick<Outcome, 'error'>): string | undefined => states[error?.code ?? ''];

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
