// The rules of all workspaces in memory, and which of them an event matches: what that costs hardly depends on how many there are.
import type { Event, Rule } from '@sluice/contracts';
import { matchesOf, noMatches, type Matches } from './matches.ts';
import { noChoices, Paths, type Branch, type Path } from './paths.ts';
import { envelope } from './reading.ts';
import { readRule } from './read-rule.ts';
import { RuleIndex, type Indexed } from './rule-index.ts';
import { sharedPaths } from './same-element.ts';

/** What of an event a rule looks at, besides its payload. */
export type Matched = Pick<Event, 'workspace' | 'event' | 'resource' | 'resource_id'>;

/** A rule and what was made of it. */
interface Known extends Indexed {
  rule: Rule;
  /** Its conditions are not sound; such a rule never matches. */
  isBroken: boolean;
}

interface Workspace {
  paths: Paths;
  index: RuleIndex<Known>;
  rules: number;
}

const noLeaves: Branch['leaves'] = [];
const noPaths: readonly Path[] = [];

export class RuleBook {
  private readonly byId = new Map<string, Known>();
  /** Those that have an active rule. */
  private readonly workspaces = new Map<string, Workspace>();
  private brokenRules = 0;

  get size(): number {
    return this.byId.size;
  }

  /** How many rules can never match because their conditions are not sound. */
  get broken(): number {
    return this.brokenRules;
  }

  get(id: string): Rule | undefined {
    return this.byId.get(id)?.rule;
  }

  /** Takes a rule in, in place of what was known of it. An older version than the known one is ignored. */
  put(rule: Rule): void {
    const known = this.byId.get(rule.id);
    if (known && known.rule.version > rule.version) return;
    if (known) this.drop(known);
    this.byId.set(rule.id, this.taken(rule));
  }

  /** Forgets a rule. */
  remove(id: string): void {
    const known = this.byId.get(id);
    if (!known) return;
    this.byId.delete(id);
    this.drop(known);
  }

  /** The active rules an event matches. */
  matching(event: Matched, payload: Record<string, unknown>): Matches {
    const workspace = this.workspaces.get(event.workspace);
    if (!workspace) return noMatches();
    return matchesOf(workspace.index, envelope(event, payload));
  }

  private taken(rule: Rule): Known {
    const read = readRule(rule);
    if (!read) this.brokenRules++;
    if (!read || !rule.active) {
      return { rule, isBroken: !read, leaves: noLeaves, choices: noChoices, shared: noPaths, isFound: false };
    }
    const workspace = this.workspaces.get(rule.workspace_id) ?? newWorkspace();
    this.workspaces.set(rule.workspace_id, workspace);
    const { leaves, choices } = workspace.paths.take(read);
    const shared = sharedPaths({ leaves, choices });
    const known = {
      rule,
      isBroken: false,
      leaves,
      choices,
      shared: shared.length > 0 ? shared : noPaths,
      isFound: false,
    };
    workspace.index.add(known);
    workspace.rules++;
    return known;
  }

  private drop(known: Known): void {
    if (known.isBroken) this.brokenRules--;
    const workspace = this.workspaces.get(known.rule.workspace_id);
    // Every rule in the index tests at least its event type.
    if (!workspace || known.leaves === noLeaves) return;
    workspace.index.remove(known);
    workspace.paths.release(known);
    if (--workspace.rules === 0) this.workspaces.delete(known.rule.workspace_id);
  }
}

function newWorkspace(): Workspace {
  const paths = new Paths();
  return { paths, index: new RuleIndex(paths.root), rules: 0 };
}
