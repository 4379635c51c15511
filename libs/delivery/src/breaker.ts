// Leaves a destination alone that only fails, and asks it now and then whether it is well again. Plain data, so that it can be kept.

/** Why a breaker opened: failures or timeouts without a success between them, or most of the last minutes' attempts. */
export type OpenReason = 'failures' | 'timeouts' | 'failure_rate';

/** What is known of a destination that failed lately. One that did not has none. */
export interface Breaker {
  /** Straight: since the last success. A timeout is a failure too. */
  failures: number;
  /** Straight: since the last attempt that ended otherwise. */
  timeouts: number;
  /** What became of the attempts of the last five minutes, from the first failure on. */
  minutes: { minute: number; ok: number; failed: number }[];
  /** Times it opened without a success. */
  opens: number;
  /** Open until then, half-open from then on; null while closed. */
  openUntilMs: number | null;
  reason: OpenReason | null;
}

const minuteMs = 60_000;
const breakerLimits = {
  failures: 5,
  timeouts: 2,
  rate: { share: 0.7, attempts: 10, minutes: 5 },
  open: { firstMs: minuteMs, maxMs: 16 * minuteMs },
} as const;

const unknown: Breaker = { failures: 0, timeouts: 0, minutes: [], opens: 0, openUntilMs: null, reason: null };

export interface BreakerAttempt {
  kind: 'ok' | 'failed' | 'timeout';
  /** Whether it is the one that a half-open breaker let through. */
  isProbe: boolean;
}

/** The breaker after one more attempt has ended; undefined when nothing speaks against the destination. */
export function afterAttempt(before: Breaker | undefined, attempt: BreakerAttempt, nowMs: number): Breaker | undefined {
  if (before && before.openUntilMs !== null) return attempt.isProbe ? afterProbe(before, attempt, nowMs) : before;
  if (!before && attempt.kind === 'ok') return undefined;
  const breaker = counted(before ?? unknown, attempt.kind, nowMs);
  if (breaker.minutes.every(({ failed }) => failed === 0)) return undefined;
  const reason = reasonToOpen(breaker);
  return reason ? opened(breaker, reason, nowMs) : breaker;
}

function afterProbe(before: Breaker, { kind }: BreakerAttempt, nowMs: number): Breaker | undefined {
  return kind === 'ok' ? undefined : opened(before, before.reason ?? 'failures', nowMs);
}

function counted(before: Breaker, kind: BreakerAttempt['kind'], nowMs: number): Breaker {
  const minute = Math.floor(nowMs / minuteMs);
  const known = before.minutes.filter((each) => each.minute > minute - breakerLimits.rate.minutes);
  const present = known.find((each) => each.minute === minute) ?? { minute, ok: 0, failed: 0 };
  const isOk = kind === 'ok';
  return {
    ...before,
    failures: isOk ? 0 : before.failures + 1,
    timeouts: kind === 'timeout' ? before.timeouts + 1 : 0,
    minutes: [
      ...known.filter((each) => each.minute !== minute),
      { minute, ok: present.ok + Number(isOk), failed: present.failed + Number(!isOk) },
    ],
  };
}

function reasonToOpen({ failures, timeouts, minutes }: Breaker): OpenReason | undefined {
  if (failures >= breakerLimits.failures) return 'failures';
  if (timeouts >= breakerLimits.timeouts) return 'timeouts';
  const { share, attempts } = breakerLimits.rate;
  const failed = minutes.reduce((sum, each) => sum + each.failed, 0);
  const all = minutes.reduce((sum, each) => sum + each.failed + each.ok, 0);
  return all >= attempts && failed >= share * all ? 'failure_rate' : undefined;
}

function opened(before: Breaker, reason: OpenReason, nowMs: number): Breaker {
  const openMs = Math.min(breakerLimits.open.firstMs * 2 ** before.opens, breakerLimits.open.maxMs);
  return { ...unknown, opens: before.opens + 1, openUntilMs: nowMs + openMs, reason };
}

export function breakerState(breaker: Breaker | undefined, nowMs: number): 'closed' | 'open' | 'half_open' {
  if (!breaker || breaker.openUntilMs === null) return 'closed';
  return nowMs < breaker.openUntilMs ? 'open' : 'half_open';
}
