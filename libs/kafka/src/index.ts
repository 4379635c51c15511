// The public names of the Kafka runtime. kafkajs lives in this library only.
export { createTopics, registerSchemas } from './admin.ts';
export type { KafkaSettings } from './client.ts';
export type { Subscription } from './consumer.ts';
export { LetGoError, messageOf, PoisonError, UnavailableError } from './errors.ts';
export { EventLog, type Append, type EventLogOptions } from './event-log.ts';
export { KeyLanes } from './key-lanes.ts';
export type { ConsumedRecord } from './record.ts';
export type { View, Views } from './views.ts';
