// Decides which attempt begins next: connections share a process fairly, and one that is dead, slow or throttled hinders no other.
import { retryAfterMaxMs } from '@sluice/contracts';
import { afterAttempt, type Breaker } from './breaker.ts';
import { Crowds } from './crowds.ts';
import { DelayLine } from './delay-line.ts';
import type { Ended, LaneView, Remembered } from './facts.ts';
import { Lane, type LanePolicy } from './lane.ts';
import { List } from './list.ts';
import { Piece, type Spilled, type Started, type Work } from './piece.ts';
import { defaultLaneCaps, Slots, type LaneCaps } from './slots.ts';
import { Turns, Workspace } from './turns.ts';

/** How long a destination rests that is throttled and does not say for how long. */
const throttleMs = 5_000;
/** How long a lane without work is remembered: longer than a breaker is open, as long as the longest rate is. */
const rememberMs = 3_600_000;

export class Lanes<T> {
  private readonly policyOf: (connection: string) => LanePolicy;
  private readonly caps: LaneCaps;
  private readonly slots: Slots<T>;
  private readonly turns = new Turns<T>();
  private readonly workspaces = new Map<string, Workspace<T>>();
  private readonly lanes = new Map<string, Lane<T>>();
  /** Lanes that time alone holds back. */
  private readonly asleep = new DelayLine<Lane<T>>();
  /** Lanes without work that something is remembered of, the longest idle first. */
  private readonly idle = new List<Lane<T>>();
  private readonly waiting = new List<Piece<T>>();
  private readonly crowds: Crowds<T>;
  /** Attempts outside the slow pool, the oldest first. */
  private readonly fast = new List<Piece<T>>();
  private spilled: Spilled<T>[] = [];

  /**
   * @param policyOf is asked with each piece of work, so that a change counts from the next one on
   * @param isBusy whether the process has all it can do; asked ten times a second at most
   */
  constructor(
    policyOf: (connection: string) => LanePolicy,
    caps: LaneCaps = defaultLaneCaps,
    isBusy: () => boolean = () => false,
  ) {
    this.policyOf = policyOf;
    this.caps = caps;
    this.slots = new Slots(caps.process);
    this.crowds = new Crowds(caps.crowd, {
      laneOf: (connection) => this.lanes.get(connection),
      holdsShare: (workspace) => this.slots.holdsShare(this.workspaces.get(workspace)),
      isContended: () => this.slots.isContended,
      isBusy,
    });
  }

  add(work: Work<T>, nowMs: number): void {
    this.forget(nowMs);
    const lane = this.lane(work.workspace, work.connection);
    this.idle.remove(lane);
    if (this.isClosed(lane, nowMs) || (lane.isDiverted && lane.isOrdered && !work.isLow)) {
      this.spilled.push({ work, hadNoSlot: false });
      this.divert(lane);
    } else {
      const piece = new Piece(work, { lane, crowd: this.crowds.of(work.partition ?? 0), addedAtMs: nowMs });
      lane.push(piece);
      this.waiting.push(piece);
      this.crowds.add(piece, nowMs);
    }
    this.settle(lane, nowMs);
  }

  /** The attempt to begin now; to be called until there is none. */
  take(nowMs: number): Started<T> | undefined {
    this.wake(nowMs);
    const lane = this.turns.next(this.slots);
    if (!lane) return undefined;
    const piece = lane.start(nowMs);
    piece.startedAtMs = nowMs;
    this.leave(piece);
    this.slots.take(piece);
    if (!piece.isSlow) this.fast.push(piece);
    this.settle(lane, nowMs);
    return piece;
  }

  /** Ends an attempt, unless it was cut. Returns what is to be remembered of the connection when its breaker opened or closed. */
  finish(started: Started<T>, ended: Ended, nowMs: number): Breaker | 'closed' | undefined {
    const piece = started as Piece<T>;
    const { lane } = piece;
    if (!piece.isRunning) return undefined;
    this.release(piece);
    const wasOpenUntilMs = lane.breaker?.openUntilMs ?? null;
    this.learn(piece, ended, nowMs);
    const isOver = ended.kind === 'ok' || ended.kind === 'unsent';
    if (this.isClosed(lane, nowMs) || (lane.policy.order === 'strict' && !isOver)) this.spillLane(lane);
    this.settle(lane, nowMs);
    if ((lane.breaker?.openUntilMs ?? null) === wasOpenUntilMs) return undefined;
    return lane.breaker ?? 'closed';
  }

