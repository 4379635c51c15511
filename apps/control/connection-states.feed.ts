// Follows what connectors find out about connections; what Postgres cannot take now is tried again every second.
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { topics, type ConnectionState } from '@sluice/contracts';
import type { EventLog } from '@sluice/kafka';
import { EVENT_LOG, LOG } from '@sluice/service';
import type { Log } from '@sluice/telemetry';
import { ConnectionStates } from './connection-states.ts';

const againMs = 1_000;

@Injectable()
export class ConnectionStatesFeed implements OnModuleInit, OnModuleDestroy {
  private readonly eventLog: EventLog;
  private readonly states: ConnectionStates;
  private readonly log: Log;
  /** Connection -> its newest state, until it has been taken. */
  private readonly waiting = new Map<string, ConnectionState>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(EVENT_LOG) eventLog: EventLog,
    @Inject(ConnectionStates) states: ConnectionStates,
    @Inject(LOG) log: Log,
  ) {
    this.eventLog = eventLog;
    this.states = states;
    this.log = log;
  }

  async onModuleInit(): Promise<void> {
    await this.eventLog.follow([
      { topic: topics.connectionStates, apply: (id, value) => this.take(id, value as ConnectionState | null) },
    ]);
    this.timer = setInterval(() => [...this.waiting.values()].forEach((state) => void this.apply(state)), againMs);
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  private take(id: string, state: ConnectionState | null): void {
    if (state === null) return void this.waiting.delete(id);
    this.waiting.set(id, state);
    void this.apply(state);
  }

  private async apply(state: ConnectionState): Promise<void> {
    const id = state.connection_id;
    try {
      await this.states.apply(state);
      if (this.waiting.get(id) === state) this.waiting.delete(id);
    } catch (error) {
      this.log.warn({ event: 'connection-state.delayed', connection: id, error: String(error) }, 'tried again in 1 s');
    }
  }
}
