// Finds the few rules of a workspace that an event may match. A tree: rules stand together while they are few, and are told
// apart by one more of their levels where they are many. Its shape follows from the rules in it alone, not from their history.
import { accessLevels, type AccessLevel } from './access-keys.ts';
import { FieldSlots } from './field-slots.ts';
import type { Judged } from './judge.ts';
import type { Path } from './paths.ts';
import type { Reading } from './reading.ts';

export interface Indexed extends Judged {
  /** While an event is matched: whether it was found already. */
  isFound: boolean;
}

/** One rule, a few, or many that are told apart. Lists are never changed, only replaced. */
type Slot<Entry> = Entry | readonly Entry[] | Split<Entry>;

class Split<Entry> {
  /** Rules here, each counted once in however many places it stands. */
  count = 0;
  /** Rules that have no further level. */
  readonly rest: Entry[] = [];
  readonly fields = new Map<Path, FieldSlots<Slot<Entry>>>();
}

/** As many rules are tried one by one sooner than told apart. */
const fewRules = 8;

/** As many fields are looked for in the event; of more, the event's fields are looked for here. */
const fewFields = 32;

/** A rule and its levels. */
interface Placed<Entry> {
  entry: Entry;
  levels: readonly AccessLevel[];
}

export class RuleIndex<Entry extends Indexed> {
  private top: Slot<Entry> | undefined = undefined;
  private readonly root: Path;

  /** @param root the event, above all fields that rules of this index look at */
  constructor(root: Path) {
    this.root = root;
  }

  add(entry: Entry): void {
    this.top = inserted(this.top, placed(entry), 0);
  }

  remove(entry: Entry): void {
    if (this.top !== undefined) this.top = removed(this.top, placed(entry), 0);
  }

  /** The rules that the event may match, each once, in no order; all that it does match are among them. */
  find(reading: Reading): Entry[] {
    const found: Entry[] = [];
    const slots: Slot<Entry>[] = this.top === undefined ? [] : [this.top];
    for (let slot = slots.pop(); slot !== undefined && !reading.isExhausted; slot = slots.pop()) {
      if (slot instanceof Split) {
        findIn(slot, reading, { slots, found, root: this.root });
      } else if (isList(slot)) {
        for (const entry of slot) take(entry, reading, found);
      } else {
        take(slot, reading, found);
      }
    }
    for (const entry of found) entry.isFound = false;
    return found;
  }
}

const placed = <Entry extends Indexed>(entry: Entry): Placed<Entry> => ({ entry, levels: accessLevels(entry) });

/** Array.isArray forgets what a readonly array is of. */
const isList = <Entry>(slot: Entry | readonly Entry[]): slot is readonly Entry[] => Array.isArray(slot);

function take<Entry extends Indexed>(entry: Entry, reading: Reading, found: Entry[]): void {
  reading.steps++;
  if (entry.isFound) return;
  entry.isFound = true;
  found.push(entry);
}

function findIn<Entry extends Indexed>(
  split: Split<Entry>,
  reading: Reading,
  { slots, found, root }: { slots: Slot<Entry>[]; found: Entry[]; root: Path },
): void {
  for (const entry of split.rest) take(entry, reading, found);
  if (split.fields.size > fewFields) {
    for (const path of reading.presentBelow(root)) {
      reading.steps++;
      split.fields.get(path)?.meet(reading.at(path), reading, slots);
    }
    return;
  }
  for (const [path, field] of split.fields) {
    reading.steps++;
    const here = reading.at(path);
    if (here.values.length > 0) field.meet(here, reading, slots);
  }
}

function inserted<Entry extends Indexed>(
  slot: Slot<Entry> | undefined,
  rule: Placed<Entry>,
  depth: number,
): Slot<Entry> {
  if (slot === undefined) return rule.entry;
  if (slot instanceof Split) {
    addTo(slot, rule, depth);
    return slot;
  }
  const together = isList(slot) ? slot.concat([rule.entry]) : [slot, rule.entry];
  if (together.length <= fewRules) return together;
  const split = new Split<Entry>();
  for (const entry of together) addTo(split, entry === rule.entry ? rule : placed(entry), depth);
  return split;
}

function addTo<Entry extends Indexed>(split: Split<Entry>, rule: Placed<Entry>, depth: number): void {
  split.count++;
  const level = rule.levels[depth];
  if (!level) {
    split.rest.push(rule.entry);
    return;
  }
  for (const key of level) {
    const field = split.fields.get(key.path) ?? new FieldSlots<Slot<Entry>>();
    split.fields.set(key.path, field);
    field.set(key, inserted(field.get(key), rule, depth + 1));
  }
}

function removed<Entry extends Indexed>(
  slot: Slot<Entry>,
  rule: Placed<Entry>,
  depth: number,
): Slot<Entry> | undefined {
  if (slot instanceof Split) {
    removeFrom(slot, rule, depth);
    return slot.count > fewRules ? slot : fewOf(slot);
  }
  if (!isList(slot)) return slot === rule.entry ? undefined : slot;
  const left = slot.filter((entry) => entry !== rule.entry);
  return left.length === 1 ? left[0] : left;
}

function removeFrom<Entry extends Indexed>(split: Split<Entry>, rule: Placed<Entry>, depth: number): void {
  split.count--;
  const level = rule.levels[depth];
  if (!level) {
    split.rest.splice(split.rest.indexOf(rule.entry), 1);
    return;
  }
  for (const key of level) {
    const field = split.fields.get(key.path);
    const slot = field?.get(key);
    if (!field || slot === undefined) continue;
    field.set(key, removed(slot, rule, depth + 1));
    if (field.isEmpty) split.fields.delete(key.path);
  }
}

/** The rules of what is no longer worth telling apart. */
function fewOf<Entry extends Indexed>(split: Split<Entry>): readonly Entry[] {
  const entries = new Set<Entry>(split.rest);
  for (const field of split.fields.values()) {
    for (const slot of field.values()) {
      for (const entry of slot instanceof Split ? fewOf(slot) : isList(slot) ? slot : [slot]) entries.add(entry);
    }
  }
  return [...entries];
}
