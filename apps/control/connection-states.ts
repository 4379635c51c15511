// What connectors find out about connections while they use them: credentials that are refused, destinations that are gone.
import { Inject, Injectable } from '@nestjs/common';
import type { ConnectionState } from '@sluice/contracts';
import { ConnectionChanges, type InactiveReason } from './connection-changes.ts';

/** States by which a connection is made inactive, each its own reason. One that is not known is of a newer release. */
const reasons: ReadonlySet<string> = new Set<InactiveReason>(['authentication_invalid', 'destination_gone']);

@Injectable()
export class ConnectionStates {
  private readonly changes: Pick<ConnectionChanges, 'inactivate'>;

  constructor(@Inject(ConnectionChanges) changes: Pick<ConnectionChanges, 'inactivate'>) {
    this.changes = changes;
  }

  /** May be given the same record again. It holds for the version it names: one that was changed since may be well. */
  async apply({ connection_id, connection_version, state }: ConnectionState): Promise<void> {
    if (!reasons.has(state)) return;
    await this.changes.inactivate(connection_id, { reason: state as InactiveReason, version: connection_version });
  }
}
