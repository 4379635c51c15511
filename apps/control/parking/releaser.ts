// Lets parked deliveries go on when their connections can: every second, in one process of control at a time.
import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { topics, type Release } from '@sluice/contracts';
import { messageOf, type EventLog } from '@sluice/kafka';
import {
  inTransaction,
  Leadership,
  ParkingLots,
  type Lot,
  type Released,
  type Taken,
  type Taking,
} from '@sluice/persistence';
import { EVENT_LOG, LOG } from '@sluice/service';
import type { Log } from '@sluice/telemetry';
import type { DataSource, QueryRunner } from 'typeorm';
import { DATABASE } from '../tokens.ts';
import { Breakers } from './breakers.ts';
import { decideRelease, expiredOf, isOrdered, type LotMemory } from './decide-release.ts';
import { Failing } from './failing.ts';
import { pacesOf, withinShares, type Paces } from './shares.ts';

const everyMs = 1_000;
const LOCK = 7_238_947;
/** Deliveries of one transaction, and of those how many are appended at once: payloads may be large. */
const sizes = { transaction: 500, append: 50 } as const;

@Injectable()
export class Releaser implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy {
  private readonly leadership: Leadership;
  private readonly parking: ParkingLots;
  private readonly eventLog: Pick<EventLog, 'openToWrite' | 'append'>;
  private readonly breakers: Pick<Breakers, 'of'>;
  private readonly failing: Pick<Failing, 'look'>;
  private readonly log: Pick<Log, 'info' | 'warn'>;
  private memories = new Map<string, LotMemory>();
  private paces: Paces = new Map();
  private turn = 0;
  /** Ordered connection -> what was released of it last. */
  private readonly batches = new Map<string, Released[]>();
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(
    @Inject(DATABASE) database: DataSource,
    @Inject(EVENT_LOG) eventLog: Pick<EventLog, 'openToWrite' | 'append'>,
    @Inject(Breakers) breakers: Pick<Breakers, 'of'>,
    @Inject(Failing) failing: Pick<Failing, 'look'>,
    @Inject(LOG) log: Pick<Log, 'info' | 'warn'>,
  ) {
    this.leadership = new Leadership(database, LOCK);
    this.parking = new ParkingLots(database);
    this.eventLog = eventLog;
    this.breakers = breakers;
    this.failing = failing;
    this.log = log;
  }

  async onModuleInit(): Promise<void> {
    await this.eventLog.openToWrite([topics.releases]);
  }

  /** Not before all breakers are known. */
  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.tick(), everyMs);
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
    await this.leadership.resign();
  }

  private tick(): Promise<void> {
    this.running ??= this.run().finally(() => (this.running = undefined));
    return this.running;
  }

  /** What cannot be done now is tried again; whoever leads next begins slowly. */
  private async run(): Promise<void> {
    let isLeading = false;
    try {
      isLeading = await this.leadership.lead((runner) => this.look(runner));
    } catch (error) {
      this.log.warn({ event: 'release.delayed', error: messageOf(error) });
    }
    if (isLeading) return;
    this.memories.clear();
    this.paces = new Map();
    this.batches.clear();
  }

  private async look(runner: QueryRunner): Promise<void> {
    const nowMs = Date.now();
    const lots = await this.parking.lots(runner);
    const underWay = await this.parking.underWay(runner, [...this.batches.values()].flat());
    for (const id of this.batches.keys()) if (!underWay.has(id)) this.batches.delete(id);
    const expired = lots.flatMap((lot) => expiredOf(lot, nowMs) ?? []);
    await this.release(runner, expired, (taken) => releaseOf(taken, { is_expired: true }));
    const takings = this.decide(lots, underWay, nowMs);
    const byId = new Map(lots.map((lot) => [lot.connection_id, lot]));
    await this.release(runner, takings, (taken) => {
      const lot = byId.get(taken.connection_id);
      if (lot && isOrdered(lot)) this.noteBatch(taken);
      return releaseOf(taken, { is_expired: false, version: lot?.version });
    });
    await this.failing.look(runner);
  }

  private decide(lots: readonly Lot[], underWay: ReadonlySet<string>, nowMs: number): Taking[] {
    const before = this.memories;
    this.memories = new Map();
    this.paces = pacesOf(lots, this.paces);
    const takings = lots.flatMap((lot) => {
      const { connection_id } = lot;
      const { count, memory } = decideRelease(lot, {
        breaker: this.breakers.of(connection_id),
        memory: before.get(connection_id) ?? {},
        isUnderWay: underWay.has(connection_id),
        nowMs,
      });
      this.memories.set(connection_id, memory);
      return count > 0 ? [{ connection_id, count }] : [];
    });
    return withinShares(takings, lots, { paces: this.paces, turn: this.turn++ });
  }

  private async release(
    runner: QueryRunner,
    takings: readonly Taking[],
    recordOf: (taken: Taken) => Release,
  ): Promise<void> {
    let deliveries = 0;
    for (const group of grouped(takings)) {
      await inTransaction(runner, async () => {
        const taken = await this.parking.take(runner, group);
        deliveries += taken.length;
        for (let at = 0; at < taken.length; at += sizes.append) {
          const some = taken.slice(at, at + sizes.append);
          await Promise.all(
            some.map((each) =>
              this.eventLog.append(topics.releases, { key: each.connection_id, value: recordOf(each) }),
            ),
          );
        }
      });
    }
    if (deliveries > 0) this.log.info({ event: 'deliveries.released', deliveries, connections: takings.length });
  }

  private noteBatch({ connection_id, id, event_id, rule_id }: Taken): void {
    const batch = this.batches.get(connection_id) ?? [];
    this.batches.set(connection_id, [...batch, { connection_id, id, event_id, rule_id }]);
  }
}

/** The same attempt of the same delivery, by the connection as it stands now or later. */
function releaseOf(
  { id, delivery }: Taken,
  { is_expired, version = 0 }: { is_expired: boolean; version?: number },
): Release {
  const connection_version = Math.max(delivery.connection_version, version);
  return {
    released_at: Date.now(),
    is_expired,
    delivery: { ...delivery, connection_version, parking_id: id, is_low: true },
  };
}

/** As many lots together as fit into one transaction. */
function grouped(takings: readonly Taking[]): Taking[][] {
  const groups: Taking[][] = [];
  let room = 0;
  for (const taking of takings) {
    if (taking.count > room) {
      groups.push([]);
      room = sizes.transaction;
    }
    groups.at(-1)?.push(taking);
    room -= taking.count;
  }
  return groups;
}
