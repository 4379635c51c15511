// Tokens in Postgres, sealed: read by anybody, changed by one process at a time.
import { Inject, Injectable } from '@nestjs/common';
import { ApiError, notFound } from '@sluice/api';
import { AccessTokenEntity, ConnectionEntity } from '@sluice/persistence';
import { IsNull, type DataSource, type EntityManager } from 'typeorm';
import type { InactiveReason } from '../connection-changes.ts';
import { ConnectionSecrets } from '../connection-secrets.ts';
import { DATABASE } from '../tokens.ts';
import { Vault, type Place } from '../vault.ts';
import { tokensOutlive, type Authorization } from './grants.ts';
import type { Tokens } from './token-answer.ts';

/** Who holds the lock asks a vendor, whom it gives 10 s. Milliseconds. */
const lockLimitMs = 12_000;

/** What there is of a connection's tokens. */
export interface Held {
  tokens: Tokens | null;
  /** How many access tokens there have been. */
  version: number;
  /** Why there will be no more until somebody mends it. */
  deadReason: InactiveReason | null;
}

/** A connection that has tokens, and what there is of them. */
export interface Holder {
  connection: string;
  workspace: string;
  authorization: Authorization;
  held: Held;
}

@Injectable()
export class TokenStore {
  private readonly database: DataSource;
  private readonly secrets: ConnectionSecrets;
  private readonly vault: Vault;

  constructor(
    @Inject(DATABASE) database: DataSource,
    @Inject(ConnectionSecrets) secrets: ConnectionSecrets,
    @Inject(Vault) vault: Vault,
  ) {
    this.database = database;
    this.secrets = secrets;
    this.vault = vault;
  }

  /** Undefined when there is no such connection, or it has no tokens by what it is. */
  find(connection: string): Promise<Holder | undefined> {
    return this.holderIn(this.database.manager, connection);
  }

  /** Throws ApiError (404) when there is none. */
  read(connection: string): Promise<Holder> {
    return this.holder(this.database.manager, connection);
  }

  /**
   * Runs `work` while nobody else does for this connection, in any process, and keeps what it gives. Who waited sees what it kept.
   * What it throws changes nothing. Throws ApiError (503) when others take too long.
   */
  async whileAlone(connection: string, work: (holder: Holder) => Promise<Held>): Promise<Held> {
    try {
      await this.makeRow(await this.read(connection));
      return await this.database.transaction(async (manager) => {
        await lock(manager, connection);
        // Read once the lock is held: the connection may be another one than before.
        const holder = await this.holder(manager, connection);
        const next = await work(holder);
        if (next !== holder.held) await this.save(manager, holder, next);
        return next;
      });
    } catch (error) {
      if (isTooLate(error)) throw busy(connection);
      throw error;
    }
  }

  /**
   * Within a transaction that holds the connection's lock: keeps tokens that a person's authorization gave. False, and nothing is
   * kept, when the connection was changed since so that they are of no use to it.
   */
  async authorized(manager: EntityManager, { connection, authorization }: Holder, tokens: Tokens): Promise<boolean> {
    const now = await this.holder(manager, connection);
    if (!tokensOutlive(authorization, now.authorization)) return false;
    await this.save(manager, now, { tokens, version: now.held.version + 1, deadReason: null });
    return true;
  }

  /** A text for the connector's service, sealed so that it opens nowhere else. */
  sealForConnector({ connection, workspace }: Holder, content: object): Promise<string> {
    const place = { what: 'access-token', workspace, connection } as const;
    return this.vault.seal(this.database.manager, place, JSON.stringify(content));
  }

  /** Not in the transaction that asks the vendor: a new row would hold the connection's for as long, and keep it from being changed. */
  private async makeRow({ connection, workspace }: Holder): Promise<void> {
    await this.database.query(
      'insert into access_tokens (connection_id, workspace_id, version) values ($1, $2, 0) on conflict do nothing',
      [connection, workspace],
    );
  }

  private async holder(manager: EntityManager, id: string): Promise<Holder> {
    const holder = await this.holderIn(manager, id);
    if (!holder) throw notFound('connection', 'connection that has tokens');
    return holder;
  }

  private async holderIn(manager: EntityManager, id: string): Promise<Holder | undefined> {
    const connection = await manager.findOneBy(ConnectionEntity, { id, deleted_at: IsNull() });
    const authorization = connection && this.secrets.authorizationOf(connection);
    if (!authorization) return undefined;
    const row = await manager.findOneBy(AccessTokenEntity, { connection_id: id });
    const workspace = connection.workspace_id;
    return { connection: id, workspace, authorization, held: this.held(row, { connection: id, workspace }) };
  }

  private async save(manager: EntityManager, holder: Holder, { tokens, version, deadReason }: Held): Promise<void> {
    await manager.save(AccessTokenEntity, {
      connection_id: holder.connection,
      workspace_id: holder.workspace,
      sealed_tokens: tokens && (await this.vault.seal(manager, placeOf(holder), JSON.stringify(tokens))),
      version,
      obtained_at: tokens && new Date(tokens.obtainedAtMs),
      expires_at: tokens?.expiresAtMs ? new Date(tokens.expiresAtMs) : null,
      dead_reason: deadReason,
    });
  }

  private held(row: AccessTokenEntity | null, of: Pick<Holder, 'connection' | 'workspace'>): Held {
    if (!row) return { tokens: null, version: 0, deadReason: null };
    const { sealed_tokens, version, dead_reason } = row;
    const tokens = sealed_tokens === null ? null : (JSON.parse(this.vault.open(placeOf(of), sealed_tokens)) as Tokens);
    return { tokens, version, deadReason: dead_reason as InactiveReason | null };
  }
}

async function lock(manager: EntityManager, connection: string): Promise<void> {
  await manager.query(`set local lock_timeout = ${lockLimitMs}`);
  const rows = await manager.query<unknown[]>('select from access_tokens where connection_id = $1 for update', [
    connection,
  ]);
  // Forgotten in between, with what the connection was.
  if (rows.length === 0) throw busy(connection);
}

const busy = (connection: string): ApiError =>
  new ApiError('token_unavailable', {
    data: [{ param: 'connection', msg: `${connection}: others are at it` }],
    retryAfterSeconds: 5,
  });

/** Postgres' codes for a lock, and a statement, that took too long. */
const isTooLate = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && ['55P03', '57014'].includes(String(error.code));

const placeOf = ({ connection, workspace }: Pick<Holder, 'connection' | 'workspace'>): Place => ({
  what: 'tokens',
  workspace,
  connection,
});
