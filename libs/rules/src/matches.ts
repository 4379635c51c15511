// Which rules of an index an event matches, in an order that every replica has, within a number of steps that every replica counts.
import type { Rule } from '@sluice/contracts';
import { judge } from './judge.ts';
import { limits } from './limits.ts';
import { Reading } from './reading.ts';
import type { Indexed, RuleIndex } from './rule-index.ts';

export interface Matches {
  /** Ordered by id; at most `limits.matchesPerEvent`. */
  rules: Rule[];
  /** Rules that matched too, beyond those. */
  overflow: number;
  /** The rules took more steps than one event may cost: those that were not reached are not among the matching. */
  budgetExhausted: boolean;
  /** What matching took, in tests made, places read and elements of arrays. Follows from rules and event alone. */
  steps: number;
}

/** A rule in an index. */
interface Known extends Indexed {
  rule: Rule;
}

/** What an event matches where there are no rules. */
export const noMatches = (): Matches => ({ rules: [], overflow: 0, budgetExhausted: false, steps: 0 });

export function matchesOf(index: RuleIndex<Known>, event: object): Matches {
  const reading = new Reading(event, limits.stepsPerEvent);
  let found: Known[];
  try {
    found = index.find(reading);
    if (reading.isExhausted) return matches([], reading);
    const matching = judged(found, reading);
    if (!reading.isExhausted) return matches(matching, reading);
  } finally {
    reading.end();
  }
  return inOrder(found, event);
}

/**
 * The same again, for rules that take too many steps: by id, and from the first step on, so that every replica stops at the
 * same rule in whatever order its index finds them.
 */
function inOrder(found: Known[], event: object): Matches {
  const reading = new Reading(event, limits.stepsPerEvent);
  try {
    found.sort((a, b) => (a.rule.id < b.rule.id ? -1 : 1));
    return matches(judged(found, reading), reading);
  } finally {
    reading.end();
  }
}

function judged(found: readonly Known[], reading: Reading): Rule[] {
  const matching: Rule[] = [];
  for (const known of found) {
    const isMatch = judge(known, reading);
    if (reading.isExhausted) break;
    if (isMatch) matching.push(known.rule);
  }
  return matching;
}

function matches(matching: readonly Rule[], { steps, isExhausted, isCutShort }: Reading): Matches {
  const rules = firstById(matching, limits.matchesPerEvent);
  return {
    rules,
    overflow: matching.length - rules.length,
    budgetExhausted: isExhausted || isCutShort,
    steps: Math.min(steps, limits.stepsPerEvent),
  };
}

/** The first by id of many, without putting all of them in order. */
function firstById(rules: readonly Rule[], max: number): Rule[] {
  let first: Rule[] = [];
  let last: string | undefined;
  for (const rule of rules) {
    if (last !== undefined && rule.id > last) continue;
    first.push(rule);
    if (first.length < 2 * max) continue;
    first = sorted(first).slice(0, max);
    last = first.at(-1)?.id;
  }
  return sorted(first).slice(0, max);
}

const sorted = (rules: Rule[]): Rule[] => rules.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
