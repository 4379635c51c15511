// A connection's rate limit: a token bucket that lets no window of the limit's length hold more than the limit.

/** So many attempts in any `perMs`: a second, a minute or an hour. */
export interface Rate {
  count: number;
  perMs: number;
}

/** How much of the limit may be used at once after a pause; the rest comes evenly, so that both together keep the limit. */
const burstShare = 0.05;

const burstOf = ({ count }: Rate): number => Math.max(1, Math.floor(count * burstShare));

/** What a window can take is the burst at its beginning and what is refilled before its end, the first of which is in the burst. */
const perMsOf = (rate: Rate): number => (rate.count - burstOf(rate) + 1) / rate.perMs;

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
