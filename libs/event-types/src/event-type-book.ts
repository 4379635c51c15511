// The event types of all workspaces in memory, and whether a payload fits its own. Schemas are read when first needed, the planned ones bounded.
import type { EventType, EventTypeMode, Problem } from '@sluice/contracts';
import { problemsOf } from './evaluation.ts';
import { planOf, type Plan } from './plan.ts';
import { readSchema } from './reader.ts';

/** Whose event, and of which type. */
interface TypedEvent {
  workspace: string;
  organization: string | undefined;
  name: string;
}

export interface Verdict {
  /** `none` where no type of this name is registered; `off` also where its schema cannot be used. */
  mode: 'none' | EventTypeMode;
  /** At most 10, with params like `payload.email`. Always empty for `none` and `off`. */
  problems: Problem[];
}

/** Characters of schema text that stay planned by default. A plan takes ten to forty bytes for each. */
const plannedCharacters = 2 * 1024 * 1024;

export class EventTypeBook {
  private readonly byId = new Map<string, EventType>();
  /** Owner and name -> id -> type. An owner has one type of a name, but its successor may arrive before it is removed. */
  private readonly byName = new Map<string, Map<string, EventType>>();
  /** The one that rests longest first. */
  private readonly plans = new Map<string, Plan>();
  private characters = 0;
  private readonly most: number;
  private readonly brokenIds = new Set<string>();

  constructor({ characters = plannedCharacters }: { characters?: number } = {}) {
    this.most = characters;
  }

  /** Takes a type in, in place of what was known of it. An older version than the known one is ignored. */
  put(type: EventType): void {
    const known = this.byId.get(type.id);
    if (known && known.version > type.version) return;
    this.remove(type.id);
    this.byId.set(type.id, type);
    const key = keyOf(type);
    const types = this.byName.get(key) ?? new Map<string, EventType>();
    types.set(type.id, type);
    this.byName.set(key, types);
  }

  /** Forgets a type. */
  remove(id: string): void {
    const known = this.byId.get(id);
    if (!known) return;
    this.byId.delete(id);
    const key = keyOf(known);
    const types = this.byName.get(key);
    types?.delete(id);
    if (types?.size === 0) this.byName.delete(key);
    this.dropPlan(known);
    this.brokenIds.delete(id);
  }

  /** Whether a payload fits the type of its event: the workspace's own where it has one, else its organization's. */
  check(event: TypedEvent, payload: unknown): Verdict {
    const type = this.typeOf(event);
    if (!type) return { mode: 'none', problems: [] };
    const plan = type.mode === 'off' ? undefined : this.planOf(type);
    if (!plan) return { mode: 'off', problems: [] };
    return { mode: type.mode, problems: problemsOf(plan, payload, 'payload') };
  }

  get size(): number {
    return this.byId.size;
  }

  /** Types whose schema was needed and could not be used. They let every payload pass until a new version comes. */
  get broken(): number {
    return this.brokenIds.size;
  }

  /** Types whose schema is planned. */
  get planned(): number {
    return this.plans.size;
  }

  isPlanned(id: string): boolean {
    return this.plans.has(id);
  }

  private typeOf({ workspace, organization, name }: TypedEvent): EventType | undefined {
    return (
      newest(this.byName.get(`workspace ${workspace} ${name}`)) ??
      (organization === undefined ? undefined : newest(this.byName.get(`organization ${organization} ${name}`)))
    );
  }

  private planOf(type: EventType): Plan | undefined {
    if (this.brokenIds.has(type.id)) return undefined;
    const known = this.plans.get(type.id);
    if (known) {
      this.plans.delete(type.id);
      this.plans.set(type.id, known);
      return known;
    }
    const plan = planOfText(type.schema);
    if (!plan) {
      this.brokenIds.add(type.id);
      return undefined;
    }
    this.plans.set(type.id, plan);
    this.characters += type.schema.length;
    // The one just planned stays, however large it is.
    for (const id of this.plans.keys()) {
      if (this.characters <= this.most || id === type.id) break;
      this.dropPlan(this.byId.get(id));
    }
    return plan;
  }

  private dropPlan(type: EventType | undefined): void {
    if (type && this.plans.delete(type.id)) this.characters -= type.schema.length;
  }
}

// Ids have no space in them, so that no two owners share a key.
const keyOf = ({ workspace_id, organization_id, name }: EventType): string =>
  workspace_id === null ? `organization ${organization_id} ${name}` : `workspace ${workspace_id} ${name}`;

const newest = (types: Map<string, EventType> | undefined): EventType | undefined =>
  types && [...types.values()].at(-1);

function planOfText(text: string): Plan | undefined {
  try {
    const read = readSchema(JSON.parse(text));
    return 'problems' in read ? undefined : planOf(read);
  } catch {
    // Not JSON: the topic is written by others too.
    return undefined;
  }
}
