// Hands out access tokens that are fresh, and gets new ones: one at a time for each connection, kept before anybody uses them.
import { ApiError } from '@sluice/api';
import { KeyLanes } from '@sluice/kafka';
import type { InactiveReason } from '../connection-changes.ts';
import { fingerprint, refreshAtMs, type Tokens } from './token-answer.ts';
import type { Proof } from './grants.ts';
import type { TokenClient } from './token-client.ts';
import type { Held, Holder, TokenStore } from './token-store.ts';

/** What a connector's service is handed, before it is sealed. */
export interface AccessToken {
  token: string;
  baseUrl: string | null;
  expiresAtMs: number | null;
  /** From then on it asks again, and uses this one until it has another. */
  refreshAtMs: number | null;
}

export interface AccessTokensParts {
  store: Pick<TokenStore, 'read' | 'whileAlone' | 'sealForConnector'>;
  endpoint: Pick<TokenClient, 'ask'>;
  inactivate: (connection: string, reason: InactiveReason) => Promise<void>;
  /** Each holds a connection to the database while a vendor is asked: the others are for everything else. */
  vendorsAtATime: number;
}

export class AccessTokens {
  private readonly parts: AccessTokensParts;
  private readonly lanes: KeyLanes;
  /** Who asks for the same at the same time gets the same. */
  private readonly underWay = new Map<string, Promise<Held>>();

  constructor(parts: AccessTokensParts) {
    this.parts = parts;
    this.lanes = new KeyLanes({ perKey: 1, total: parts.vendorsAtATime });
  }

  /**
   * A token that is good as far as anybody knows, sealed for the connector's service.
   * @param stale fingerprint of a token that the vendor has refused
   * @throws ApiError 404, 409 `credentials_dead`, 503 `token_unavailable`
   */
  async get(connection: string, stale: string | undefined): Promise<{ sealed: string; version: number }> {
    const holder = await this.parts.store.read(connection);
    const isFresh = holder.held.deadReason === null && isGood(holder.held.tokens, { stale, nowMs: Date.now() });
    const { tokens, version, deadReason } = isFresh ? holder.held : await this.shared(connection, stale);
    if (deadReason !== null) {
      // Said each time: whoever noted the death may have been killed before it was said.
      await this.parts.inactivate(connection, deadReason);
      throw new ApiError('credentials_dead', { data: [{ param: 'connection', msg: deadReason }] });
    }
    if (!tokens) throw new Error(`connection ${connection} is alive without tokens`);
    const { token, baseUrl, expiresAtMs } = tokens;
    const content: AccessToken = { token, baseUrl, expiresAtMs, refreshAtMs: refreshAtMs(tokens) };
    return { sealed: await this.parts.store.sealForConnector(holder, content), version };
  }

  private shared(connection: string, stale: string | undefined): Promise<Held> {
    const name = `${connection} ${stale ?? ''}`;
    const known = this.underWay.get(name);
    if (known) return known;
    const asking = this.lanes
      .run(connection, () => this.parts.store.whileAlone(connection, (holder) => this.next(holder, stale)))
      .finally(() => this.underWay.delete(name));
    this.underWay.set(name, asking);
    return asking;
  }

  /** What there is afterwards: the same, where somebody else was faster. */
  private async next(holder: Holder, stale: string | undefined): Promise<Held> {
    const { held, connection } = holder;
    if (held.deadReason !== null || isGood(held.tokens, { stale, nowMs: Date.now() })) return held;
    const proof = proofOf(holder);
    if (!proof) return { ...held, deadReason: reasonWithoutProof(held.tokens) };
    const answer = await this.parts.endpoint.ask(holder, proof);
    switch (answer.kind) {
      case 'tokens':
        return { tokens: answer.tokens, version: held.version + 1, deadReason: null };
      case 'refused':
        return { ...held, deadReason: answer.reason };
      case 'unavailable':
        // It was time for another one, and the one there is still serves.
        if (isAlive(held.tokens, { stale, nowMs: Date.now() })) return held;
        throw new ApiError('token_unavailable', {
          data: [{ param: 'connection', msg: `${connection}: ${answer.error}` }],
          retryAfterSeconds: 5,
        });
    }
  }
}

interface Asked {
  stale: string | undefined;
  nowMs: number;
}

/** It may be used, whether or not it is time for another one. */
function isAlive(tokens: Tokens | null, { stale, nowMs }: Asked): boolean {
  if (!tokens || fingerprint(tokens.token) === stale) return false;
  return tokens.expiresAtMs === null || nowMs < tokens.expiresAtMs;
}

const isGood = (tokens: Tokens | null, asked: Asked): boolean =>
  tokens !== null && isAlive(tokens, asked) && asked.nowMs < (refreshAtMs(tokens) ?? Infinity);

/** Undefined where a person has to authorize first. */
function proofOf({ authorization, held: { tokens } }: Holder): Proof | undefined {
  if (authorization.grant !== 'authorization_code') return { kind: 'own' };
  return tokens?.refreshToken ? { kind: 'refresh', refreshToken: tokens.refreshToken } : undefined;
}

const reasonWithoutProof = (tokens: Tokens | null): InactiveReason =>
  tokens ? 'oauth_authorization_revoked' : 'oauth_reauthorization_required';
