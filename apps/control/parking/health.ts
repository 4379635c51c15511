// How connections are: whether their breakers let anything through, and how much of them is parked.
import { Inject, Injectable } from '@nestjs/common';
import type { HealthAnswer } from '@sluice/api';
import type { BreakerRecord } from '@sluice/contracts';
import { ParkingLots } from '@sluice/persistence';
import { Breakers } from './breakers.ts';

@Injectable()
export class Health {
  private readonly breakers: Pick<Breakers, 'of'>;
  private readonly parking: Pick<ParkingLots, 'counts'>;

  constructor(
    @Inject(Breakers) breakers: Pick<Breakers, 'of'>,
    @Inject(ParkingLots) parking: Pick<ParkingLots, 'counts'>,
  ) {
    this.breakers = breakers;
    this.parking = parking;
  }

  /** Of each of these connections. */
  async of(connections: readonly string[]): Promise<(connection: string) => HealthAnswer> {
    const counts = await this.parking.counts(connections);
    const nowMs = Date.now();
    return (id) => healthAnswer(this.breakers.of(id), counts.get(id) ?? 0, nowMs);
  }
}

/** @param breaker only where it is not closed */
export function healthAnswer(breaker: BreakerRecord | undefined, parked: number, nowMs: number): HealthAnswer {
  if (!breaker) return { state: 'closed', reason: null, open_until: null, parked };
  const { reason, open_until } = breaker;
  return {
    state: (open_until ?? 0) > nowMs ? 'open' : 'half_open',
    reason,
    open_until: open_until === null ? null : new Date(open_until).toISOString(),
    parked,
  };
}
