// A person agrees: sent to the vendor with a state that serves once, and back with a code that is exchanged for tokens.
import { Inject, Injectable } from '@nestjs/common';
import { fieldError, type MachineCaller } from '@sluice/api';
import { OAuthStateEntity, type ConnectionEntity } from '@sluice/persistence';
import { createHash, randomBytes } from 'node:crypto';
import { LessThan, type DataSource } from 'typeorm';
import { ConnectionChanges } from '../connection-changes.ts';
import { DATABASE, TOKEN_CLIENT } from '../tokens.ts';
import { Vault, type Place } from '../vault.ts';
import { authorizeUrl, UnusableMetadata } from './grants.ts';
import type { Tokens } from './token-answer.ts';
import type { TokenClient } from './token-client.ts';
import { TokenStore, type Holder } from './token-store.ts';

const stateLifeMs = 10 * 60_000;

/** With what the vendor sends a person back. */
export interface Callback {
  state?: string;
  code?: string;
  error?: string;
}

/** How an authorization ended. `problem` is for people, and says nothing that the vendor wrote but its code. */
export type Ending = { ok: true } | { ok: false; status: 400 | 502; problem: string };

@Injectable()
export class Authorizations {
  private readonly database: DataSource;
  private readonly vault: Vault;
  private readonly changes: ConnectionChanges;
  private readonly store: TokenStore;
  private readonly endpoint: TokenClient;

  constructor(
    @Inject(DATABASE) database: DataSource,
    @Inject(Vault) vault: Vault,
    @Inject(ConnectionChanges) changes: ConnectionChanges,
    @Inject(TokenStore) store: TokenStore,
    @Inject(TOKEN_CLIENT) endpoint: TokenClient,
  ) {
    this.database = database;
    this.vault = vault;
    this.changes = changes;
    this.store = store;
    this.endpoint = endpoint;
  }

  /** Where the person has to go. An authorization of this connection that is still under way ends by it. */
  async begin(caller: MachineCaller, { id }: ConnectionEntity, redirectUri: string) {
    const holder = await this.store.find(id);
    if (holder?.authorization.grant !== 'authorization_code') {
      throw fieldError('id', 'is of a connection whose auth_scheme asks no person');
    }
    const { connection, workspace, authorization } = holder;
    const [state, verifier] = [random(), random()];
    const expiresAt = new Date(Date.now() + stateLifeMs);
    const url = authorizeUrlOf(authorization, { redirectUri, state, verifier });
    await this.database.transaction(async (manager) => {
      await manager.delete(OAuthStateEntity, [{ connection_id: id }, { expires_at: LessThan(new Date()) }]);
      await manager.insert(OAuthStateEntity, {
        state_hash: hashOf(state),
        connection_id: connection,
        workspace_id: workspace,
        redirect_uri: redirectUri,
        sealed_verifier: await this.vault.seal(manager, placeOf({ connection, workspace }), verifier),
        created_by: caller.key,
        expires_at: expiresAt,
      });
    });
    return { url, state, expires_at: expiresAt.toISOString() };
  }

  async end({ state = '', code, error }: Callback): Promise<Ending> {
    const begun = await this.take(state);
    if (!begun)
      return failed(400, 'This authorization is not known, was used already, or has taken more than ten minutes.');
    if (error !== undefined) return failed(400, `The authorization was not given (${codeOf(error)}).`);
    if (code === undefined) return failed(400, 'The vendor sent no code.');
    const holder = await this.store.read(begun.connection_id);
    const verifier = this.vault.open(placeOf(holder), begun.sealed_verifier);
    const answer = await this.endpoint.ask(holder, { kind: 'code', code, redirectUri: begun.redirect_uri, verifier });
    switch (answer.kind) {
      case 'tokens':
        return this.keep(begun, holder, answer.tokens);
      case 'refused':
        return failed(400, `The vendor refused the authorization (${answer.error}).`);
      case 'unavailable':
        return failed(502, `The vendor gave no tokens (${answer.error}). Begin again in a while.`);
    }
  }

  private async keep({ created_by }: OAuthStateEntity, holder: Holder, tokens: Tokens): Promise<Ending> {
    let isKept = false;
    await this.changes.change(holder.connection, created_by, async (connection, manager) => {
      isKept = await this.store.authorized(manager, holder, tokens);
      if (!isKept || connection.active || connection.inactive_reason === 'manually_inactivated') return false;
      connection.active = true;
      connection.inactive_reason = null;
      return true;
    });
    return isKept ? { ok: true } : failed(400, 'The connection was changed meanwhile. Begin again.');
  }

  /** A state serves once, however its authorization ends. */
  private async take(state: string): Promise<OAuthStateEntity | undefined> {
    const [rows] = await this.database.query<[OAuthStateEntity[], number]>(
      'delete from oauth_states where state_hash = $1 and expires_at > now() returning *',
      [hashOf(state)],
    );
    return rows[0];
  }
}

function authorizeUrlOf(...parts: Parameters<typeof authorizeUrl>): string {
  try {
    return authorizeUrl(...parts);
  } catch (error) {
    if (error instanceof UnusableMetadata) throw fieldError('metadata', error.message);
    throw error;
  }
}

const failed = (status: 400 | 502, problem: string): Ending => ({ ok: false, status, problem });
const random = (): string => randomBytes(32).toString('base64url');
const hashOf = (state: string): string => createHash('sha256').update(state).digest('hex');
const codeOf = (error: string): string => (/^[\w.-]{1,80}$/.test(error) ? error : 'no code');
const placeOf = ({ connection, workspace }: Pick<Holder, 'connection' | 'workspace'>): Place => ({
  what: 'oauth-state',
  workspace,
  connection,
});
