// The breakers that are not closed, as connectors remember them: in memory, fed by the compacted topic.
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { topics, type BreakerRecord } from '@sluice/contracts';
import type { EventLog } from '@sluice/kafka';
import { EVENT_LOG } from '@sluice/service';

@Injectable()
export class Breakers implements OnModuleInit {
  private readonly eventLog: Pick<EventLog, 'follow'>;
  private readonly records = new Map<string, BreakerRecord>();
  private readonly closedAtMs = new Map<string, number>();
  private isReadToEnd = false;

  constructor(@Inject(EVENT_LOG) eventLog: Pick<EventLog, 'follow'>) {
    this.eventLog = eventLog;
  }

  async onModuleInit(): Promise<void> {
    await this.eventLog.follow([
      { topic: topics.breakers, apply: (id, value) => this.apply(id, value as BreakerRecord | null) },
    ]);
    this.isReadToEnd = true;
  }

  /** Undefined while it is closed. */
  of(connection: string): BreakerRecord | undefined {
    return this.records.get(connection);
  }

  /** Connections whose breakers are not closed. */
  get failing(): string[] {
    return [...this.records.keys()];
  }

  /** When breakers closed, as far as this process has seen it happen. */
  get wellAtMs(): ReadonlyMap<string, number> {
    return this.closedAtMs;
  }

  private apply(id: string, record: BreakerRecord | null): void {
    if (record && record.state !== 'closed') this.records.set(id, record);
    // What is read at the start happened some time ago.
    else if (this.records.delete(id) && this.isReadToEnd) this.closedAtMs.set(id, Date.now());
  }
}
