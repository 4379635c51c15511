// A process under load on a simulated clock: popular and rare connections, dead destinations, a loud workspace, parking and its drain.
import { DelayLine, type Lanes, type Started, type Work } from '../src/index.ts';
import { Chance } from './chance.ts';

/** Deliveries that come at one pace for connections of one kind. */
export interface Load {
  name: string;
  perSecond: number;
  connections: number;
  workspaceOf: (connection: number) => string;
  /** Of a lognormal service time with deviation 1; dead destinations never answer. */
  medianMs: number | 'dead';
}

export interface Parcel {
  load: Load;
  failures: number;
  /** Its place among those that came. */
  number: number;
  attempt: Started<Parcel> | undefined;
}

export type Scheduler = Pick<Lanes<Parcel>, 'add' | 'take' | 'finish' | 'cut' | 'spill' | 'look' | 'nextAtMs'>;

/** As many as the topics of deliveries have. */
const partitions = 6;

/** What comes is read partition by partition, in order, and no further while too much of it is in hand. */
interface Partition {
  inHand: number;
  unread: Work<Parcel>[];
  /** How many of those were read. */
  read: number;
}

const timeoutMs = 30_000;
const retryAfterMs = [5_000, 30_000, 300_000];
/** Of one lot at once; of a workspace that had no slots, a second: twice as many when nothing comes back, half as many when it does. */
const drain = { everyMs: 1_000, atOnce: 20, pace: { first: 10, max: 500 } };
/** How long what came last is given to end. */
const lastMs = 10_000;

export class Simulation {
  private nowMs = 0;
  private readonly endMs: number;
  private readonly events = new DelayLine<() => void>();
  private readonly partitions = Array.from({ length: partitions }, (): Partition => ({
    inHand: 0,
    unread: [],
    read: 0,
  }));
  private readonly window: number;
  private readonly parked = new Map<string, Work<Parcel>[]>();
  /** Workspaces of which something was parked for the lack of slots since the last drain. */
  private readonly comesBack = new Set<string>();
  private readonly paces = new Map<string, number>();
  private readonly arrivals: { load: Load; atMs: number; tookMs: number }[] = [];
  private readonly scheduler: Scheduler;
  private readonly chance: Chance;

  /** @param window of a partition, in hand at most */
  constructor(scheduler: Scheduler, { seconds, window, seed = 1 }: { seconds: number; window: number; seed?: number }) {
    this.scheduler = scheduler;
    this.window = window;
    this.chance = new Chance(seed);
    this.endMs = seconds * 1_000;
  }

  run(loads: readonly Load[]): this {
    for (const load of loads) this.arrive(load, this.chance.zipf(load.connections, 0.9));
    this.drain();
    while (this.nowMs < this.endMs + lastMs) {
      this.nowMs = Math.max(
        this.nowMs,
        Math.min(this.events.nextDueAtMs ?? Infinity, this.scheduler.nextAtMs ?? Infinity),
      );
      for (const happen of this.events.take(this.nowMs)) happen();
      this.pump();
    }
    return this;
  }

  /** Seconds within which 99 % of what came in a span of time were delivered; Infinity when fewer ever were. */
  p99(load: Load, fromSeconds = 0, toSeconds = Infinity): number {
    const took = this.arrivals
      .filter((one) => one.load === load && one.atMs >= fromSeconds * 1_000 && one.atMs < toSeconds * 1_000)
      .map(({ tookMs }) => tookMs);
    const sorted = Float64Array.from(took).sort();
    return (sorted[Math.floor(sorted.length * 0.99)] ?? NaN) / 1_000;
  }

  private arrive(load: Load, pick: () => number): void {
    const next = (): void => {
      if (this.nowMs >= this.endMs) return;
      const at = pick();
      const parcel = { load, failures: 0, number: this.arrivals.length, attempt: undefined };
      this.arrivals.push({ load, atMs: this.nowMs, tookMs: Infinity });
      const partition = at % partitions;
      this.append({ workspace: load.workspaceOf(at), connection: `${load.name} ${at}`, item: parcel, partition });
      this.events.add(next, this.nowMs + this.chance.exponential(1_000 / load.perSecond));
    };
    this.events.add(next, this.nowMs);
  }

