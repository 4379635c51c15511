// The places of one field in the index: for each way of looking a value up, what stands at which key. Plain data.
import { cellOf, type AccessKey } from './access-keys.ts';
import type { Scalar } from './pattern.ts';
import { formOf, type Form, type Found, type Reading } from './reading.ts';
import { SortedSlots } from './sorted-slots.ts';

/** Characters of a text that cost as much to look up as one more key. */
const charsPerStep = 64;

/** Which form of a text the keys of a channel are prefixes of; undefined is the text itself. */
const forms = {
  prefix: undefined,
  foldedPrefix: 'folded',
  suffix: 'reversed',
  foldedSuffix: 'foldedReversed',
  address: 'address',
} as const satisfies Record<string, Form | undefined>;

type PrefixChannel = keyof typeof forms;
const prefixChannels = Object.keys(forms) as PrefixChannel[];

export class FieldSlots<Slot> {
  private equal: Map<Scalar, Slot> | null = null;
  private folded: Map<Scalar, Slot> | null = null;
  private present: Slot | undefined = undefined;
  private prefixes: Partial<Record<PrefixChannel, SortedSlots<string, Slot>>> | null = null;
  private above: SortedSlots<number, Slot> | null = null;
  private below: SortedSlots<number, Slot> | null = null;
  /** By width. */
  private cells: Map<number, Map<Scalar, Slot>> | null = null;
  private size = 0;

  get isEmpty(): boolean {
    return this.size === 0;
  }

  get({ channel, key, width }: AccessKey): Slot | undefined {
    switch (channel) {
      case 'equal':
        return this.equal?.get(key);
      case 'folded':
        return this.folded?.get(key);
      case 'present':
        return this.present;
      case 'above':
        return this.above?.get(key as number);
      case 'below':
        return this.below?.get(key as number);
      case 'cell':
        return this.cells?.get(width)?.get(key);
      default:
        return this.prefixes?.[channel]?.get(key as string);
    }
  }

  /** Puts a slot at a key, or with undefined takes the key away. */
  set(where: AccessKey, slot: Slot | undefined): void {
    this.size += Number(slot !== undefined) - Number(this.get(where) !== undefined);
    this.setIn(where, slot);
  }

  private setIn({ channel, key, width }: AccessKey, slot: Slot | undefined): void {
    switch (channel) {
      case 'equal':
        return put((this.equal ??= new Map<Scalar, Slot>()), key, slot);
      case 'folded':
        return put((this.folded ??= new Map<Scalar, Slot>()), key, slot);
      case 'present':
        this.present = slot;
        return;
      case 'above':
        return (this.above ??= new SortedSlots<number, Slot>()).set(key as number, slot);
      case 'below':
        return (this.below ??= new SortedSlots<number, Slot>()).set(key as number, slot);
      case 'cell':
        return this.setCell(width, key, slot);
      default: {
        const prefixes = (this.prefixes ??= {});
        return (prefixes[channel] ??= new SortedSlots<string, Slot>()).set(key as string, slot);
      }
    }
  }

  /** Adds what stands at the keys that the values found meet. */
  meet(found: Found, reading: Reading, into: Slot[]): void {
    if (this.present !== undefined) into.push(this.present);
    for (let at = 0; at < found.values.length && !reading.isExhausted; at++) {
      const value = found.values[at] as Scalar;
      reading.steps++;
      // A text that came from JSON has no hash yet, and a long one is dear to hash.
      const same = this.equal && this.equal.size > 0 ? this.equal.get(value) : undefined;
      if (same !== undefined) into.push(same);
      if (typeof value === 'number') this.meetNumber(value, reading, into);
      else if (typeof value === 'string') this.meetText({ found, at, value }, reading, into);
    }
  }

  /** Everything that stands here. */
  *values(): Iterable<Slot> {
    if (this.equal) yield* this.equal.values();
    if (this.folded) yield* this.folded.values();
    if (this.present !== undefined) yield this.present;
    for (const sorted of Object.values(this.prefixes ?? {})) yield* sorted.values();
    if (this.above) yield* this.above.values();
    if (this.below) yield* this.below.values();
    for (const cells of this.cells?.values() ?? []) yield* cells.values();
  }

  private meetNumber(value: number, reading: Reading, into: Slot[]): void {
    if (this.cells) {
      for (const [width, cells] of this.cells) {
        reading.steps++;
        const slot = cells.get(cellOf(value, width));
        if (slot !== undefined) into.push(slot);
      }
    }
    this.above?.takeUpTo(value, into);
    this.below?.takeFrom(value, into);
  }

  private meetText(text: { found: Found; at: number; value: string }, reading: Reading, into: Slot[]): void {
    reading.steps += Math.floor(text.value.length / charsPerStep);
    if (this.folded) {
      const slot = this.folded.get(formOf(text.found, text.at, 'folded') ?? null);
      if (slot !== undefined) into.push(slot);
    }
    if (!this.prefixes) return;
    for (const channel of prefixChannels) {
      const sorted = this.prefixes[channel];
      if (!sorted || sorted.isEmpty) continue;
      const form = forms[channel];
      const key = form === undefined ? text.value : formOf(text.found, text.at, form);
      if (key !== undefined) reading.steps += sorted.takePrefixesOf(key, into);
    }
  }

  private setCell(width: number, cell: Scalar, slot: Slot | undefined): void {
    const widths = (this.cells ??= new Map<number, Map<Scalar, Slot>>());
    const cells = widths.get(width) ?? new Map<Scalar, Slot>();
    put(cells, cell, slot);
    if (cells.size > 0) widths.set(width, cells);
    else widths.delete(width);
  }
}

function put<Slot>(map: Map<Scalar, Slot>, key: Scalar, slot: Slot | undefined): void {
  if (slot === undefined) map.delete(key);
  else map.set(key, slot);
}
