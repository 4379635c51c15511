// Where a connector appends: outcomes, what is parked, what it finds out about connections; one log line for each attempt.
import {
  parkedTopic,
  topics,
  type BreakerRecord,
  type ConnectionState,
  type Outcome,
  type Parked,
} from '@sluice/contracts';
import type { EventLog } from '@sluice/kafka';
import type { Log, TraceContext } from '@sluice/telemetry';

/** What an error of an attempt says of its connection: nothing goes on before somebody has seen to it. */
const states: Readonly<Record<string, string>> = {
  credentials_dead: 'authentication_invalid',
  destination_gone: 'destination_gone',
};

export class OutcomeLog {
  private readonly connector: string;
  private readonly eventLog: EventLog;
  private readonly log: Log;
  /** Connection -> the version of it that was told to be at fault. */
  private readonly told = new Map<string, number>();

  constructor(connector: string, eventLog: EventLog, log: Log) {
    this.connector = connector;
    this.eventLog = eventLog;
    this.log = log;
  }

  async open(): Promise<void> {
    const { outcomes, failedOutcomes, connectionStates, breakers } = topics;
    const written = [outcomes, failedOutcomes, connectionStates, breakers, parkedTopic(this.connector)];
    await this.eventLog.openToWrite(written);
  }

  /** Whether what was told lately is not yet safe. */
  isBehind(): boolean {
    return this.eventLog.isBehind();
  }

  async tell(outcome: Outcome, trace: TraceContext): Promise<void> {
    const state = outcome.error && states[outcome.error.code];
    if (state) await this.tellState(outcome, state);
    // One that brings its delivery has to be followed up; of one that was delivered, or is parked already, it is enough to know.
    const topic = outcome.delivery === null ? topics.outcomes : topics.failedOutcomes;
    await this.eventLog.append(topic, { key: outcome.event_id, value: outcome, trace });
    this.note(outcome);
  }

  async park(parked: Parked, trace: TraceContext): Promise<void> {
    const { delivery, reason } = parked;
    await this.eventLog.append(parkedTopic(this.connector), { key: delivery.connection_id, value: parked, trace });
    this.log.info({
      event: 'delivery.parked',
      delivery_id: delivery.id,
      event_id: delivery.event_id,
      workspace: delivery.workspace,
      connection: delivery.connection_id,
      attempt: delivery.attempt,
      reason,
    });
  }

  async remember(connection: string, record: BreakerRecord | null): Promise<void> {
    await this.eventLog.append(topics.breakers, { key: connection, value: record });
    if (record === null || record.diverted_to !== null) return;
    const { workspace_id: workspace, state, reason, open_until } = record;
    this.log.warn(
      { event: 'breaker.changed', connection, workspace, state, reason, open_until },
      'a destination fails',
    );
  }

  /** What is wrong with the connection itself is told once for each of its versions, before the outcome is. */
  private async tellState(outcome: Outcome, state: string): Promise<void> {
    const { connection_id: id, connection_version: version, workspace } = outcome;
    const before = this.told.get(id) ?? 0;
    if (before >= version) return;
    // Before it is appended: many attempts find out at once.
    this.told.set(id, version);
    const message = outcome.error?.message ?? '';
    const found = { connection_id: id, workspace_id: workspace, connection_version: version };
    const value: ConnectionState = { ...found, state, message, at: Date.now() };
    try {
      await this.eventLog.append(topics.connectionStates, { key: id, value });
    } catch (error) {
      this.told.set(id, before);
      throw error;
    }
    this.log.warn({ event: 'connection.stopped', connection: id, workspace, state }, message);
  }

  private note(outcome: Outcome): void {
    this.log.info({
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
}
