// Keeps account of keys whose evaluations had to be killed, and keeps them out for a while once it has happened too often. Pure.

export interface QuarantineLimits {
  /** Kills after which a key is kept out. */
  kills: number;
  /** How long at first; each time after that twice as long, up to the cap. */
  quarantineMs: number;
  quarantineCapMs: number;
  /** Without a kill for so long a key is as good as new. */
  forgetMs: number;
}

interface KeyRecord {
  kills: number;
  /** How often it has been kept out. */
  times: number;
  until: number;
  /** When it was killed last, or the end of its quarantine. */
  lastAt: number;
}

/** So many keys are remembered; whoever makes more of them loses the memory of the oldest. */
const remembered = 10_000;

export class Quarantine {
  private readonly limits: QuarantineLimits;
  private readonly now: () => number;
  /** In the order of their last kill. */
  private readonly records = new Map<string, KeyRecord>();

  constructor(limits: QuarantineLimits, now: () => number) {
    this.limits = limits;
    this.now = now;
  }

  /** When the key may be evaluated again, or undefined if it may now. */
  until(key: string): number | undefined {
    const until = this.records.get(key)?.until ?? 0;
    return until > this.now() ? until : undefined;
  }

  /** Whether something of the key was killed lately: it is evaluated alone, so that no other has to be evaluated again. */
  suspects(key: string): boolean {
    const record = this.records.get(key);
    return record !== undefined && !this.isForgotten(record);
  }

  /** Takes note of a kill. Says until when the key is kept out, if it is. A key that was kept out before gets no more chances. */
  strike(key: string): number | undefined {
    const now = this.now();
    const known = this.records.get(key);
    const { kills, times } = known && !this.isForgotten(known) ? known : { kills: 0, times: 0 };
    this.records.delete(key);
    const keptOut = kills + 1 >= this.limits.kills || times > 0;
    const lengthMs = Math.min(this.limits.quarantineMs * 2 ** times, this.limits.quarantineCapMs);
    const until = keptOut ? now + lengthMs : 0;
    this.records.set(key, { kills: kills + 1, times: times + (keptOut ? 1 : 0), until, lastAt: Math.max(now, until) });
    for (const oldest of this.records.keys()) {
      if (this.records.size <= remembered) break;
      this.records.delete(oldest);
    }
    return keptOut ? until : undefined;
  }

  /** How many keys are kept out now. */
  get size(): number {
    let size = 0;
    for (const { until } of this.records.values()) if (until > this.now()) size++;
    return size;
  }

  private isForgotten({ lastAt }: { lastAt: number }): boolean {
    return this.now() - lastAt >= this.limits.forgetMs;
  }
}
