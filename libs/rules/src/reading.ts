// What one event has at the fields that rules look at, read once and only where something asks; and the steps that all of it took.
import { limits } from './limits.ts';
import { addressBits } from './address.ts';
import type { Leaf, Path } from './paths.ts';
import { isScalar, type Scalar } from './pattern.ts';
import { fold, reversed } from './text-case.ts';

/** What an event has at a path. A path leads through every element of the arrays on its way. */
export interface Found {
  /** Texts, numbers, true, false and null: what tests are made of. */
  values: Scalar[];
  /** What paths lead on from. */
  objects: object[];
  /** Whether some of it came from different elements of one array, so that it matters which of it belongs together. */
  isSpread: boolean;
  /** Other forms of the values that are texts, made when a test first asks. */
  forms: Partial<Record<Form, (string | undefined)[]>> | null;
}

export type Form = 'folded' | 'reversed' | 'foldedReversed' | 'address';

const nothing: Found = { values: [], objects: [], isSpread: false, forms: null };
const theEvent = (event: object): Found => ({ values: [], objects: [event], isSpread: false, forms: null });

/** What the rules look at of an event beside its payload. */
export interface EventNames {
  event: string;
  resource: string | null;
  resource_id: string | null;
}

/** A field that is not set is not there. */
export function envelope({ event, resource, resource_id }: EventNames, payload: Record<string, unknown>): object {
  return { type: event, resource: resource ?? undefined, resource_id: resource_id ?? undefined, payload };
}

export class Reading {
  steps = 0;
  /** Whether a rule was given up because it alone took too many steps. */
  isCutShort = false;
  readonly event: object;
  private readonly stepsMax: number;
  private readonly paths: Path[] = [];
  private readonly leaves: Leaf[] = [];
  private present: Path[] | undefined;

  constructor(event: object, stepsMax: number) {
    this.event = event;
    this.stepsMax = stepsMax;
  }

  get isExhausted(): boolean {
    return this.steps > this.stepsMax;
  }

  /** What the event has at a path. */
  at(path: Path): Found {
    if (path.found) return path.found;
    const { parent } = path;
    const found = parent === null ? theEvent(this.event) : this.below(this.at(parent), path.key);
    path.found = found;
    this.paths.push(path);
    return found;
  }

  /** All fields below a path at which the event has a value: by what the event has, where rules ask for more than that. */
  presentBelow(root: Path): readonly Path[] {
    this.present ??= this.findPresent(root);
    return this.present;
  }

  private findPresent(path: Path): Path[] {
    const { objects } = this.at(path);
    const { kids } = path;
    const keys = kids instanceof Map ? objects.flatMap(Object.keys) : [];
    this.steps += keys.length;
    const asked = kids instanceof Map && keys.length < kids.size ? kidsNamed(kids, keys) : kids.values();
    const present: Path[] = [];
    for (const kid of asked) {
      const found = this.at(kid);
      if (found.values.length > 0) present.push(kid);
      if (found.objects.length > 0 && !this.isExhausted) present.push(...this.findPresent(kid));
    }
    return present;
  }

  /** Keeps what a leaf's tests came to until the event is done with. */
  keep(leaf: Leaf, passes: boolean): boolean {
    leaf.verdict = passes ? 2 : 1;
    this.leaves.push(leaf);
    return passes;
  }

  /** Forgets the event, which would otherwise live on in the rules' paths. */
  end(): void {
    for (const path of this.paths) path.found = null;
    for (const leaf of this.leaves) leaf.verdict = 0;
    this.paths.length = 0;
    this.leaves.length = 0;
  }

  private below({ objects, isSpread }: Found, key: string): Found {
    if (objects.length === 0) return nothing;
    const found: Found = { values: [], objects: [], isSpread, forms: null };
    for (const object of objects) {
      if (this.isExhausted) break;
      this.take(ownValue(object, key), found, 0);
    }
    return found.values.length === 0 && found.objects.length === 0 ? nothing : found;
  }

  private take(value: unknown, found: Found, nesting: number): void {
    this.steps++;
    if (isScalar(value)) found.values.push(value);
    else if (Array.isArray(value)) this.takeElements(value, found, nesting);
    else if (typeof value === 'object') found.objects.push(value);
  }

  private takeElements(elements: unknown[], found: Found, nesting: number): void {
    if (nesting === limits.arrayNesting) return;
    for (const element of elements) {
      if (this.isExhausted) return;
      if (elements.length > 1 && typeof element === 'object' && element !== null) found.isSpread = true;
      this.take(element, found, nesting + 1);
    }
  }
}

function kidsNamed(kids: ReadonlyMap<string, Path>, keys: readonly string[]): Set<Path> {
  return new Set(keys.map((key) => kids.get(key)).filter((kid) => kid !== undefined));
}

/** Own values only: what every object inherits is not in the event. */
export const ownValue = (object: object, key: string): unknown =>
  Object.hasOwn(object, key) ? (object as Record<string, unknown>)[key] : undefined;

/** Another form of one value that is a text; undefined where it has none. */
export function formOf(found: Found, at: number, form: Form): string | undefined {
  const forms = ((found.forms ??= {})[form] ??= []);
  if (!(at in forms)) {
    const value = found.values[at];
    forms[at] = typeof value === 'string' ? makeForm[form](value) : undefined;
  }
  return forms[at];
}

/** No suffix in conditions is longer, not even one that folding lengthens. */
const suffixMax = 2 * limits.conditionsBytes;

const makeForm: Record<Form, (text: string) => string | undefined> = {
  folded: fold,
  reversed: (text) => reversed(text.slice(-suffixMax)),
  foldedReversed: (text) => reversed(fold(text).slice(-suffixMax)),
  address: addressBits,
};
