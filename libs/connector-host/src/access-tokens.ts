// Access tokens of connections, in memory. Control gets them from the vendor, once for all replicas; here they are asked for and kept.
import { hash } from 'node:crypto';
import type { Access } from '@sluice/connector-kit';
import { open, VaultError, type Keyring } from '@sluice/vault';
import type { OpenConnection } from './connections.ts';

/** Undefined access where the connection's way to authenticate has no tokens. */
export type AccessAnswer = { access: Access | undefined } | { problem: string; isDead: boolean };

/** What control answers inside its sealed text. */
interface Opened {
  token: string;
  baseUrl: string | null;
  /** Milliseconds since 1970; null: until the vendor says that it has expired. */
  expiresAtMs: number | null;
  /** From when on another is asked for in the background. */
  refreshAtMs: number | null;
}

interface Known extends Opened {
  connectionVersion: number;
}

/** Control asks the vendor meanwhile, whom it gives 10 s. Milliseconds. */
const limitMs = 15_000;
/** A token that dies within this time is not begun with. Milliseconds. */
const marginMs = 5_000;
/** Between two tries in the background. Milliseconds. */
const againMs = 10_000;

export interface AccessTokensParts {
  /** Values of the metadata's `auth_scheme` that have tokens. */
  schemes: ReadonlySet<string>;
  controlUrl: string;
  keyring: Keyring;
  nowMs?: () => number;
}

export class AccessTokens {
  private readonly parts: AccessTokensParts;
  private readonly nowMs: () => number;
  private readonly known = new Map<string, Known>();
  /** Requests under way: who wants the same waits for it. */
  private readonly asked = new Map<string, Promise<AccessAnswer>>();

  constructor(parts: AccessTokensParts) {
    this.parts = parts;
    this.nowMs = parts.nowMs ?? Date.now;
  }

  /** A token; another than `stale`. Never rejects. */
  of(connection: OpenConnection, stale?: Access): Promise<AccessAnswer> | AccessAnswer {
    const { auth_scheme: scheme } = connection.metadata as { auth_scheme?: unknown };
    if (typeof scheme !== 'string' || !this.parts.schemes.has(scheme)) return { access: undefined };
    const known = this.usable(connection);
    if (!known || known.token === stale?.token) return this.ask(connection, stale);
    if (known.refreshAtMs !== null && this.nowMs() >= known.refreshAtMs) this.refresh(connection, known);
    return { access: { token: known.token, baseUrl: known.baseUrl } };
  }

  /** A changed connection may be another account. */
  private usable({ id, version }: OpenConnection): Known | undefined {
    const known = this.known.get(id);
    if (known?.connectionVersion !== version) return undefined;
    return known.expiresAtMs === null || this.nowMs() < known.expiresAtMs - marginMs ? known : undefined;
  }

  /** In the background. Control knows by its own clock that it is time; when it cannot now, it is asked again a while later. */
  private refresh(connection: OpenConnection, known: Known): void {
    known.refreshAtMs = this.nowMs() + againMs;
    void this.ask(connection, undefined);
  }

  private ask(connection: OpenConnection, stale: Access | undefined): Promise<AccessAnswer> {
    const key = `${connection.id} ${connection.version} ${stale ? fingerprint(stale.token) : ''}`;
    const asked = this.asked.get(key) ?? this.request(connection, stale).finally(() => this.asked.delete(key));
    this.asked.set(key, asked);
    return asked;
  }

  private async request(connection: OpenConnection, stale: Access | undefined): Promise<AccessAnswer> {
    try {
      const response = await fetch(`${this.parts.controlUrl}/internal/access-tokens`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ connection: connection.id, ...(stale ? { stale: fingerprint(stale.token) } : {}) }),
        signal: AbortSignal.timeout(limitMs),
      });
      const body = (await response.json()) as Body;
      if (response.status === 409) return { problem: wordsOf(body), isDead: true };
      if (!response.ok || body.sealed === undefined) return { problem: wordsOf(body), isDead: false };
      return { access: this.keep(connection, body.sealed) };
    } catch (error) {
      if (error instanceof VaultError) return { problem: 'the access token does not open here', isDead: false };
      return { problem: 'control does not answer: no access token could be got', isDead: false };
    }
  }

  private keep(connection: OpenConnection, sealed: string): Access {
    const bound = `access-token ${connection.workspace} ${connection.id}`;
    const opened = JSON.parse(open(this.parts.keyring, bound, sealed)) as Opened;
    this.known.set(connection.id, { ...opened, connectionVersion: connection.version });
    return { token: opened.token, baseUrl: opened.baseUrl };
  }
}

/** What control answers: the token, or the API's envelope of errors, whose data has the vendor's own words. */
interface Body {
  sealed?: string;
  error?: { message?: string; data?: { msg?: string }[] };
}

const wordsOf = ({ error }: Body): string => error?.data?.[0]?.msg ?? error?.message ?? 'no access token could be got';

/** Names a token without telling it. */
export const fingerprint = (token: string): string => hash('sha256', token);
