// The policy of every connection in memory, fed by the compacted topic.
import { defaultPolicy, topics, type Connection, type Policy } from '@sluice/contracts';
import type { View } from '@sluice/kafka';

export class Policies {
  private readonly byConnection = new Map<string, Policy>();

  feeds(): View[] {
    return [{ topic: topics.connections, apply: (id, value) => this.apply(id, value as Connection | null) }];
  }

  /** A connection that was deleted meanwhile has the default. */
  of(connection: string): Policy {
    return this.byConnection.get(connection) ?? defaultPolicy;
  }

  private apply(id: string, connection: Connection | null): void {
    if (connection) this.byConnection.set(id, connection.policy);
    else this.byConnection.delete(id);
  }
}
