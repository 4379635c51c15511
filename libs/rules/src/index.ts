// Which rules does an event match, and why? Pure. The language of conditions is described in ../README.md.
export { checkConditions } from './check-conditions.ts';
export { checkEventTypePattern } from './event-type-pattern.ts';
export { explain, type ExplainedLeaf, type Explanation } from './explain.ts';
export { limits } from './limits.ts';
export { lintConditions } from './lint-conditions.ts';
export type { Matches } from './matches.ts';
export { RuleBook, type Matched } from './rule-book.ts';
