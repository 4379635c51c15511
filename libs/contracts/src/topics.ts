// The one table of topics: name, key, schema, partitions, retention, who writes, who reads. docs/topics.md is generated from it.
import type { schemaTexts } from './generated.ts';

export type SchemaName = keyof typeof schemaTexts;

export interface Topic {
  name: string;
  /** What the record key is, in words. */
  key: string;
  schema: SchemaName;
  partitions: number;
  /** How long records stay; `compact` keeps the newest record of each key for ever. */
  retention: { days: number } | 'compact';
  writers: readonly string[];
  readers: readonly string[];
}

const HOUR_MS = 3_600_000;

/** The delay topics of retry: a record stays in one for exactly its delay, so each partition is in due order. Milliseconds. */
export const retryTiers = [
  { name: '1s', delayMs: 1_000 },
  { name: '5s', delayMs: 5_000 },
  { name: '30s', delayMs: 30_000 },
  { name: '2m', delayMs: 120_000 },
  { name: '10m', delayMs: 600_000 },
  { name: '30m', delayMs: 1_800_000 },
  { name: '2h', delayMs: 2 * HOUR_MS },
] as const;

export type RetryTier = (typeof retryTiers)[number];

const configuration = { partitions: 1, retention: 'compact', writers: ['control'] } as const;

export const topics = {
  events: {
    name: 'events',
    key: '<workspace>:<resource_id>, or empty (spread)',
    schema: 'Event',
    partitions: 6,
    retention: { days: 7 },
    writers: ['ingest', 'any producer'],
    readers: ['router', 'tracker'],
  },
  fanOuts: {
    name: 'fan-outs',
    key: 'event id',
    schema: 'FanOut',
    partitions: 6,
    retention: { days: 7 },
    writers: ['router'],
    readers: ['tracker'],
  },
  outcomes: {
    name: 'outcomes',
    key: 'event id',
    schema: 'Outcome',
    partitions: 6,
    retention: { days: 7 },
    writers: ['connectors'],
    readers: ['tracker'],
  },
  // Those that something follows apart from the others, so that retry reads nothing while all is well: they are few, and carry their delivery.
  failedOutcomes: {
    name: 'outcomes.failed',
    key: 'event id',
    schema: 'Outcome',
    partitions: 6,
    retention: { days: 7 },
    writers: ['connectors'],
    readers: ['retry', 'tracker'],
  },
  replays: {
    name: 'replays',
    key: 'connection id',
    schema: 'Replay',
    partitions: 3,
    retention: { days: 7 },
    writers: ['control'],
    readers: ['retry', 'tracker'],
  },
  poison: {
    name: 'dead-letters.poison',
    key: 'empty',
    schema: 'Poison',
    partitions: 1,
    retention: { days: 30 },
    writers: ['every consumer'],
    readers: ['people'],
  },
  idempotencyClaims: {
    name: 'idempotency-claims',
    key: 'hash of workspace and Idempotency-Key',
    schema: 'IdempotencyClaim',
    partitions: 3,
    retention: { days: 2 },
    writers: ['ingest'],
    readers: ['ingest'],
  },
  // What connectors find out about connections; control decides what follows.
  connectionStates: {
    name: 'connection-states',
    key: 'connection id',
    schema: 'ConnectionState',
    partitions: 1,
    retention: 'compact',
    writers: ['connectors'],
    readers: ['control'],
  },
  breakers: {
    name: 'breakers',
    key: 'connection id',
    schema: 'BreakerRecord',
    partitions: 1,
    retention: 'compact',
    writers: ['connectors'],
    readers: ['connectors', 'control'],
  },
  releases: {
    name: 'releases',
    key: 'connection id',
    schema: 'Release',
    partitions: 3,
    retention: { days: 7 },
    writers: ['control'],
    readers: ['retry', 'tracker'],
  },
  // Configuration: one partition each, so that there is a total order and "read to the end" is one offset.
  workspaces: {
    ...configuration,
    name: 'workspaces',
    key: 'workspace id',
    schema: 'Workspace',
    readers: ['ingest', 'router'],
  },
  accessKeys: { ...configuration, name: 'access-keys', key: 'access key', schema: 'AccessKey', readers: ['ingest'] },
  connections: {
    ...configuration,
    name: 'connections',
    key: 'connection id',
    schema: 'Connection',
    readers: ['router', 'connectors', 'retry'],
  },
  eventTypes: {
    ...configuration,
    name: 'event-types',
    key: 'event type id',
    schema: 'EventType',
    readers: ['ingest', 'router'],
  },
  rules: { ...configuration, name: 'rules', key: 'rule id', schema: 'Rule', readers: ['router'] },
} as const satisfies Record<string, Topic>;

/** Header of an event that ingest has accepted: it was checked there, and is never refused afterwards. */
export const acceptedHeader = 'accepted-by';

/** What one connector cannot attempt now. Keyed by connection, as deliveries are: what is parked first is released first. */
export function parkedTopic(connector: string): Topic {
  return {
    name: `parked.${connector}`,
    key: 'connection id',
    schema: 'Parked',
    partitions: 6,
    retention: { days: 14 },
    writers: [`connectors/${connector}`, 'retry'],
    readers: ['tracker'],
  };
}

/** What the router asks one connector to deliver. Keyed by connection: rate, order and breaker are local to one consumer. */
export function deliveriesTopic(connector: string): Topic {
  return {
    name: `deliveries.${connector}`,
    key: 'connection id',
    schema: 'Delivery',
    partitions: 6,
    retention: { days: 7 },
    writers: ['router', 'retry'],
    readers: [`connectors/${connector}`],
  };
}

/** Deliveries of one connector given up; kept a month so that they can be replayed. */
export function deadLettersTopic(connector: string): Topic {
  return {
    name: `dead-letters.${connector}`,
    key: 'connection id',
    schema: 'DeadLetter',
    partitions: 3,
    retention: { days: 30 },
    writers: ['retry'],
    readers: ['tracker', 'the replay command'],
  };
}

/** One delay topic. */
export function retriesTopic(tier: RetryTier): Topic {
  return {
    name: `retries.${tier.name}`,
    key: 'connection id',
    schema: 'Retry',
    partitions: 3,
    retention: { days: 7 },
    writers: ['retry'],
    readers: ['retry', 'tracker'],
  };
}

/** Every topic of an installation with these connectors. */
export function allTopics(connectors: readonly string[]): Topic[] {
  return [
    ...Object.values(topics),
    ...retryTiers.map(retriesTopic),
    ...connectors.flatMap((connector) => [
      deliveriesTopic(connector),
      parkedTopic(connector),
      deadLettersTopic(connector),
    ]),
  ];
}
