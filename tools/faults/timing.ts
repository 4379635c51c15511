// Whether anything came too early, and how late the rest was. Pure.
import { deliveryId } from '@sluice/contracts';
import { wasTaken, type Received } from './received.ts';
import type { AttemptRow, ExpectedRule } from './audit.ts';
import type { Accepted } from './ledger.ts';

export interface Spread {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) };
}

export interface Punctuality {
  readonly early: number;
  readonly lateMs: Spread;
}

/** Each attempt that followed another, by the receiver's clock, against when the one before it said that it was due. */
export function punctualityOf(requests: readonly Received[], attempts: readonly AttemptRow[]): Punctuality {
  const firstAt = new Map<string, number>();
  for (const { id, attempt, atMs } of requests) {
    const key = `${id} ${attempt}`;
    firstAt.set(key, Math.min(atMs, firstAt.get(key) ?? Infinity));
  }
  const lateMs = attempts.flatMap(({ event, rule, attempt, nextAtMs }) => {
    const came = firstAt.get(`${deliveryId(event, rule)} ${attempt + 1}`);
    return nextAtMs === null || came === undefined ? [] : [came - nextAtMs];
  });
  return { early: lateMs.filter((ms) => ms < 0).length, lateMs: spreadOf(lateMs.filter((ms) => ms >= 0)) };
}

/** Requests made on a path while its destination had asked to be left alone: of the same delivery, and of any. */
export function intrusionsOf(requests: readonly Received[]): { sameDelivery: number; anyDelivery: number } {
  const until = new Map<string, number>();
  let sameDelivery = 0;
  let anyDelivery = 0;
  for (const { path, id, atMs, untilMs } of [...requests].sort((a, b) => a.atMs - b.atMs)) {
    if (atMs < (until.get(id) ?? 0)) sameDelivery++;
    if (atMs < (until.get(path) ?? 0)) anyDelivery++;
    for (const whom of untilMs > 0 ? [id, path] : []) until.set(whom, Math.max(untilMs, until.get(whom) ?? 0));
  }
  return { sameDelivery, anyDelivery };
}

export interface Arrival {
  readonly sentAtMs: number;
  readonly path: string;
  /** From the call to the first request that was taken. */
  readonly tookMs: number;
}

export function arrivalsOf(
  ledger: readonly Accepted[],
  rules: readonly ExpectedRule[],
  requests: readonly Received[],
): Arrival[] {
  const takenAt = new Map<string, number>();
  for (const request of requests) {
    if (wasTaken(request)) takenAt.set(request.id, Math.min(request.atMs, takenAt.get(request.id) ?? Infinity));
  }
  return ledger.flatMap((entry) =>
    rules.flatMap(({ rule, path }) => {
      const at = takenAt.get(deliveryId(entry.event, rule));
      return at === undefined ? [] : [{ sentAtMs: entry.sentAtMs, path, tookMs: at - entry.sentAtMs }];
    }),
  );
}

/** The longest time in a span in which nothing of a sorted list of moments happened. */
export function longestGapMs(moments: readonly number[], from: number, to: number): number {
  const inside = [from, ...moments.filter((at) => at > from && at < to).sort((a, b) => a - b), to];
  return Math.max(...inside.slice(1).map((at, index) => at - (inside[index] ?? from)));
}

/** The fewest and the most of some moments, in whole milliseconds, in any window of a span. */
export function crowdOf(
  moments: readonly number[],
  windowMs: number,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): { least: number; most: number } {
  const sorted = [...moments].sort((a, b) => a - b);
  // A window that slides holds fewest just after one has left it, and most just before the next one does.
  const begins = [fromMs, toMs - windowMs, ...sorted, ...sorted.map((at) => at + 1)]
    .filter((begin) => begin >= fromMs && begin + windowMs <= toMs)
    .sort((a, b) => a - b);
  let [entered, left] = [0, 0];
  const counts = begins.map((begin) => {
    while ((sorted[entered] ?? Infinity) < begin + windowMs) entered++;
    while ((sorted[left] ?? Infinity) < begin) left++;
    return entered - left;
  });
  return { least: Math.min(...counts), most: Math.max(...counts) };
}
