// Wires the service of one connector: its connections in memory before the first delivery is taken.
import { Inject, Module, type DynamicModule, type OnModuleInit } from '@nestjs/common';
import type { Connector } from '@sluice/connector-kit';
import { topics } from '@sluice/contracts';
import type { EventLog } from '@sluice/kafka';
import { EVENT_LOG, LOG } from '@sluice/service';
import type { Log } from '@sluice/telemetry';
import { readKeyring } from '@sluice/vault';
import { AccessTokens } from './access-tokens.ts';
import { Attempts } from './attempts.ts';
import type { Config } from './config.ts';
import { Connections } from './connections.ts';
import { deliveriesController } from './deliveries.controller.ts';
import { QuestionsController } from './questions.controller.ts';
import { RequestsController } from './requests.controller.ts';
import { CONNECTOR } from './tokens.ts';

@Module({})
class ConnectorModule implements OnModuleInit {
  private readonly eventLog: EventLog;
  private readonly connections: Connections;

  constructor(@Inject(EVENT_LOG) eventLog: EventLog, @Inject(Connections) connections: Connections) {
    this.eventLog = eventLog;
    this.connections = connections;
  }

  async onModuleInit(): Promise<void> {
    await this.eventLog.openToWrite([topics.outcomes, topics.failedOutcomes, topics.connectionStates]);
    this.connections.follow(await this.eventLog.follow(this.connections.feeds()));
  }
}

export function connectorModule<M>(connector: Connector<M>, config: Config): DynamicModule {
  const keyring = readKeyring(config.VAULT_KEY_FILE);
  return {
    module: ConnectorModule,
    controllers: [deliveriesController(connector.slug), RequestsController, QuestionsController],
    providers: [
      { provide: CONNECTOR, useValue: connector },
      {
        provide: Connections,
        inject: [LOG],
        useFactory: (log: Log) =>
          new Connections(connector.slug, keyring, (fields, message) => log.warn(fields, message)),
      },
      {
        provide: AccessTokens,
        useFactory: () =>
          new AccessTokens({
            schemes: new Set(Object.keys(connector.oauth?.schemes ?? {})),
            controlUrl: config.CONTROL_URL,
            keyring,
          }),
      },
      {
        provide: Attempts,
        inject: [Connections, AccessTokens],
        useFactory: (connections: Connections, accessTokens: AccessTokens) =>
          new Attempts({ connector, connections, accessTokens }, config),
      },
    ],
  };
}
