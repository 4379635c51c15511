// The secrets of connections: sealed into their rows, opened out of them.
import { Inject, Injectable } from '@nestjs/common';
import { catalog } from '@sluice/catalog';
import type { CatalogEntry } from '@sluice/contracts';
import type { ConnectionEntity } from '@sluice/persistence';
import type { EntityManager } from 'typeorm';
import { part, type Metadata } from './metadata.ts';
import { authorizationOf, type Authorization } from './oauth/grants.ts';
import { Vault, type Place } from './vault.ts';

@Injectable()
export class ConnectionSecrets {
  private readonly vault: Vault;

  constructor(@Inject(Vault) vault: Vault) {
    this.vault = vault;
  }

  /** Parts metadata into the row's settings and sealed credentials. */
  async setMetadata(manager: EntityManager, connection: ConnectionEntity, metadata: Metadata): Promise<void> {
    const { settings, credentials } = part(entryOf(connection), metadata);
    connection.settings = settings;
    connection.credential_names = Object.keys(credentials).sort();
    connection.sealed_credentials =
      connection.credential_names.length === 0
        ? null
        : await this.vault.seal(manager, placeOf(connection), JSON.stringify(credentials));
  }

  credentials(connection: ConnectionEntity): Metadata {
    if (connection.sealed_credentials === null) return {};
    return JSON.parse(this.vault.open(placeOf(connection), connection.sealed_credentials)) as Metadata;
  }

  /** How it comes to tokens; undefined where it has none. */
  authorizationOf(connection: ConnectionEntity): Authorization | undefined {
    const entry = entryOf(connection);
    // Most have none, and nothing has to be opened to know.
    if (!authorizationOf(entry, connection.settings)) return undefined;
    return authorizationOf(entry, { ...connection.settings, ...this.credentials(connection) });
  }
}

/** What its connector declares. */
export function entryOf({ connector }: Pick<ConnectionEntity, 'connector'>): CatalogEntry {
  const entry = catalog.get(connector);
  if (!entry) throw new Error(`no connector ${connector} in the catalog`);
  return entry;
}

const placeOf = ({ workspace_id, id }: ConnectionEntity): Place => ({
  what: 'connection',
  workspace: workspace_id,
  connection: id,
});
