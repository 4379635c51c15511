// A record set aside: as much of it as a record may hold, with where the whole of it stands.
import type { Poison } from '@sluice/contracts';
import type { PoisonError } from './errors.ts';
import type { RawRecord } from './record.ts';

/** What is kept at most; together well below what a record may have. Bytes; characters. */
export const poisonLimits = { key: 64 * 1024, value: 640 * 1024, headers: 64, header: 1_000, message: 1_000 } as const;

/** @param group the consumer group that refused it */
export function poisonOf(
  record: RawRecord,
  group: string,
  { error, nowMs }: { error: PoisonError; nowMs: number },
): Poison {
  const { topic, partition, offset, timestampMs, key, value, headers } = record;
  const entries = Object.entries(headers);
  const shown = entries
    .slice(0, poisonLimits.headers)
    .map(([name, text]): [string, string] => [name.slice(0, poisonLimits.header), text.slice(0, poisonLimits.header)]);
  const isCut =
    (key?.length ?? 0) > poisonLimits.key ||
    (value?.length ?? 0) > poisonLimits.value ||
    entries.length > poisonLimits.headers ||
    entries.some(([name, text]) => name.length > poisonLimits.header || text.length > poisonLimits.header);
  return {
    topic,
    partition,
    offset,
    timestamp: timestampMs,
    key: key?.subarray(0, poisonLimits.key) ?? null,
    value: value?.subarray(0, poisonLimits.value) ?? null,
    headers: Object.fromEntries(shown),
    is_cut: isCut,
    reason: error.code,
    message: error.message.slice(0, poisonLimits.message),
    group,
    poisoned_at: nowMs,
  };
}
