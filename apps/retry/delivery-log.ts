// Where retry appends: topics that follow from a connector's name, opened when first needed.
import {
  deadLettersTopic,
  deliveriesTopic,
  parkedTopic,
  retriesTopic,
  type DeadLetter,
  type Delivery,
  type Parked,
  type Retry,
  type RetryTier,
  type Topic,
} from '@sluice/contracts';
import type { EventLog } from '@sluice/kafka';
import type { TraceContext } from '@sluice/telemetry';

export class DeliveryLog {
  private readonly eventLog: EventLog;
  private readonly opened = new Map<string, Promise<void>>();

  constructor(eventLog: EventLog) {
    this.eventLog = eventLog;
  }

  /** Makes a delivery ready to be attempted now. */
  async deliver(delivery: Delivery, trace: TraceContext): Promise<void> {
    await this.append(deliveriesTopic(delivery.connector), delivery.connection_id, {
      value: { ...delivery, queued_at: Date.now() },
      trace,
    });
  }

  /** Lets a retry wait. */
  async wait(tier: RetryTier, retry: Retry, trace: TraceContext): Promise<void> {
    await this.append(retriesTopic(tier), retry.delivery.connection_id, { value: retry, trace });
  }

  /** Puts a delivery back in the line of its connection. */
  async park(parked: Parked, trace: TraceContext): Promise<void> {
    const { connector, connection_id } = parked.delivery;
    await this.append(parkedTopic(connector), connection_id, { value: parked, trace });
  }

  async bury(deadLetter: DeadLetter, trace: TraceContext): Promise<void> {
    await this.append(deadLettersTopic(deadLetter.delivery.connector), deadLetter.delivery.connection_id, {
      value: deadLetter,
      trace,
    });
  }

  private async append<T>(
    topic: Topic,
    key: string,
    { value, trace }: { value: T; trace: TraceContext },
  ): Promise<void> {
    await this.open(topic);
    await this.eventLog.append(topic, { key, value, trace });
  }

  private open(topic: Topic): Promise<void> {
    let opened = this.opened.get(topic.name);
    if (!opened) {
      opened = this.eventLog.openToWrite([topic]);
      this.opened.set(topic.name, opened);
      opened.catch(() => this.opened.delete(topic.name));
    }
    return opened;
  }
}