  /** Makes the connections of attempts that take long suspect. Returns those the slow pool has no room for: to be aborted and parked. */
  cut(nowMs: number): Started<T>[] {
    const cut: Piece<T>[] = [];
    for (let piece = this.fast.first; piece && this.suspectAtMs(piece) <= nowMs; piece = this.fast.first) {
      const { lane } = piece;
      lane.isSuspect = true;
      this.fast.remove(piece);
      if (this.slots.hasSlow(lane.workspace)) this.slots.takeSlow(piece);
      else {
        this.release(piece);
        if (lane.isOrdered) this.spillLane(lane);
        cut.push(piece);
      }
      this.settle(lane, nowMs);
    }
    return cut;
  }

  /** Work to be parked: it waited too long, its connection is closed for long, or stands in others' way. What shares an order comes in its order. */
  spill(nowMs: number): Spilled<T>[] {
    for (let piece = this.waiting.first; piece && this.overdueAtMs(piece) <= nowMs; piece = this.waiting.first) {
      if (piece.lane.isOrdered) this.spillLane(piece.lane);
      else this.spillFirst(piece, this.hasNoSlot(piece.lane, nowMs));
      this.settle(piece.lane, nowMs);
    }
    for (const { lane, keptUnits } of this.crowds.look(this.waiting.first, nowMs)) this.thin(lane, keptUnits, nowMs);
    const { spilled } = this;
    this.spilled = [];
    return spilled;
  }

  /** When `take`, `cut` or `spill` may have something without anything having been added or finished; 0 when there is already. */
  get nextAtMs(): number | undefined {
    if (this.spilled.length > 0) return 0;
    const { first: oldest } = this.waiting;
    const { first: running } = this.fast;
    const nextAtMs = Math.min(
      this.asleep.nextDueAtMs ?? Infinity,
      oldest ? this.overdueAtMs(oldest) : Infinity,
      running ? this.suspectAtMs(running) : Infinity,
      this.crowds.nextAtMs ?? Infinity,
    );
    return nextAtMs === Infinity ? undefined : nextAtMs;
  }

  remember({ workspace, connection, breaker, isDiverted }: Remembered, nowMs: number): void {
    const lane = this.lane(workspace, connection);
    this.idle.remove(lane);
    lane.breaker = breaker;
    lane.isDiverted = isDiverted;
    this.settle(lane, nowMs);
  }

  /** Parking holds nothing of the connection any more: live work of it is taken again. */
  rejoin(connection: string, nowMs: number): void {
    const lane = this.lanes.get(connection);
    if (!lane) return;
    this.idle.remove(lane);
    lane.isDiverted = false;
    this.settle(lane, nowMs);
  }

  /** What is known of a connection; undefined when it has no work and nothing speaks against it. */
  look(connection: string): LaneView | undefined {
    return this.lanes.get(connection);
  }

  get stats() {
    const { inFlight, slow, low } = this.slots;
    const waiting = this.waiting.size;
    return { waiting, inFlight, slow, low, lanes: this.lanes.size, workspaces: this.workspaces.size };
  }

  private suspectAtMs(piece: Piece<T>): number {
    return piece.startedAtMs + this.caps.suspectAfterMs;
  }

  private overdueAtMs(piece: Piece<T>): number {
    return piece.addedAtMs + this.caps.holdMs;
  }

  /** Whether nothing that comes now could start before it is overdue. */
  private isClosed(lane: Lane<T>, nowMs: number): boolean {
    return lane.closedUntilMs > nowMs + this.caps.holdMs;
  }

  private lane(workspaceId: string, connection: string): Lane<T> {
    const policy = this.policyOf(connection);
    const known = this.lanes.get(connection);
    if (known) {
      known.policy = policy;
      return known;
    }
    const workspace = this.workspaces.get(workspaceId) ?? new Workspace<T>(workspaceId);
    this.workspaces.set(workspaceId, workspace);
    workspace.lanes++;
    const lane = new Lane(connection, workspace, policy);
    this.lanes.set(connection, lane);
    return lane;
  }

  private wake(nowMs: number): void {
    if ((this.asleep.nextDueAtMs ?? Infinity) > nowMs) return;
    for (const lane of this.asleep.take(nowMs)) {
      if (lane.wakeAtMs === undefined || lane.wakeAtMs > nowMs) continue;
      lane.wakeAtMs = undefined;
      this.settle(lane, nowMs);
    }
  }

