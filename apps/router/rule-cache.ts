// Workspaces, connections, rules and event types in memory, fed by their compacted topics.
import { topics, type Connection, type Event, type EventType, type Rule, type Workspace } from '@sluice/contracts';
import { EventTypeBook, type Verdict } from '@sluice/event-types';
import type { View, Views } from '@sluice/kafka';
import { RuleBook, type Matches } from '@sluice/rules';
import { Mappings } from './mappings.ts';
import type { Applied, Configuration } from './route.ts';

/** How long to wait for configuration to catch up before an unknown workspace is called unknown. Milliseconds. */
const catchUpMs = 5_000;

export class RuleCache implements Configuration {
  private readonly rules = new RuleBook();
  private readonly connections = new Map<string, Connection>();
  private readonly types = new EventTypeBook();
  private readonly mappings = new Mappings();
  /** Workspace -> its organization. */
  private readonly workspaces = new Map<string, string>();
  private views: Pick<Views, 'catchUp'> | undefined;

  /** The topics this is fed by. */
  feeds(): View[] {
    return [
      { topic: topics.rules, apply: (id, value) => (value ? this.rules.put(value as Rule) : this.rules.remove(id)) },
      { topic: topics.connections, apply: (id, value) => keep(this.connections, id, value as Connection | null) },
      {
        topic: topics.eventTypes,
        apply: (id, value) => (value ? this.types.put(value as EventType) : this.types.remove(id)),
      },
      {
        topic: topics.workspaces,
        apply: (id, value) => keep(this.workspaces, id, (value as Workspace | null)?.organization_id ?? null),
      },
    ];
  }

  /** Where to ask for what is new when a workspace is unknown. */
  follow(views: Pick<Views, 'catchUp'>): void {
    this.views = views;
  }

  readonly matching = (event: Event, payload: Record<string, unknown>): Matches => this.rules.matching(event, payload);

  readonly connection = (id: string): Connection | undefined => this.connections.get(id);

  readonly mapping = (rule: Rule): Applied | undefined =>
    this.mappings.of(rule, this.connections.get(rule.connection_id));

  /** Whether a payload fits its registered event type. */
  verdict(event: Event, payload: Record<string, unknown>): Verdict {
    const { workspace, event: name } = event;
    return this.types.check({ workspace, organization: this.workspaces.get(workspace), name }, payload);
  }

  /** Resolves when everything that was configured before now is known. Rejects when that takes longer than 5 s. */
  async catchUp(): Promise<void> {
    await this.views?.catchUp(catchUpMs);
  }

  /** Whether a workspace exists; asks the log for news before it says no. */
  async hasWorkspace(id: string): Promise<boolean> {
    if (!this.workspaces.has(id)) await this.catchUp();
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
