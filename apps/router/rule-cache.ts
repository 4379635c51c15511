// Workspaces, connections and rules in memory, fed by their compacted topics.
import { topics, type Connection, type Event, type Rule, type Workspace } from '@sluice/contracts';
import type { View, Views } from '@sluice/kafka';
import { RuleBook } from '@sluice/rules';
import type { Configuration } from './route.ts';

/** How long to wait for configuration to catch up before an unknown workspace is called unknown. Milliseconds. */
const catchUpMs = 5_000;

export class RuleCache implements Configuration {
  private readonly rules = new RuleBook();
  private readonly connections = new Map<string, Connection>();
  private readonly workspaces = new Set<string>();
  private views: Pick<Views, 'catchUp'> | undefined;

  /** The topics this is fed by. */
  feeds(): View[] {
    return [
      { topic: topics.rules, apply: (id, value) => (value ? this.rules.put(value as Rule) : this.rules.remove(id)) },
      { topic: topics.connections, apply: (id, value) => keep(this.connections, id, value as Connection | null) },
      {
        topic: topics.workspaces,
        apply: (id, value) => void (value ? this.workspaces.add((value as Workspace).id) : this.workspaces.delete(id)),
      },
    ];
  }

  /** Where to ask for what is new when a workspace is unknown. */
  follow(views: Pick<Views, 'catchUp'>): void {
    this.views = views;
  }

  readonly matching = (event: Event): Rule[] => this.rules.matching(event);

  readonly connection = (id: string): Connection | undefined => this.connections.get(id);

  /** Whether a workspace exists; asks the log for news before it says no. */
  async hasWorkspace(id: string): Promise<boolean> {
    if (!this.workspaces.has(id)) await this.views?.catchUp(catchUpMs);
    return this.workspaces.has(id);
  }

  /** Known without asking. */
  knowsWorkspace(id: string): boolean {
    return this.workspaces.has(id);
  }
}

function keep<T>(map: Map<string, T>, id: string, value: T | null): void {
  if (value === null) map.delete(id);
  else map.set(id, value);
}
