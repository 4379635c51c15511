// Keys in order, each with what stands at it: for looking up all prefixes of a text, or all bounds on one side of a number. Kept in
// short runs, so that a key put or taken away moves only the few beside it.

/** Never changed, only replaced, so that it has no room it does not use. */
interface Run<Key, Slot> {
  readonly keys: readonly Key[];
  readonly slots: readonly Slot[];
}

/** A run that grows beyond is halved. */
const runMax = 128;

/** Where a key stands, `run * runMax + at`; below all of them. */
const nowhere = -1;

export class SortedSlots<Key extends string | number, Slot> {
  /** None is empty. */
  private runs: readonly Run<Key, Slot>[] = [];

  get isEmpty(): boolean {
    return this.runs.length === 0;
  }

  get(key: Key): Slot | undefined {
    const place = this.lastUpTo(key);
    return place !== nowhere && this.keyAt(place) === key ? this.slotAt(place) : undefined;
  }

  /** Puts a slot at a key, or with undefined takes the key away. */
  set(key: Key, slot: Slot | undefined): void {
    const place = this.lastUpTo(key);
    const isKnown = place !== nowhere && this.keyAt(place) === key;
    if (slot === undefined && !isKnown) return;
    const run = runOf(Math.max(place, 0));
    const { keys, slots } = this.runs[run] ?? { keys: [], slots: [] };
    const [at, old] = isKnown ? [atOf(place), 1] : [place === nowhere ? 0 : atOf(place) + 1, 0];
    const [newKeys, newSlots]: [Key[], Slot[]] = slot === undefined ? [[], []] : [[key], [slot]];
    const changed = { keys: keys.toSpliced(at, old, ...newKeys), slots: slots.toSpliced(at, old, ...newSlots) };
    this.runs = this.runs.toSpliced(run, 1, ...fitting(changed));
  }

  *values(): Iterable<Slot> {
    for (const { slots } of this.runs) yield* slots;
  }

  /** Adds what stands at keys up to one. */
  takeUpTo(key: Key, into: Slot[]): void {
    for (let place = this.lastUpTo(key); place !== nowhere; place = this.before(place)) into.push(this.slotAt(place));
  }

  /** Adds what stands at keys from one on. */
  takeFrom(key: Key, into: Slot[]): void {
    const last = this.runs.length - 1;
    let place = last < 0 ? nowhere : this.lastOf(last);
    for (; place !== nowhere && this.keyAt(place) >= key; place = this.before(place)) into.push(this.slotAt(place));
  }

  /**
   * Adds what stands at keys that the text begins with, and returns how many places it looked at. All such keys stand before
   * the text; a key among them that is none tells by what it has in common with the text how far to go back.
   */
  takePrefixesOf(text: Key & string, into: Slot[]): number {
    let looked = 1;
    for (let place = this.lastUpTo(text); place !== nowhere; looked++) {
      const key = this.keyAt(place) as Key & string;
      const length = commonLength(key, text);
      if (length < key.length) {
        place = this.lastUpTo(text.slice(0, length) as Key);
      } else {
        into.push(this.slotAt(place));
        place = this.before(place);
      }
    }
    return looked;
  }

  /** The place of the last key that is not above the given one. */
  private lastUpTo(key: Key): number {
    const run = countUpTo(this.runs.length, (at) => this.keyAt(at * runMax) <= key) - 1;
    const keys = this.runs[run]?.keys;
    return keys ? run * runMax + countUpTo(keys.length, (at) => (keys[at] as Key) <= key) - 1 : nowhere;
  }

  private before(place: number): number {
    if (atOf(place) > 0) return place - 1;
    return place === 0 ? nowhere : this.lastOf(runOf(place) - 1);
  }

  private lastOf(run: number): number {
    return run * runMax + (this.runs[run] as Run<Key, Slot>).keys.length - 1;
  }

  private keyAt(place: number): Key {
    return this.runs[runOf(place)]?.keys[atOf(place)] as Key;
  }

  private slotAt(place: number): Slot {
    return this.runs[runOf(place)]?.slots[atOf(place)] as Slot;
  }
}

const runOf = (place: number): number => Math.floor(place / runMax);
const atOf = (place: number): number => place % runMax;

/** The run, or its halves where it is too long, or none where it is empty. */
function fitting<Key, Slot>({ keys, slots }: Run<Key, Slot>): Run<Key, Slot>[] {
  if (keys.length === 0) return [];
  if (keys.length <= runMax) return [{ keys, slots }];
  const half = keys.length >>> 1;
  return [
    { keys: keys.slice(0, half), slots: slots.slice(0, half) },
    { keys: keys.slice(half), slots: slots.slice(half) },
  ];
}

/** Of so many in order, how many come before the first that is not meant. */
function countUpTo(count: number, isMeant: (at: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isMeant(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function commonLength(a: string, b: string): number {
  const end = Math.min(a.length, b.length);
  let length = 0;
  while (length < end && a.charCodeAt(length) === b.charCodeAt(length)) length++;
  return length;
}
