// Wires control: a database, the key ring, the relay, and the controllers behind the guard.
import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ExpressionRunner } from '@sluice/expressions';
import { connectDatabase, DeadLetters, History, ParkingLots, ReplayRuns, RulesAt } from '@sluice/persistence';
import { LOG } from '@sluice/service';
import type { Log } from '@sluice/telemetry';
import { readKeyring } from '@sluice/vault';
import type { DataSource } from 'typeorm';
import { MachineTokenGuard } from './caller.ts';
import { CatalogController } from './catalog.controller.ts';
import type { Config } from './config.ts';
import { ConnectionChanges } from './connection-changes.ts';
import { ConnectionSecrets } from './connection-secrets.ts';
import { ConnectionStatesFeed } from './connection-states.feed.ts';
import { ConnectionStates } from './connection-states.ts';
import { Connections } from './connections.ts';
import { ConnectionsController } from './connections.controller.ts';
import { ConnectorClient } from './connector-client.ts';
import { DeadLettersController } from './dead-letters.controller.ts';
import { DecisionsController } from './decisions.controller.ts';
import { EventTypesController } from './event-types.controller.ts';
import { EventTypes } from './event-types.ts';
import { EventsController } from './events.controller.ts';
import { LiveChoices } from './live-choices.ts';
import { Mapper } from './mapper.ts';
import { MappingTrial } from './mapping-trial.ts';
import { MappingsController } from './mappings.controller.ts';
import { Mappings } from './mappings.ts';
import { AccessTokensController } from './oauth/access-tokens.controller.ts';
import { OAuthController } from './oauth/oauth.controller.ts';
import { oauthProviders } from './oauth/oauth-providers.ts';
import { Breakers } from './parking/breakers.ts';
import { Failing } from './parking/failing.ts';
import { Health } from './parking/health.ts';
import { ParkedController } from './parking/parked.controller.ts';
import { Releaser } from './parking/releaser.ts';
import { QuestionsController } from './questions.controller.ts';
import { Relay } from './relay.ts';
import { ReplaysRunner } from './replays-runner.ts';
import { ReplaysController } from './replays.controller.ts';
import { Replays } from './replays.ts';
import { RuleTrialController } from './rule-trial.controller.ts';
import { RuleTrial } from './rule-trial.ts';
import { Rules } from './rules.ts';
import { RulesController } from './rules.controller.ts';
import { DATABASE, EXPRESSIONS, KEYRING } from './tokens.ts';
import { Vault } from './vault.ts';
import { Visible } from './visible.ts';
import { WorkspacesController } from './workspaces.controller.ts';

@Module({
  controllers: [
    WorkspacesController,
    ConnectionsController,
    ParkedController,
    QuestionsController,
    OAuthController,
    AccessTokensController,
    RulesController,
    EventsController,
    DeadLettersController,
    ReplaysController,
    DecisionsController,
    MappingsController,
    EventTypesController,
    RuleTrialController,
    CatalogController,
  ],
})
export class ControlModule {
  static with(config: Config): DynamicModule {
    return {
      module: ControlModule,
      providers: [
        {
          provide: DATABASE,
          useFactory: () => connectDatabase({ url: config.POSTGRES_URL, poolSize: config.POSTGRES_POOL }),
        },
        { provide: KEYRING, useFactory: () => readKeyring(config.VAULT_KEY_FILE) },
        { provide: History, inject: [DATABASE], useFactory: (database: DataSource) => new History(database) },
        { provide: DeadLetters, inject: [DATABASE], useFactory: (database: DataSource) => new DeadLetters(database) },
        { provide: ReplayRuns, inject: [DATABASE], useFactory: (database: DataSource) => new ReplayRuns(database) },
        { provide: ParkingLots, inject: [DATABASE], useFactory: (database: DataSource) => new ParkingLots(database) },
        { provide: RulesAt, inject: [DATABASE], useFactory: (database: DataSource) => new RulesAt(database) },
        {
          provide: EXPRESSIONS,
          inject: [LOG],
          useFactory: (log: Log) =>
            new ExpressionRunner({
              processes: config.EXPRESSION_PROCESSES,
              warn: (fields: Record<string, unknown>, message: string) => log.warn(fields, message),
            }),
        },
        ...oauthProviders(config),
        { provide: APP_GUARD, useClass: MachineTokenGuard },
        Relay,
        Visible,
        Vault,
        Connections,
        ConnectionChanges,
        ConnectionSecrets,
        ConnectionStates,
        ConnectionStatesFeed,
        Breakers,
        Health,
        Failing,
        Releaser,
        LiveChoices,
        Rules,
        Replays,
        ReplaysRunner,
        Mapper,
        Mappings,
        MappingTrial,
        RuleTrial,
        EventTypes,
        ConnectorClient,
      ],
    };
  }
}
