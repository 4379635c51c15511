// Event types: which schemas are taken, whether a payload fits one, and whether a new version keeps what the old one promised.
export { checkEventTypeSchema, checkExample } from './check-schema.ts';
export { incompatibilities } from './incompatibilities.ts';
export { EventTypeBook, type Verdict } from './event-type-book.ts';
