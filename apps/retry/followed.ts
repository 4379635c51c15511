// Which attempts were followed up lately, so that an outcome told twice does not start a second chain of retries. Pure.

/** Deliveries remembered at most; about 100 bytes each. */
const rememberedMax = 200_000;

/**
 * A repeat comes from a process that was killed between its append and its commit. It is recognised while the first is remembered;
 * one that is not runs on beside the other, and the next outcome that both tell alike joins them again.
 */
export class Followed {
  private readonly max: number;
  /** Delivery id -> the last attempt that was followed up; the longest untouched first. */
  private readonly attempts = new Map<string, number>();

  constructor(max = rememberedMax) {
    this.max = max;
  }

  /** Whether this attempt, or a later one, was followed up. */
  has(deliveryId: string, attempt: number): boolean {
    return (this.attempts.get(deliveryId) ?? 0) >= attempt;
  }

  /** Notes that an attempt was followed up. */
  add(deliveryId: string, attempt: number): void {
    const known = this.attempts.get(deliveryId) ?? 0;
    this.attempts.delete(deliveryId);
    this.attempts.set(deliveryId, Math.max(known, attempt));
    if (this.attempts.size <= this.max) return;
    for (const oldest of this.attempts.keys()) {
      this.attempts.delete(oldest);
      return;
    }
  }
}
