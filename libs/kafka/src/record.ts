// What a record looks like above the client: read, and to be written.
import type { Context } from '@opentelemetry/api';
import type { KafkaMessage } from 'kafkajs';

/** A record read and decoded. */
export interface ConsumedRecord<T = unknown> {
  topic: string;
  partition: number;
  offset: number;
  key: string | null;
  /** The record's own time, milliseconds since 1970. */
  timestampMs: number;
  headers: Record<string, string>;
  value: T;
  /** The span that handles this record; whatever is appended because of it names it as its parent. */
  trace: Context;
}

/** A record as it stands in the log, bytes and all. */
export interface RawRecord {
  topic: string;
  partition: number;
  offset: number;
  timestampMs: number;
  key: Buffer | null;
  value: Buffer | null;
  headers: Record<string, string>;
}

/** A record to append. */
export interface OutgoingRecord {
  topic: string;
  /** Null: any partition will do. */
  key: string | null;
  /** Null: a tombstone on a compacted topic. */
  value: Buffer | null;
  headers?: Record<string, string>;
  /** What this record is part of. */
  trace?: Context;
}

/** What of a record is known without its value. */
export const headOf = ({ topic, partition, offset, timestampMs, key, headers }: RawRecord) => ({
  topic,
  partition,
  offset,
  timestampMs,
  key: key?.toString() ?? null,
  headers,
});

/** A record of the client's as ours. */
export function rawRecord(topic: string, partition: number, message: KafkaMessage): RawRecord {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers ?? {})) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(',') : value.toString();
  }
  return {
    topic,
    partition,
    offset: Number(message.offset),
    timestampMs: Number(message.timestamp),
    key: message.key,
    value: message.value,
    headers,
  };
}
