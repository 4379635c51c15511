// The shapes of requests and answers, each stated once: validation, TypeScript types and the OpenAPI document follow from these.
export * from './connections.ts';
export * from './dead-letters.ts';
export * from './event-types.ts';
export * from './events.ts';
export * from './history.ts';
export * from './integrations.ts';
export * from './live.ts';
export * from './mappings.ts';
export * from './oauth.ts';
export * from './primitives.ts';
export * from './rules.ts';
export * from './workspaces.ts';
