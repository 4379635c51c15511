// Goes through a value once, as JSON.stringify will: is it within its bytes and depth, and free of keys that reach a prototype?
import { isForbiddenKey } from './json.ts';

interface Excess {
  /** Where in the value, dotted; empty for the whole. */
  place: string;
  message: string;
}

/** What is wrong with a value that is to be written as JSON, if anything, and how many characters were gone through at least. */
export function measured(value: unknown, limits: Limits): { chars: number; excess?: Excess } {
  const measure = new Measure(limits);
  if (!measure.take(value, 0)) {
    return { chars: measure.least, excess: { place: measure.place.reverse().join('.'), message: measure.message } };
  }
  // Most values are far from the limit whatever their characters take; only for the others are bytes counted.
  if (measure.most > limits.bytes && utf8Bytes(JSON.stringify(value)) > limits.bytes) {
    return { chars: measure.least, excess: { place: '', message: tooLarge(limits.bytes) } };
  }
  return { chars: measure.least };
}

interface Limits {
  bytes: number;
  depth: number;
}

/** Bytes of a text in UTF-8; a lone surrogate counts as the replacement it is written as. */
export function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) continue;
    if (unit < 0x800) bytes += 1;
    else if (isHigh(unit) && isLow(text.charCodeAt(at + 1))) {
      bytes += 2;
      at++;
    } else bytes += 2;
  }
  return bytes;
}

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit < 0xdc00;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit < 0xe000;

/** What a character of a text, and a number, take at most: \u0000, -1.2345678901234567e-100. */
const CHARACTER_MOST = 6;
const NUMBER_MOST = 25;

class Measure {
  /** Keys from the place of a fault outwards. */
  readonly place: string[] = [];
  message = '';
  most = 0;
  least = 0;
  private readonly limits: Limits;

  constructor(limits: Limits) {
    this.limits = limits;
  }

  /** False where something is wrong. */
  take(value: unknown, depth: number): boolean {
    if (typeof value === 'string') return this.add(value.length + 2, CHARACTER_MOST * value.length + 2);
    if (typeof value === 'number') return this.add(1, NUMBER_MOST);
    if (typeof value !== 'object' || value === null) return this.add(4, 5);
    if (depth >= this.limits.depth) return this.refuse(`is nested more than ${this.limits.depth} deep`);
    return Array.isArray(value)
      ? this.takeList(value, depth)
      : this.takeObject(value as Record<string, unknown>, depth);
  }

  private takeList(list: readonly unknown[], depth: number): boolean {
    if (!this.add(list.length + 1, list.length + 2)) return false;
    for (let at = 0; at < list.length; at++) {
      if (!this.take(list[at], depth + 1)) return this.within(String(at));
    }
    return true;
  }

  private takeObject(object: Record<string, unknown>, depth: number): boolean {
    if (!this.add(2, 2)) return false;
    for (const key of Object.keys(object)) {
      if (isForbiddenKey(key)) return this.refuse(`has the key ${key}, which is not allowed`);
      if (!this.add(key.length + 3, CHARACTER_MOST * key.length + 4)) return this.within(key);
      if (!this.take(object[key], depth + 1)) return this.within(key);
    }
    return true;
  }

  private add(least: number, most: number): boolean {
    this.least += least;
    this.most += most;
    return this.least <= this.limits.bytes || this.refuse(tooLarge(this.limits.bytes));
  }

  private refuse(message: string): false {
    this.message = message;
    return false;
  }

  private within(key: string): false {
    this.place.push(key);
    return false;
  }
}

const tooLarge = (bytes: number): string => `makes the result larger than ${bytes / 1024} kB`;
