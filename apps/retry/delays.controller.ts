// The pump: holds retries until they leave their delay topic, then makes them ready or sends them on to the next delay. Calls nobody.
import { Controller, type OnModuleDestroy, Inject } from '@nestjs/common';
import { retriesTopic, retryTiers, type Retry } from '@sluice/contracts';
import { DelayLine, leaveTier, tierFor } from '@sluice/delivery';
import { LetGoError, type ConsumedRecord } from '@sluice/kafka';
import { Consumes } from '@sluice/service';
import { DeliveryLog } from './delivery-log.ts';

const tierOfTopic = new Map(retryTiers.map((tier) => [retriesTopic(tier).name, tier]));
/** setTimeout counts in 32 bits; and a step of the clock is noticed within this. Milliseconds. */
const lookAgainMs = 10_000;

interface Held {
  leave: () => void;
  letGo: () => void;
}

@Controller()
export class DelaysController implements OnModuleDestroy {
  private readonly deliveries: DeliveryLog;
  private readonly held = new DelayLine<Held>();
  private timer: NodeJS.Timeout | undefined;
  private stopping = false;

  constructor(@Inject(DeliveryLog) deliveries: DeliveryLog) {
    this.deliveries = deliveries;
  }

  @Consumes(...retryTiers.map(retriesTopic))
  async onRetry(record: ConsumedRecord<Retry>): Promise<void> {
    const retry = record.value;
    const tier = tierOfTopic.get(record.topic) ?? retryTiers[0];
    const leave = leaveTier(tier, record.timestampMs, retry.due_at);
    await this.until(leave.atMs);
    if (leave.isDue) return this.deliveries.deliver(retry.delivery, record.trace);
    await this.deliveries.wait(tierFor(retry.due_at - Date.now()), { ...retry, hop: retry.hop + 1 }, record.trace);
  }

  /** What is held is given back: it stands in its topic and is read again by whoever comes next. */
  onModuleDestroy(): void {
    this.stopping = true;
    clearTimeout(this.timer);
    for (const { letGo } of this.held.take(Infinity)) letGo();
  }

  private until(atMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const letGo = () => reject(new LetGoError('the process stops'));
      if (this.stopping) return letGo();
      this.held.add({ leave: resolve, letGo }, atMs);
      this.wakeInTime();
    });
  }

  private wakeInTime(): void {
    clearTimeout(this.timer);
    const nextDueAtMs = this.held.nextDueAtMs;
    if (nextDueAtMs === undefined || this.stopping) return;
    this.timer = setTimeout(() => this.release(), Math.min(Math.max(0, nextDueAtMs - Date.now()), lookAgainMs));
  }

  private release(): void {
    for (const { leave } of this.held.take(Date.now())) leave();
    this.wakeInTime();
  }
}
