// Wires the service of one connector: its connections in memory before the first delivery is taken.
import { Inject, Module, type DynamicModule, type OnModuleInit, type Provider } from '@nestjs/common';
import type { Connector } from '@sluice/connector-kit';
import { topics, type BreakerRecord } from '@sluice/contracts';
import { defaultLaneCaps } from '@sluice/delivery';
import type { EventLog } from '@sluice/kafka';
import { EVENT_LOG, LOG } from '@sluice/service';
import type { Log } from '@sluice/telemetry';
import { readKeyring } from '@sluice/vault';
import { AccessTokens } from './access-tokens.ts';
import { Attempts } from './attempts.ts';
import { busyWatch } from './busy.ts';
import type { Config } from './config.ts';
import { Connections } from './connections.ts';
import { deliveriesController } from './deliveries.controller.ts';
import { Engine } from './engine.ts';
import { OutcomeLog } from './outcome-log.ts';
import { QuestionsController } from './questions.controller.ts';
import { RequestsController } from './requests.controller.ts';
import { CONNECTOR } from './tokens.ts';

@Module({})
class ConnectorModule implements OnModuleInit {
  private readonly eventLog: EventLog;
  private readonly connections: Connections;
  private readonly outcomes: OutcomeLog;
  private readonly engine: Engine;

  constructor(
    @Inject(EVENT_LOG) eventLog: EventLog,
    @Inject(Connections) connections: Connections,
    @Inject(OutcomeLog) outcomes: OutcomeLog,
    @Inject(Engine) engine: Engine,
  ) {
    this.eventLog = eventLog;
    this.connections = connections;
    this.outcomes = outcomes;
    this.engine = engine;
  }

  async onModuleInit(): Promise<void> {
    await this.outcomes.open();
    const breakers = {
      topic: topics.breakers,
      apply: (id: string, value: unknown) => this.engine.recall(id, value as BreakerRecord | null),
    };
    this.connections.follow(await this.eventLog.follow([...this.connections.feeds(), breakers]));
  }
}

export function connectorModule<M>(connector: Connector<M>, config: Config): DynamicModule {
  return {
    module: ConnectorModule,
    controllers: [deliveriesController(connector.slug), RequestsController, QuestionsController],
    providers: [
      { provide: CONNECTOR, useValue: connector },
      ...credentialProviders(connector, config),
      ...engineProviders(connector, config),
    ],
  };
}

function credentialProviders<M>(connector: Connector<M>, config: Config): Provider[] {
  const keyring = readKeyring(config.VAULT_KEY_FILE);
  const schemes = new Set(Object.keys(connector.oauth?.schemes ?? {}));
  return [
    {
      provide: Connections,
      inject: [LOG],
      useFactory: (log: Log) =>
        new Connections(connector.slug, keyring, (fields, message) => log.warn(fields, message)),
    },
    { provide: AccessTokens, useFactory: () => new AccessTokens({ schemes, controlUrl: config.CONTROL_URL, keyring }) },
  ];
}

function engineProviders<M>(connector: Connector<M>, config: Config): Provider[] {
  return [
    {
      provide: Attempts,
      inject: [Connections, AccessTokens],
      useFactory: (connections: Connections, accessTokens: AccessTokens) =>
        new Attempts({ connector, connections, accessTokens }, config),
    },
    {
      provide: OutcomeLog,
      inject: [EVENT_LOG, LOG],
      useFactory: (eventLog: EventLog, log: Log) => new OutcomeLog(connector.slug, eventLog, log),
    },
    {
      provide: Engine,
      inject: [Connections, Attempts, OutcomeLog],
      useFactory: (connections: Connections, attempts: Attempts<M>, outcomes: OutcomeLog) =>
        new Engine({
          connector: connector.slug,
          caps: { ...defaultLaneCaps, process: config.PROCESS_CONCURRENCY },
          hasBatches: attempts.hasBatches,
          idempotencyOf: (action) => connector.actions[action]?.idempotency ?? 'natural',
          connectionOf: ({ connection_id: id, connection_version: version }) => connections.atLeast(id, version),
          known: (id) => connections.known(id),
          attempt: ({ delivery, trace }, signal) => attempts.run({ delivery, trace, signal }),
          tell: (outcome, trace) => outcomes.tell(outcome, trace),
          park: (parked, trace) => outcomes.park(parked, trace),
          remember: (id, record) => outcomes.remember(id, record),
          isBehind: () => outcomes.isBehind(),
          isBusy: busyWatch(),
          nowMs: Date.now,
        }),
    },
  ];
}
