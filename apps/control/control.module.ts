// Wires control: a database, the key ring, the relay, and the controllers behind the guard.
import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { connectDatabase, DeadLetters, History } from '@sluice/persistence';
import { readKeyring } from '@sluice/vault';
import type { DataSource } from 'typeorm';
import { MachineTokenGuard } from './caller.ts';
import { CatalogController } from './catalog.controller.ts';
import type { Config } from './config.ts';
import { Connections } from './connections.ts';
import { ConnectionsController } from './connections.controller.ts';
import { DeadLettersController } from './dead-letters.controller.ts';
import { EventsController } from './events.controller.ts';
import { Relay } from './relay.ts';
import { Replays } from './replays.ts';
import { Rules } from './rules.ts';
import { RulesController } from './rules.controller.ts';
import { DATABASE, KEYRING } from './tokens.ts';
import { Visible } from './visible.ts';
import { WorkspacesController } from './workspaces.controller.ts';

@Module({
  controllers: [
    WorkspacesController,
    ConnectionsController,
    RulesController,
    EventsController,
    DeadLettersController,
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
        { provide: APP_GUARD, useClass: MachineTokenGuard },
        Relay,
        Visible,
        Connections,
        Rules,
        Replays,
      ],
    };
  }
}
