// Which rules does this event match? Pure.
export { RuleBook } from './rule-book.ts';
