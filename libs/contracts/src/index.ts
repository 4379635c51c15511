// The ground everything stands on: record types, topics, ids, what a valid event is. Imports nothing of ours.
export * from './generated.ts';
export * from './topics.ts';
export * from './ids.ts';
export * from './event.ts';
export * from './first-attempt.ts';
export * from './json-structure.ts';
export * from './name.ts';
export * from './error-codes.ts';
export * from './policy.ts';
export * from './catalog-entry.ts';
