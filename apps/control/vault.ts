// Seals and opens what belongs to a connection, with the data key of its workspace.
import { Inject, Injectable } from '@nestjs/common';
import { workspaceKey } from '@sluice/persistence';
import { newWorkspaceKey, open, sealIn, type Keyring } from '@sluice/vault';
import type { EntityManager } from 'typeorm';
import { KEYRING } from './tokens.ts';

/** What a sealed text is, and whose; it opens nowhere else. */
export interface Place {
  /** `connection`: credentials. `tokens`: what came from the token endpoint. `access-token`: what a connector is handed. */
  what: 'connection' | 'tokens' | 'access-token' | 'oauth-state';
  workspace: string;
  connection: string;
}

@Injectable()
export class Vault {
  private readonly keyring: Keyring;

  constructor(@Inject(KEYRING) keyring: Keyring) {
    this.keyring = keyring;
  }

  /** Within the transaction that keeps what is sealed. */
  async seal(manager: EntityManager, place: Place, secret: string): Promise<string> {
    const key = await workspaceKey(manager, place.workspace, () => newWorkspaceKey(this.keyring, place.workspace));
    return sealIn(this.keyring, key, { bound: boundTo(place), secret });
  }

  open(place: Place, sealed: string): string {
    return open(this.keyring, boundTo(place), sealed);
  }
}

/** Connectors open what is theirs by the same words. */
const boundTo = ({ what, workspace, connection }: Place): string => `${what} ${workspace} ${connection}`;
