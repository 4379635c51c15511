// Idempotency keys taken in the last 24 hours: the first claim of a key in the log wins. Pure; fed with every claim in log order.
import type { IdempotencyClaim } from '@sluice/contracts';

export const claimLimits = { lifetimeMs: 24 * 3_600_000, claims: 1_000_000 } as const;

/** A claim that holds. */
export type Claim = Pick<IdempotencyClaim, 'event_id' | 'body_hash' | 'created_at' | 'appended'>;

export class ClaimBook {
  /** In the order in which they were claimed, so that the oldest come first. */
  private readonly claims = new Map<string, Claim>();
  private readonly limits: { lifetimeMs: number; claims: number };
  /** Claims dropped before their time because there were too many. */
  forgottenEarly = 0;

  constructor(limits: { lifetimeMs: number; claims: number } = claimLimits) {
    this.limits = limits;
  }

  /** Takes a record of the claims topic in. Returns the claim that holds for its key now, or undefined when it is too old. */
  apply(record: IdempotencyClaim, nowMs: number): Claim | undefined {
    this.forgetOld(nowMs);
    if (record.created_at + this.limits.lifetimeMs <= nowMs) return undefined;
    const held = this.get(record.key, nowMs);
    if (held) {
      if (record.appended && record.event_id === held.event_id) held.appended = true;
      return held;
    }
    const { event_id, body_hash, created_at, appended } = record;
    const claim = { event_id, body_hash, created_at, appended };
    this.claims.delete(record.key);
    this.claims.set(record.key, claim);
    this.keepWithinLimit();
    return claim;
  }

  /** The claim that holds for a key, if any. */
  get(key: string, nowMs: number): Claim | undefined {
    const claim = this.claims.get(key);
    return claim && claim.created_at + this.limits.lifetimeMs > nowMs ? claim : undefined;
  }

  get size(): number {
    return this.claims.size;
  }

  private forgetOld(nowMs: number): void {
    for (const [key, claim] of this.claims) {
      if (claim.created_at + this.limits.lifetimeMs > nowMs) return;
      this.claims.delete(key);
    }
  }

  private keepWithinLimit(): void {
    if (this.claims.size <= this.limits.claims) return;
    for (const key of this.claims.keys()) {
      this.claims.delete(key);
      this.forgottenEarly++;
      return;
    }
  }
}
