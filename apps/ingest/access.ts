// Who may append events: keys and workspaces in memory, fed by compacted topics; no database is asked.
import { ApiError, notFound, verifyMachineToken, type MachineCaller, type MachineKey } from '@sluice/api';
import { topics, type AccessKey, type Workspace } from '@sluice/contracts';
import type { View, Views } from '@sluice/kafka';
import { open, type Keyring } from '@sluice/vault';
import type { Caller } from './accept.ts';

/** Tokens verified lately are not verified again before they expire; this many are remembered. */
const rememberedTokensMax = 10_000;
/** How long to wait for configuration to catch up before an unknown id is called unknown. Milliseconds. */
const catchUpMs = 1_500;

interface Remembered {
  caller: MachineCaller;
  expiresAtMs: number;
}

export class Access {
  private readonly keyring: Keyring;
  private readonly machineKeys = new Map<string, MachineKey>();
  private readonly publishableKeys = new Map<string, AccessKey>();
  private readonly organizationOf = new Map<string, string>();
  private readonly remembered = new Map<string, Remembered>();
  private views: Views | undefined;

  constructor(keyring: Keyring) {
    this.keyring = keyring;
  }

  /** The topics this is fed by. */
  feeds(): View[] {
    return [
      { topic: topics.accessKeys, apply: (id, value) => this.applyKey(id, value as AccessKey | null) },
      { topic: topics.workspaces, apply: (id, value) => this.applyWorkspace(id, value as Workspace | null) },
    ];
  }

  /** Where to ask for what is new when an id is unknown. */
  follow(views: Pick<Views, 'catchUp'>): void {
    this.views = views as Views;
  }

  /** The caller that these headers prove. Throws ApiError (401). */
  async caller(headers: { authorization?: string; publishableKey?: string }, nowMs: number): Promise<Caller> {
    if (headers.authorization !== undefined) return this.machineCaller(headers.authorization, nowMs);
    if (headers.publishableKey !== undefined) return this.publishableCaller(headers.publishableKey, nowMs);
    throw new ApiError('token_missing', {
      data: [{ param: 'authorization', msg: 'send a machine token or a publishable key' }],
    });
  }

  /** Throws ApiError (404) unless the workspace is the caller's organization's. Unknown and foreign answer alike. */
  async mustOwn(caller: Caller, workspace: string): Promise<void> {
    if (!this.organizationOf.has(workspace)) await this.catchUp();
    if (this.organizationOf.get(workspace) !== caller.organizationId) throw notFound('workspace', 'workspace');
  }

  private async machineCaller(authorization: string, nowMs: number): Promise<Caller> {
    const [, token] = /^Bearer ([^\s]+)$/i.exec(authorization) ?? [];
    if (!token) {
      throw new ApiError('token_invalid', { data: [{ param: 'authorization', msg: 'must be "Bearer <token>"' }] });
    }
    const known = this.remembered.get(token);
    const caller = known && this.isStillGood(known, nowMs) ? known.caller : await this.verify(token, nowMs);
    return { organizationId: caller.organizationId, workspace: null, by: caller.key };
  }

  private isStillGood({ caller, expiresAtMs }: Remembered, nowMs: number): boolean {
    const key = this.machineKeys.get(caller.key);
    return (
      nowMs < expiresAtMs &&
      key !== undefined &&
      (key.revokedAtMs ?? Infinity) > nowMs &&
      (key.expiresAtMs ?? Infinity) > nowMs
    );
  }

  private async verify(token: string, nowMs: number): Promise<MachineCaller> {
    const keyOf = async (id: string) => {
      if (!this.machineKeys.has(id)) await this.catchUp();
      return this.machineKeys.get(id);
    };
    const caller = await verifyMachineToken(token, keyOf, nowMs);
    if (this.remembered.size >= rememberedTokensMax) this.remembered.clear();
    this.remembered.set(token, { caller, expiresAtMs: expiryOf(token) });
    return caller;
  }

  private async publishableCaller(id: string, nowMs: number): Promise<Caller> {
    if (!this.publishableKeys.has(id)) await this.catchUp();
    const key = this.publishableKeys.get(id);
    const data = [{ param: 'x-meshes-publishable-key', msg: 'is not a key of this installation' }];
    if (!key || key.workspace_id === null) throw new ApiError('key_unknown', { data });
    if ((key.revoked_at ?? Infinity) <= nowMs || (key.expires_at ?? Infinity) <= nowMs)
      throw new ApiError('key_revoked', { data });
    return { organizationId: key.organization_id, workspace: key.workspace_id, by: key.id };
  }

  private async catchUp(): Promise<void> {
    await this.views?.catchUp(catchUpMs);
  }

  private applyKey(id: string, key: AccessKey | null): void {
    this.machineKeys.delete(id);
    this.publishableKeys.delete(id);
    if (key?.kind === 'publishable') this.publishableKeys.set(id, key);
    if (key?.kind !== 'machine' || key.sealed_secret === null) return;
    this.machineKeys.set(id, {
      id,
      organizationId: key.organization_id,
      secret: open(this.keyring, `access-key ${id}`, key.sealed_secret),
      expiresAtMs: key.expires_at,
      revokedAtMs: key.revoked_at,
    });
  }

  private applyWorkspace(id: string, workspace: Workspace | null): void {
    if (workspace) this.organizationOf.set(id, workspace.organization_id);
    else this.organizationOf.delete(id);
  }
}

/** The exp of a token that was verified, milliseconds. */
function expiryOf(token: string): number {
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as { exp: number };
  return claims.exp * 1_000;
}
