// Regular expressions of other people: matched by an automaton in time linear in the text, whatever the pattern. Never by the built-in engine.
import { RE2JS, RE2Set } from 're2js';
import { limits } from './limits.ts';
import { clip } from './place.ts';

export interface Pattern {
  readonly text: string;
  /** What one character of text costs at worst, in steps of evaluation.ts. */
  readonly price: number;
}

/**
 * What a pattern's remembered states may take in memory, in bytes; past it a match goes without them. Little, as there are texts for
 * which it makes a new state for every character, which takes longer than going without.
 */
const memory = 32 * 1024;
/** Patterns kept compiled, whoever uses them; the one that rests longest goes first. */
const kept = 512;
const compiled = new Map<string, RE2Set>();

/** A pattern ready for `matches`, or why it is not taken: it must be one for ECMA-262 (flag u) and one for RE2. */
export function readPattern(text: string): Pattern | { problem: string } {
  if (text.length > limits.patternLength) {
    return { problem: `may have ${limits.patternLength} characters at most` };
  }
  try {
    new RegExp(text, 'u');
    // Told before it is built: a{1000}a{1000}... would take a fifth of a second to build.
    let size = sizeOf(text);
    if (size <= limits.patternSize) size = automaton(text).prog.numInst();
    if (size <= limits.patternSize) return { text, price: 16 + Math.ceil(size / 3) };
    compiled.delete(text);
    return { problem: `must be smaller: it comes to ${size} steps, more than ${limits.patternSize}` };
  } catch (error) {
    return { problem: `must be a pattern that can be matched in linear time: ${reason(error)}` };
  }
}

/** Whether the pattern is found anywhere in the text. */
export function matches(pattern: Pattern, text: string): boolean {
  return automaton(pattern.text).match(text).length > 0;
}

function automaton(text: string): RE2Set {
  let found = compiled.get(text);
  if (found) {
    compiled.delete(text);
  } else {
    found = new RE2Set(RE2Set.UNANCHORED, 0, memory);
    found.add(RE2JS.translateRegExp(text));
    found.compile();
  }
  compiled.set(text, found);
  const [oldest] = compiled.keys();
  if (compiled.size > kept && oldest !== undefined) compiled.delete(oldest);
  return found;
}

/** The engine's own words without the pattern that the reader has before his eyes. */
const reason = (error: unknown): string =>
  clip(String((error as Error).message).replace(/^.*?\/u: |^error parsing regexp: /s, ''), 120);

/** About how many instructions a pattern that is one for ECMA-262 compiles to: a repetition counts what it repeats. */
function sizeOf(text: string): number {
  const open: number[] = [];
  let sum = 0;
  let last = 0;
  for (const [token, low, high] of text.matchAll(tokens)) {
    if (token.startsWith('(')) {
      open.push(sum);
      sum = last = 0;
    } else if (token === ')') {
      last = sum + 2;
      sum = (open.pop() ?? 0) + last;
    } else if (low !== undefined) {
      const times = Math.max(1, Number(high || low) + (token.endsWith(',}') ? 1 : 0));
      sum += last * times - last;
      last *= times;
    } else {
      last = 1;
      sum += 1;
    }
  }
  return sum;
}

/** A character class, an escape, a counted repetition (its two numbers apart), the head of a group, any other character. */
const tokens = /\[(?:\\.|[^\]\\])*\]|\\[pPu]\{[^}]*\}|\\.|\{(\d+),?(\d*)\}|\((?:\?(?:<\w+>|[:a-z-]+:?))?|[^]/gsu;
