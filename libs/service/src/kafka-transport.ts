// Nest's transport over libs/kafka: every @Consumes method becomes part of one consumer group named after the service.
import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import type { SchemaName, Topic } from '@sluice/contracts';
import type { ConsumedRecord, EventLog, Subscription } from '@sluice/kafka';
import { isObservable, lastValueFrom } from 'rxjs';

export type SubscriptionTuning = Pick<Subscription, 'window' | 'fetch' | 'stallMs'>;

export interface KafkaTransportOptions extends SubscriptionTuning {
  eventLog: EventLog;
  group: string;
}

/**
 * Nest's own Kafka server takes one message at a time, renames the group and cannot set a poison record aside (docs/adr/0004).
 * Closing is left to the event log, which drains and commits.
 */
export class KafkaTransport extends Server implements CustomTransportStrategy {
  private readonly options: KafkaTransportOptions;

  constructor(options: KafkaTransportOptions) {
    super();
    this.options = options;
  }

  listen(callback: (error?: unknown) => void): void {
    const { eventLog, group, ...tuning } = this.options;
    const topics = this.topics();
    if (Object.keys(topics).length === 0) return callback();
    eventLog
      .subscribe({ ...tuning, group, topics, handle: (record) => this.handle(record) })
      .then(() => callback(), callback);
  }

  close(): void {
    // See above.
  }

  on(): void {
    // No events of its own.
  }

  unwrap<T>(): T {
    return this.options.eventLog as T;
  }

  private topics(): Record<string, SchemaName> {
    const schemas: Record<string, SchemaName> = {};
    for (const handler of this.messageHandlers.values()) {
      for (const topic of (handler.extras?.topics ?? []) as Topic[]) schemas[topic.name] = topic.schema;
    }
    return schemas;
  }

  private async handle(record: ConsumedRecord): Promise<void> {
    // Not getHandlerByPattern: it takes every topic for a pattern to be parsed, at 20 us a record.
    const handler = this.messageHandlers.get(record.topic);
    if (!handler) throw new Error(`no handler for topic ${record.topic}`);
    const result: unknown = await handler(record);
    // A handler that threw comes back as a stream with that error (see PassErrorsOn).
    if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
  }
}
