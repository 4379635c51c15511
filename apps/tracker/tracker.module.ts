// Wires the tracker: a database, and the writer that fills it.
import { Module, type DynamicModule, type OnModuleInit, Inject } from '@nestjs/common';
import type { EventLog } from '@sluice/kafka';
import { connectDatabase, writeProjection } from '@sluice/persistence';
import { EVENT_LOG, LOG } from '@sluice/service';
import type { Log } from '@sluice/telemetry';
import type { DataSource } from 'typeorm';
import type { Config } from './config.ts';
import { HistoryController } from './history.controller.ts';
import { HistoryWriter } from './history-writer.ts';

const DATABASE = Symbol('database');

@Module({ controllers: [HistoryController] })
export class TrackerModule implements OnModuleInit {
  private readonly eventLog: EventLog;

  constructor(@Inject(EVENT_LOG) eventLog: EventLog) {
    this.eventLog = eventLog;
  }

  static with(config: Config): DynamicModule {
    return {
      module: TrackerModule,
      providers: [
        { provide: DATABASE, useFactory: () => connectDatabase({ url: config.POSTGRES_URL, poolSize: 2 }) },
        {
          provide: HistoryWriter,
          inject: [DATABASE, LOG],
          useFactory: (database: DataSource, log: Log) =>
            new HistoryWriter({ write: (projection) => writeProjection(database, projection), log }),
        },
      ],
    };
  }

  async onModuleInit(): Promise<void> {
    await this.eventLog.openToWrite([]);
  }
}
