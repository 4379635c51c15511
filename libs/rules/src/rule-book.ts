// The rules of all workspaces in memory, found by workspace and event type: a match costs the same however many other rules there are.
import type { Event, Rule } from '@sluice/contracts';

/** What of an event a rule looks at. */
export type Matched = Pick<Event, 'workspace' | 'event' | 'resource' | 'resource_id'>;

export class RuleBook {
  private readonly byId = new Map<string, Rule>();
  /** `<workspace> <event type>` -> rule id -> rule. */
  private readonly byType = new Map<string, Map<string, Rule>>();

  /** Takes a rule in, in place of what was known of it. An older version than the known one is ignored. */
  put(rule: Rule): void {
    const known = this.byId.get(rule.id);
    if (known && known.version > rule.version) return;
    if (known) this.dropFromType(known);
    this.byId.set(rule.id, rule);
    const key = typeKey(rule.workspace_id, rule.event);
    const rules = this.byType.get(key) ?? new Map<string, Rule>();
    rules.set(rule.id, rule);
    this.byType.set(key, rules);
  }

  /** Forgets a rule. */
  remove(id: string): void {
    const known = this.byId.get(id);
    if (!known) return;
    this.byId.delete(id);
    this.dropFromType(known);
  }

  /** The active rules an event matches, in the order in which they came to be known. */
  matching(event: Matched): Rule[] {
    const rules = this.byType.get(typeKey(event.workspace, event.event));
    if (!rules) return [];
    const matching: Rule[] = [];
    for (const rule of rules.values()) if (matches(rule, event)) matching.push(rule);
    return matching;
  }

  get size(): number {
    return this.byId.size;
  }

  private dropFromType(rule: Rule): void {
    const key = typeKey(rule.workspace_id, rule.event);
    const rules = this.byType.get(key);
    rules?.delete(rule.id);
    if (rules?.size === 0) this.byType.delete(key);
  }
}

/** A rule that names a resource, or one resource id, takes only events of it. */
function matches(rule: Rule, event: Matched): boolean {
  if (!rule.active) return false;
  if (rule.resource !== null && rule.resource !== event.resource) return false;
  return rule.resource_id === null || rule.resource_id === event.resource_id;
}

// A workspace id has no space in it, so that no two pairs share a key.
const typeKey = (workspace: string, eventType: string): string => `${workspace} ${eventType}`;
