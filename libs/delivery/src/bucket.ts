// A connection's rate limit: a token bucket that lets no window of the limit's length hold more than the limit.

/** So many attempts in any `perMs`: a second, a minute or an hour. */
export interface Rate {
  count: number;
  perMs: number;
}

/**
 * How much of the limit's time may be made up for after a pause, or after a timer that came late. A window can take what is there at
 * its beginning and what is refilled before its end; the rate is so much lower that both together keep the limit.
 */
const madeUpShare = 0.02;

const perMsOf = ({ count, perMs }: Rate): number => count / (perMs * (1 + madeUpShare));

const burstOf = (rate: Rate): number => 1 + rate.perMs * madeUpShare * perMsOf(rate);

export class Bucket {
  private tokens: number;
  private atMs: number;

  constructor(rate: Rate, nowMs: number) {
    this.tokens = burstOf(rate);
    this.atMs = nowMs;
  }

  /** When the next attempt may begin, as things stand. */
  readyAtMs(rate: Rate, nowMs: number): number {
    this.refill(rate, nowMs);
    return this.tokens >= 1 ? nowMs : nowMs + Math.ceil((1 - this.tokens) / perMsOf(rate));
  }

  take(rate: Rate, nowMs: number): void {
    this.refill(rate, nowMs);
    this.tokens--;
  }

  private refill(rate: Rate, nowMs: number): void {
    this.tokens = Math.min(burstOf(rate), this.tokens + Math.max(0, nowMs - this.atMs) * perMsOf(rate));
    this.atMs = Math.max(this.atMs, nowMs);
  }
}
