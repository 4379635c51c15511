// Wires ingest: keys, workspaces and claims in memory before the first request, then the controller.
import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { topics } from '@sluice/contracts';
import type { EventLog } from '@sluice/kafka';
import { CONFIG, EVENT_LOG, LOG } from '@sluice/service';
import type { Log } from '@sluice/telemetry';
import { readKeyring } from '@sluice/vault';
import { Access } from './access.ts';
import { Acceptor } from './acceptor.ts';
import { Claims } from './claims.ts';
import type { Config } from './config.ts';
import { EventsController } from './events.controller.ts';
import { Types } from './types.ts';

@Module({
  controllers: [EventsController],
  providers: [
    {
      provide: Access,
      inject: [CONFIG],
      useFactory: (config: Config) => new Access(readKeyring(config.VAULT_KEY_FILE)),
    },
    {
      provide: Claims,
      inject: [EVENT_LOG],
      useFactory: (eventLog: EventLog) => new Claims((claim) => eventLog.append(topics.idempotencyClaims, claim)),
    },
    { provide: Types, useFactory: () => new Types() },
    {
      provide: Acceptor,
      inject: [EVENT_LOG, Claims, LOG],
      useFactory: (eventLog: EventLog, claims: Claims, log: Log) => new Acceptor(eventLog, claims, log),
    },
  ],
})
export class IngestModule implements OnModuleInit {
  private readonly eventLog: EventLog;
  private readonly access: Access;
  private readonly claims: Claims;
  private readonly types: Types;

  constructor(
    @Inject(EVENT_LOG) eventLog: EventLog,
    @Inject(Access) access: Access,
    @Inject(Claims) claims: Claims,
    @Inject(Types) types: Types,
  ) {
    this.eventLog = eventLog;
    this.access = access;
    this.claims = claims;
    this.types = types;
  }

  async onModuleInit(): Promise<void> {
    await this.eventLog.openToWrite([topics.events, topics.idempotencyClaims]);
    const [keysAndWorkspaces] = await Promise.all([
      this.eventLog.follow([...this.access.feeds(), this.types.feed()]),
      this.eventLog.follow([this.claims.feed()]),
    ]);
    this.access.follow(keysAndWorkspaces);
  }
}
