// Wires the router: configuration in memory before the first event is taken, and processes for expressions.
import { Inject, Module, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { topics } from '@sluice/contracts';
import { ExpressionRunner } from '@sluice/expressions';
import type { EventLog } from '@sluice/kafka';
import { CONFIG, EVENT_LOG, LOG } from '@sluice/service';
import type { Log } from '@sluice/telemetry';
import type { Config } from './config.ts';
import { ConfigurationController } from './configuration.controller.ts';
import { EventsController } from './events.controller.ts';
import { RuleCache } from './rule-cache.ts';

@Module({
  controllers: [EventsController, ConfigurationController],
  providers: [
    { provide: RuleCache, useFactory: () => new RuleCache() },
    {
      provide: ExpressionRunner,
      inject: [CONFIG, LOG],
      useFactory: (config: Config, log: Log) =>
        new ExpressionRunner({
          processes: config.EXPRESSION_PROCESSES,
          warn: (fields: Record<string, unknown>, message: string) => log.warn(fields, message),
        }),
    },
  ],
})
export class RouterModule implements OnModuleInit, OnModuleDestroy {
  private readonly eventLog: EventLog;
  private readonly cache: RuleCache;
  private readonly expressions: ExpressionRunner;

  constructor(
    @Inject(EVENT_LOG) eventLog: EventLog,
    @Inject(RuleCache) cache: RuleCache,
    @Inject(ExpressionRunner) expressions: ExpressionRunner,
  ) {
    this.eventLog = eventLog;
    this.cache = cache;
    this.expressions = expressions;
  }

  async onModuleInit(): Promise<void> {
    await this.eventLog.openToWrite([topics.fanOuts]);
    this.cache.follow(await this.eventLog.follow(this.cache.feeds()));
  }

  async onModuleDestroy(): Promise<void> {
    await this.expressions.close();
  }
}
