// Postgres: configuration as entities, history as plain SQL, both over one migrated schema. No Nest.
export { connectDatabase, migrate } from './database.ts';
export * from './entities/index.ts';
export {
  History,
  type AttemptRow,
  type DeliveryRow,
  type EventFilter,
  type EventRow,
  type EventSample,
  type Page,
  type SeenEventTypeRow,
} from './history.ts';
export { DeadLetters, type DeadLetterFilter, type DeadLetterRow } from './dead-letters.ts';
export type * from './facts.ts';
export { RulesAt, type RuleAt, type RulesAtFilter } from './rules-at.ts';
export { writeProjection } from './projection.ts';
export * from './records.ts';
export { sealedPlaces, SealedTexts, type SealedPlace, type SealedText } from './sealed-texts.ts';
export { workspaceKey } from './workspace-keys.ts';
export { publish, Publications, type PublicationLease } from './publications.ts';
