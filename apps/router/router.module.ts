// Wires the router: configuration in memory before the first event is taken.
import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { topics } from '@sluice/contracts';
import type { EventLog } from '@sluice/kafka';
import { EVENT_LOG } from '@sluice/service';
import { EventsController } from './events.controller.ts';
import { RuleCache } from './rule-cache.ts';

@Module({ controllers: [EventsController], providers: [{ provide: RuleCache, useFactory: () => new RuleCache() }] })
export class RouterModule implements OnModuleInit {
  private readonly eventLog: EventLog;
  private readonly cache: RuleCache;

  constructor(@Inject(EVENT_LOG) eventLog: EventLog, @Inject(RuleCache) cache: RuleCache) {
    this.eventLog = eventLog;
    this.cache = cache;
  }

  async onModuleInit(): Promise<void> {
    await this.eventLog.openToWrite([topics.fanOuts]);
    this.cache.follow(await this.eventLog.follow(this.cache.feeds()));
  }
}