  private release(piece: Piece<T>): void {
    this.fast.remove(piece);
    this.slots.release(piece);
    piece.lane.finish(piece);
  }

  private learn({ lane, startedAtMs, isProbe }: Piece<T>, { kind, retryAtMs }: Ended, nowMs: number): void {
    const restMs = kind === 'throttled' ? throttleMs : 0;
    const askedAtMs = Math.min(retryAtMs ?? nowMs + restMs, nowMs + retryAfterMaxMs);
    if (askedAtMs > nowMs) lane.throttledUntilMs = Math.max(lane.throttledUntilMs, askedAtMs);
    if (kind === 'throttled') lane.throttle();
    if (kind === 'throttled' || kind === 'unsent') return;
    if (kind === 'ok') {
      lane.ease();
      if (nowMs - startedAtMs <= this.caps.suspectAfterMs) lane.isSuspect = false;
    } else lane.isSuspect = true;
    lane.breaker = afterAttempt(lane.breaker, { kind, isProbe }, nowMs);
  }

  /** Spills of a lane what is more than it may keep, the oldest first. */
  private thin(lane: Lane<T>, keptUnits: number, nowMs: number): void {
    if (lane.waitingUnits <= keptUnits) return;
    if (lane.isOrdered) this.spillLane(lane);
    const hadNoSlot = this.hasNoSlot(lane, nowMs);
    while (lane.waitingUnits > keptUnits && lane.next) this.spillFirst(lane.next, hadNoSlot);
    this.settle(lane, nowMs);
  }

  private hasNoSlot(lane: Lane<T>, nowMs: number): boolean {
    return !lane.isHeldBack(nowMs, false) && this.slots.holdsShare(lane.workspace);
  }

  private spillFirst(piece: Piece<T>, hadNoSlot: boolean): void {
    piece.lane.removeFirst(piece);
    this.spillPiece(piece, hadNoSlot);
  }

  private spillPiece(piece: Piece<T>, hadNoSlot = false): void {
    this.leave(piece);
    this.spilled.push({ work: piece.work, hadNoSlot });
  }

  /** It waits no more. */
  private leave(piece: Piece<T>): void {
    this.waiting.remove(piece);
    this.crowds.remove(piece);
  }

  private spillLane(lane: Lane<T>): void {
    this.divert(lane);
    lane.empty((piece) => this.spillPiece(piece));
  }

  /** What comes after something of an order that was spilled has to stay behind it. */
  private divert(lane: Lane<T>): void {
    if (lane.isOrdered) lane.isDiverted = true;
  }

  /** Puts a lane where it belongs after anything about it changed. */
  private settle(lane: Lane<T>, nowMs: number): void {
    const kind = lane.nextKind;
    const readyAtMs = kind && lane.hasRoom ? lane.readyAtMs(nowMs) : Infinity;
    this.turns.place(lane, readyAtMs <= nowMs ? kind : undefined);
    if (readyAtMs > nowMs && readyAtMs < Infinity) this.sleep(lane, readyAtMs);
    if (!kind && lane.inFlight === 0) this.rest(lane, nowMs);
  }

  private sleep(lane: Lane<T>, untilMs: number): void {
    if (lane.wakeAtMs !== undefined && lane.wakeAtMs <= untilMs) return;
    lane.wakeAtMs = untilMs;
    this.asleep.add(lane, untilMs);
  }

  private rest(lane: Lane<T>, nowMs: number): void {
    lane.wakeAtMs = undefined;
    if (!lane.hasState(nowMs)) return this.drop(lane);
    lane.idleSinceMs = nowMs;
    this.idle.push(lane);
  }

  private drop({ connection, workspace }: Lane<T>): void {
    this.lanes.delete(connection);
    if (--workspace.lanes === 0) this.workspaces.delete(workspace.id);
  }

  /** Two at a time, as one is added at most, so that it costs nobody a pause. */
  private forget(nowMs: number): void {
    for (let count = 0; count < 2; count++) {
      const lane = this.idle.first;
      if (!lane || lane.idleSinceMs + rememberMs > nowMs) return;
      this.idle.remove(lane);
      if (lane.isDiverted || lane.closedUntilMs > nowMs) this.rest(lane, nowMs);
      else this.drop(lane);
    }
  }
}
