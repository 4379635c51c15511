// Wires retry: policies in memory before the first outcome is taken.
import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { retriesTopic, retryTiers } from '@sluice/contracts';
import type { EventLog } from '@sluice/kafka';
import { EVENT_LOG } from '@sluice/service';
import { DelaysController } from './delays.controller.ts';
import { DeliveryLog } from './delivery-log.ts';
import { OutcomesController } from './outcomes.controller.ts';
import { Policies } from './policies.ts';

@Module({
  controllers: [OutcomesController, DelaysController],
  providers: [
    { provide: Policies, useFactory: () => new Policies() },
    { provide: DeliveryLog, inject: [EVENT_LOG], useFactory: (eventLog: EventLog) => new DeliveryLog(eventLog) },
  ],
})
export class RetryModule implements OnModuleInit {
  private readonly eventLog: EventLog;
  private readonly policies: Policies;

  constructor(@Inject(EVENT_LOG) eventLog: EventLog, @Inject(Policies) policies: Policies) {
    this.eventLog = eventLog;
    this.policies = policies;
  }

  async onModuleInit(): Promise<void> {
    await this.eventLog.openToWrite(retryTiers.map(retriesTopic));
    await this.eventLog.follow(this.policies.feeds());
  }
}
