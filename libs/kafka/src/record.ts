// What a record looks like above the client: read, and to be written.
import type { Context } from '@opentelemetry/api';

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
