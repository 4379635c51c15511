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
export { askedAgain, DeadLetters, type AskedAgain, type DeadLetterFilter, type DeadLetterRow } from './dead-letters.ts';
export type * from './facts.ts';
export { FailingConnections, type FailingConnection } from './failing-connections.ts';
export { Leadership } from './leadership.ts';
export { ParkingLots, type Lot, type ParkedRow, type Released, type Taken, type Taking } from './parking-lots.ts';
export { RulesAt, type RuleAt, type RulesAtFilter } from './rules-at.ts';
export { inTransaction } from './transaction.ts';
export { writeProjection } from './projection.ts';
export * from './records.ts';
export { ReplayRuns, type NewReplay, type ReplayLease, type ReplayOutcomes } from './replay-runs.ts';
export { sealedPlaces, SealedTexts, type SealedPlace, type SealedText } from './sealed-texts.ts';
export { workspaceKey } from './workspace-keys.ts';
export { publish, Publications, type PublicationLease } from './publications.ts';
