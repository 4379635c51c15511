// How much a parking lot gives out in a second: a probe, a batch in order, or what the destination seems to bear. Pure.
import { defaultPolicy, ratePeriods, type BreakerRecord, type Policy } from '@sluice/contracts';
import type { Lot, Taking } from '@sluice/persistence';

export const releaseLimits = {
  /** Deliveries a second: at first, and at most. */
  pace: { first: 10, max: 500 },
  /** Deliveries of an ordered connection at a time. */
  batch: 50,
  /** A probe that nothing was heard of is followed by another. Milliseconds. */
  probeAgainMs: 60_000,
  /** What is parked together comes from several processes: the first in line is there after this. Milliseconds. */
  settleMs: 2_000,
} as const;

/** What is remembered of a lot from one second to the next. */
export interface LotMemory {
  pace?: Pace & { credit: number };
  /** The breaker it was sent for, and when. */
  probe?: { openUntilMs: number; atMs: number };
}

/** How much is given out, by what came back of it. */
export interface Pace {
  /** Deliveries a second. */
  perSecond: number;
  /** When something was parked last. */
  newestAtMs: number;
}

export interface LotSight {
  breaker: Pick<BreakerRecord, 'open_until'> | undefined;
  memory: LotMemory;
  /** Whether some of what was released last, in order, is not decided yet. */
  isUnderWay: boolean;
  nowMs: number;
}

export interface Decision {
  count: number;
  memory: LotMemory;
}

const nothing: Decision = { count: 0, memory: {} };

/** @param sight with the breaker only where it is not closed */
export function decideRelease(lot: Lot, { breaker, memory, isUnderWay, nowMs }: LotSight): Decision {
  // Of a connection that was deleted all may go: the connector gives it up.
  if (lot.policy === null) return { count: releaseLimits.pace.max, memory: {} };
  if (!lot.active || (lot.first_not_before_at_ms ?? 0) > nowMs) return nothing;
  if (breaker) return probed(breaker.open_until ?? 0, memory, nowMs);
  const policy = policyOf(lot.policy);
  if (policy.order === 'unordered') return paced(lot, memory, ratePerSecond(policy));
  const isSettled = nowMs >= lot.first_parked_at_ms + releaseLimits.settleMs;
  return isUnderWay || !isSettled ? nothing : { count: releaseLimits.batch, memory: {} };
}

/** What has waited for as long as its policy says; undefined when nothing has. */
export function expiredOf({ connection_id, policy, oldest_began_at_ms }: Lot, nowMs: number): Taking | undefined {
  if (policy === null) return undefined;
  const began_before_ms = nowMs - policyOf(policy).max_age_ms;
  if (oldest_began_at_ms >= began_before_ms) return undefined;
  return { connection_id, count: releaseLimits.pace.max, began_before_ms };
}

/** Whether its deliveries are to arrive in some order. */
export const isOrdered = ({ policy }: Lot): boolean => policy !== null && policyOf(policy).order !== 'unordered';

function probed(openUntilMs: number, { probe }: LotMemory, nowMs: number): Decision {
  if (openUntilMs > nowMs) return nothing;
  const isAsked = probe?.openUntilMs === openUntilMs && nowMs < probe.atMs + releaseLimits.probeAgainMs;
  return isAsked ? { count: 0, memory: { probe } } : { count: 1, memory: { probe: { openUntilMs, atMs: nowMs } } };
}

/** Twice as many with each second in which nothing comes back, half as many when something does. */
export function nextPace(pace: Pace | undefined, newestAtMs: number, max: number): Pace {
  const isMore = pace !== undefined && newestAtMs > pace.newestAtMs;
  const wanted = pace === undefined ? releaseLimits.pace.first : isMore ? pace.perSecond / 2 : pace.perSecond * 2;
  return { perSecond: Math.min(Math.max(wanted, 1), max), newestAtMs };
}

function paced({ newest_at_ms: newestAtMs }: Lot, { pace }: LotMemory, rate: number): Decision {
  const next = nextPace(pace, newestAtMs, Math.min(releaseLimits.pace.max, rate));
  const credit = Math.min(pace?.credit ?? 0, 1) + next.perSecond;
  const count = Math.floor(credit);
  return { count, memory: { pace: { ...next, credit: credit - count } } };
}

function ratePerSecond({ rate }: Policy): number {
  if (!rate) return Infinity;
  return (rate.limit * 1_000) / ratePeriods[rate.per as keyof typeof ratePeriods];
}

/** One that was stored by an older release says less. */
const policyOf = (stored: Partial<Policy>): Policy => ({ ...defaultPolicy, ...stored });
