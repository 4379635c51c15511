// Whether one rule matches one event: every leaf of its own, of each choice one alternative, all in the same elements of arrays.
import type { Branch, Path } from './paths.ts';
import type { Reading } from './reading.ts';
import { holdsTogether, mayHold } from './same-element.ts';
import { holds } from './tests.ts';

/** What of a rule is judged. */
export interface Judged extends Branch {
  /** Fields that tests of the rule have in common: through an array there, they have to choose the same element. */
  shared: readonly Path[];
}

export function judge(rule: Judged, reading: Reading): boolean {
  // Without such an array each leaf can be judged for itself, once for all rules that have it.
  if (!rule.shared.some((path) => reading.at(path).isSpread)) return branchHolds(rule, reading, holds);
  return branchHolds(rule, reading, mayHold) && holdsTogether(rule, reading);
}

function branchHolds({ leaves, choices }: Branch, reading: Reading, leafHolds: typeof holds): boolean {
  for (const leaf of leaves) if (!leafHolds(leaf, reading)) return false;
  for (const alternatives of choices) {
    if (!alternatives.some((alternative) => branchHolds(alternative, reading, leafHolds))) return false;
  }
  return true;
}
