// Bounds on untrusted JSON, found in one pass over its text before anything parses it: depth, number of keys, forbidden keys, where a member stands.

/** Limits on every JSON document that comes in from outside. */
export const jsonLimits = { depth: 64, keys: 10_000 } as const;

/** Keys that would reach an object's prototype once somebody merges or assigns them. */
const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype']);

export type JsonStructure =
  | { ok: true; members: Member[] }
  | { ok: false; code: 'json_too_deep' | 'json_too_many_keys' | 'json_forbidden_key'; message: string };

/** Where the text of a member's value begins and ends, and in which element of a top-level array (0 where the top is an object). */
export interface Member {
  element: number;
  start: number;
  end: number;
}

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_ARRAY = 91;
const BACKSLASH = 92;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/**
 * Walks a JSON text once, without recursion, and reports the first broken limit, or where the member `wanted` stands in the
 * top-level object (or in each object of a top-level array). Does not check the grammar: JSON.parse does that afterwards, and
 * for a text that JSON.parse accepts the positions are right.
 */
export function readJsonStructure(text: string, wanted: string, limits = jsonLimits): JsonStructure {
  const walk = new Walk(text, wanted, limits);
  return walk.run() ?? { ok: true, members: walk.members };
}

class Walk {
  readonly members: Member[] = [];
  private readonly text: string;
  private readonly wanted: string;
  private readonly limits: { depth: number; keys: number };
  /** One entry per open bracket: true for an object. */
  private readonly objects: boolean[] = [];
  private keys = 0;
  private expectKey = false;
  private element = 0;
  private key = '';
  private valueStart = -1;

  constructor(text: string, wanted: string, limits: { depth: number; keys: number }) {
    this.text = text;
    this.wanted = wanted;
    this.limits = limits;
  }

  run(): JsonStructure | undefined {
    for (let at = 0; at < this.text.length; at++) {
      const char = this.text.charCodeAt(at);
      if (char === QUOTE) {
        const end = endOfString(this.text, at);
        const problem = this.expectKey ? this.takeKey(at, end) : undefined;
        if (problem) return problem;
        at = end;
      } else if (char === OPEN_OBJECT || char === OPEN_ARRAY) {
        if (this.objects.push(char === OPEN_OBJECT) > this.limits.depth) return tooDeep(this.limits.depth);
        this.expectKey = char === OPEN_OBJECT;
      } else if (char === CLOSE_OBJECT || char === CLOSE_ARRAY) {
        this.endValue(at);
        this.objects.pop();
        this.expectKey = false;
      } else if (char === COMMA) {
        this.endValue(at);
        if (this.objects.length === 1 && this.objects[0] === false) this.element++;
        this.expectKey = this.objects.at(-1) === true;
      } else if (char === COLON && this.atWantedDepth() && this.key === this.wanted) {
        this.valueStart = at + 1;
      }
    }
    return undefined;
  }

  /** A member of the top-level object, or of an object that is an element of the top-level array. */
  private atWantedDepth(): boolean {
    const depth = this.objects.length;
    return this.objects[depth - 1] === true && (depth === 1 || (depth === 2 && this.objects[0] === false));
  }

  private takeKey(start: number, end: number): JsonStructure | undefined {
    this.expectKey = false;
    if (++this.keys > this.limits.keys) return tooManyKeys(this.limits.keys);
    this.key = keyText(this.text, start, end);
    if (forbiddenKeys.has(this.key)) return forbidden(this.key);
    return undefined;
  }

  private endValue(at: number): void {
    if (this.valueStart < 0 || !this.atWantedDepth()) return;
    const start = this.valueStart;
    this.valueStart = -1;
    const previous = this.members.at(-1);
    // A key given twice: the last one counts, as for JSON.parse.
    if (previous?.element === this.element) this.members.pop();
    this.members.push({ element: this.element, start, end: at });
  }
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === BACKSLASH) at++;
    else if (char === QUOTE) return at;
  }
  return text.length;
}

/** A key may hide behind escapes ("\u005f_proto__"); only such a key is worth parsing. */
function keyText(text: string, start: number, end: number): string {
  const raw = text.slice(start + 1, end);
  if (!raw.includes('\\')) return raw;
  try {
    return JSON.parse(text.slice(start, end + 1)) as string;
  } catch {
    return raw;
  }
}

const tooDeep = (depth: number): JsonStructure => ({
  ok: false,
  code: 'json_too_deep',
  message: `JSON may be nested ${depth} deep at most`,
});
const tooManyKeys = (keys: number): JsonStructure => ({
  ok: false,
  code: 'json_too_many_keys',
  message: `JSON may have ${keys} keys at most`,
});
const forbidden = (key: string): JsonStructure => ({
  ok: false,
  code: 'json_forbidden_key',
  message: `the key ${key} is not allowed`,
});
