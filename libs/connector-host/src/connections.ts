// The connector's connections in memory, credentials opened, fed by the compacted topic.
import { defaultPolicy, topics, type Connection, type Policy } from '@sluice/contracts';
import type { View, Views } from '@sluice/kafka';
import { open, VaultError, type Keyring } from '@sluice/vault';
import { secretTexts } from './redact.ts';

/** How long to wait for a connection's version that a delivery names but that has not been seen yet. Milliseconds. */
const catchUpMs = 5_000;

export interface OpenConnection {
  id: string;
  workspace: string;
  version: number;
  active: boolean;
  policy: Policy;
  /** Settings and credentials together. */
  metadata: unknown;
  /** Its credentials could not be opened: nothing can be sent before somebody mends the keys. */
  isSealed: boolean;
  /** Texts that must not be kept or shown, wherever they turn up. */
  secrets: readonly string[];
}

type Warn = (fields: Record<string, unknown>, message: string) => void;

export class Connections {
  private readonly connector: string;
  private readonly keyring: Keyring;
  private readonly byId = new Map<string, OpenConnection>();
  private readonly warn: Warn;
  private views: Pick<Views, 'catchUp'> | undefined;

  constructor(connector: string, keyring: Keyring, warn: Warn) {
    this.connector = connector;
    this.keyring = keyring;
    this.warn = warn;
  }

  feeds(): View[] {
    return [{ topic: topics.connections, apply: (id, value) => this.apply(id, value as Connection | null) }];
  }

  /** Where to ask for news. */
  follow(views: Pick<Views, 'catchUp'>): void {
    this.views = views;
  }

  /** The connection in this version or a newer one; undefined when it was deleted. */
  async atLeast(id: string, version: number): Promise<OpenConnection | undefined> {
    const known = this.byId.get(id);
    if (known && known.version >= version) return known;
    await this.views?.catchUp(catchUpMs);
    return this.byId.get(id);
  }

  /** As it stands here; undefined also when it has not been seen yet. */
  known(id: string): OpenConnection | undefined {
    return this.byId.get(id);
  }

  private apply(id: string, connection: Connection | null): void {
    if (connection === null) return void this.byId.delete(id);
    if (connection.connector !== this.connector) return;
    const credentials = this.credentials(connection);
    if (!credentials)
      this.warn({ event: 'credentials.unreadable', connection: id }, 'a connection does not open with the vault keys');
    this.byId.set(id, {
      id,
      workspace: connection.workspace_id,
      version: connection.version,
      active: connection.active,
      policy: { ...defaultPolicy, ...connection.policy },
      metadata: { ...(JSON.parse(connection.settings) as object), ...credentials },
      isSealed: credentials === undefined,
      secrets: secretTexts(credentials),
    });
  }

  private credentials({ id, workspace_id, sealed_credentials }: Connection): object | undefined {
    if (sealed_credentials === null) return {};
    try {
      return JSON.parse(open(this.keyring, `connection ${workspace_id} ${id}`, sealed_credentials)) as object;
    } catch (error) {
      if (error instanceof VaultError) return undefined;
      throw error;
    }
  }
}