  /** As a record, behind those of its partition. */
  private append(work: Work<Parcel>): void {
    this.partitionOf(work).unread.push(work);
    this.read(this.partitionOf(work));
  }

  private read(partition: Partition): void {
    const { unread } = partition;
    while (partition.inHand < this.window && partition.read < unread.length) {
      partition.inHand++;
      this.scheduler.add(unread[partition.read++] as Work<Parcel>, this.nowMs);
    }
    if (partition.read < 1_000) return;
    unread.splice(0, partition.read);
    partition.read = 0;
  }

  /** It is not in hand any more. */
  private done(work: Work<Parcel>): void {
    const partition = this.partitionOf(work);
    partition.inHand--;
    this.read(partition);
  }

  private partitionOf({ partition = 0 }: Work<Parcel>): Partition {
    return this.partitions[partition] as Partition;
  }

  private pump(): void {
    const { nowMs, scheduler } = this;
    for (const { work } of scheduler.cut(nowMs)) this.park(work);
    for (const { work, hadNoSlot } of scheduler.spill(nowMs)) {
      if (hadNoSlot) this.comesBack.add(work.workspace);
      this.park(work);
    }
    for (let next = scheduler.take(nowMs); next; next = scheduler.take(nowMs)) this.attempt(next);
  }

  private attempt(started: Started<Parcel>): void {
    const parcel = started.work.item;
    const { medianMs } = parcel.load;
    const serviceMs = medianMs === 'dead' ? Infinity : this.chance.lognormal(medianMs);
    parcel.attempt = started;
    this.events.add(
      () => {
        if (parcel.attempt !== started) return;
        if (serviceMs <= timeoutMs) this.deliver(started);
        else this.fail(started);
      },
      this.nowMs + Math.min(serviceMs, timeoutMs),
    );
  }

  private deliver(started: Started<Parcel>): void {
    this.scheduler.finish(started, { kind: 'ok' }, this.nowMs);
    this.done(started.work);
    const arrival = this.arrivals[started.work.item.number];
    if (arrival) arrival.tookMs = this.nowMs - arrival.atMs;
  }

  private fail(started: Started<Parcel>): void {
    const { work } = started;
    this.scheduler.finish(started, { kind: 'timeout' }, this.nowMs);
    this.done(work);
    const waitMs = retryAfterMs[Math.min(work.item.failures++, retryAfterMs.length - 1)] ?? 0;
    this.events.add(() => this.append(work), this.nowMs + waitMs);
  }

  private park(work: Work<Parcel>): void {
    work.item.attempt = undefined;
    const parked = this.parked.get(work.connection);
    if (parked) parked.push(work);
    else this.parked.set(work.connection, [work]);
    this.done(work);
  }

  /** Brings back what is parked of connections that are open, one at a time where a success is still awaited. */
  private drain(): void {
    const room = this.roomOfWorkspaces();
    for (const [connection, works] of this.parked) {
      const view = this.scheduler.look(connection);
      if (view && (view.waiting > 0 || view.closedUntilMs > this.nowMs)) continue;
      const isUnproven = view?.isSuspect === true;
      if (isUnproven && view.inFlight > 0) continue;
      const workspace = (works[0] as Work<Parcel>).workspace;
      const left = room.get(workspace) ?? Infinity;
      const some = works.splice(0, Math.min(isUnproven ? 1 : drain.atOnce, left));
      room.set(workspace, left - some.length);
      for (const work of some) this.append({ ...work, isLow: true });
      if (works.length === 0) this.parked.delete(connection);
    }
    this.events.add(() => this.drain(), this.nowMs + drain.everyMs);
  }

  private roomOfWorkspaces(): Map<string, number> {
    for (const workspace of this.comesBack) if (!this.paces.has(workspace)) this.paces.set(workspace, drain.pace.first);
    for (const [workspace, pace] of this.paces) {
      const next = this.comesBack.has(workspace) ? pace / 2 : pace * 2;
      this.paces.set(workspace, Math.min(Math.max(next, 1), drain.pace.max));
    }
    this.comesBack.clear();
    return new Map(this.paces);
  }
}
