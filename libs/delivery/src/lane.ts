// The lane of one connection: what waits and in which order, and what is known of its destination.
import { breakerState, type Breaker } from './breaker.ts';
import { Bucket, type Rate } from './bucket.ts';
import { Queue, type List, type Member } from './list.ts';
import type { Piece } from './piece.ts';
import type { TurnKind, Workspace } from './turns.ts';

/** What a connection asks of its lane. */
export interface LanePolicy {
  /** Attempts side by side; as many as there is room for when not given. */
  concurrency?: number | undefined;
  rate?: Rate | undefined;
  order: 'unordered' | 'key' | 'strict';
}

/** Who bears so many side by side is not limited any more. */
const bearsAll = 256;

export class Lane<T> implements Member<Lane<T>> {
  list: List<Lane<T>> | undefined = undefined;
  before: Lane<T> | undefined = undefined;
  after: Lane<T> | undefined = undefined;
  /** Which turn it waits for; undefined while it could start nothing. */
  kind: TurnKind | undefined = undefined;
  /** When it looks again whether it could start something. */
  wakeAtMs: number | undefined = undefined;
  idleSinceMs = 0;
  waiting = 0;
  /** What waits, in units of a crowd. */
  waitingUnits = 0;
  inFlight = 0;
  /** An attempt took too long or failed, and none was answered well since. */
  isSuspect = false;
  /** Its order is kept in parking: live work follows what was spilled, until parking is empty. */
  isDiverted = false;
  /** Attempts side by side that it has shown to bear since it was throttled last. */
  private bears = Infinity;
  breaker: Breaker | undefined = undefined;
  throttledUntilMs = 0;
  policy: LanePolicy;
  readonly connection: string;
  readonly workspace: Workspace<T>;
  private bucket: Bucket | undefined = undefined;
  private readonly live = new Queue<Piece<T>>();
  private readonly low = new Queue<Piece<T>>();
  /** Keys with a piece in the queue or in flight, each with the pieces behind it. */
  private keys: Map<string, Queue<Piece<T>>> | undefined = undefined;

  constructor(connection: string, workspace: Workspace<T>, policy: LanePolicy) {
    this.connection = connection;
    this.workspace = workspace;
    this.policy = policy;
  }

  /** The piece whose turn is next, or undefined when none could start. */
  get next(): Piece<T> | undefined {
    return this.live.first ?? this.low.first;
  }

  /** The ring its next piece belongs to. */
  get nextKind(): TurnKind | undefined {
    const piece = this.next;
    if (!piece) return undefined;
    if (this.isUnproven) return piece.isLow ? 'slow_low' : 'slow';
    return piece.isLow ? 'low' : 'live';
  }

  get isOrdered(): boolean {
    return this.policy.order !== 'unordered' || (this.keys?.size ?? 0) > 0;
  }

  /** Runs one attempt at a time, in the slow pool. */
  get isUnproven(): boolean {
    return this.isSuspect || this.isTripped;
  }

  /** Open or half-open. */
  get isTripped(): boolean {
    return this.breaker !== undefined && this.breaker.openUntilMs !== null;
  }

  get hasRoom(): boolean {
    if (this.isUnproven || this.policy.order === 'strict') return this.inFlight === 0;
    return this.inFlight < Math.min(this.policy.concurrency ?? Infinity, this.bears);
  }

  /** When its rest is over it begins with one attempt. */
  throttle(): void {
    this.bears = 1;
  }

  /** An attempt was answered well: twice as many may follow. */
  ease(): void {
    this.bears = this.bears * 2 > bearsAll ? Infinity : this.bears * 2;
  }

  /**
   * Whether it is its destination or its policy that lets nothing more begin now, not the lack of a slot.
   * @param isBusy whether the process has no time: how many are in flight then says nothing of a destination
   */
  isHeldBack(nowMs: number, isBusy: boolean): boolean {
    if (this.isUnproven || this.readyAtMs(nowMs) > nowMs) return true;
    return !isBusy && (!this.hasRoom || (this.waiting > 0 && !this.next));
  }

  /** Closed to all attempts until then; 0 or past when it is not. */
  get closedUntilMs(): number {
    return Math.max(this.throttledUntilMs, this.breaker?.openUntilMs ?? 0);
  }

  /** When time allows the next attempt. */
  readyAtMs(nowMs: number): number {
    const { rate } = this.policy;
    const rateAtMs = rate && this.bucket ? this.bucket.readyAtMs(rate, nowMs) : nowMs;
    return Math.max(rateAtMs, this.closedUntilMs);
  }

  /** Whether anything is worth remembering of a lane without work. */
  hasState(nowMs: number): boolean {
    return (
      this.isUnproven ||
      this.isDiverted ||
      this.breaker !== undefined ||
      this.closedUntilMs > nowMs ||
      this.bears < Infinity ||
      !!this.bucket
    );
  }

  push(piece: Piece<T>): void {
    this.waiting++;
    this.waitingUnits += piece.units;
    if (piece.key !== undefined) {
      this.keys ??= new Map();
      const behind = this.keys.get(piece.key);
      if (behind) return behind.push(piece);
      this.keys.set(piece.key, new Queue());
    }
    // Who asks for an order gets it: there replays do not give way, they wait where they came.
    const queue = piece.isLow && this.policy.order === 'unordered' ? this.low : this.live;
    queue.push(piece);
  }

  /** Takes out the next piece, for an attempt. */
  start(nowMs: number): Piece<T> {
    const piece = this.next as Piece<T>;
    this.removeFirst(piece);
    const { rate } = this.policy;
    if (rate) (this.bucket ??= new Bucket(rate, nowMs)).take(rate, nowMs);
    piece.isProbe = breakerState(this.breaker, nowMs) === 'half_open';
    this.inFlight++;
    return piece;
  }

  /** The attempt is over: who waited behind its key may go. */
  finish(piece: Piece<T>): void {
    this.inFlight--;
    if (piece.key === undefined) return;
    const follower = this.keys?.get(piece.key)?.shift();
    if (follower) this.live.push(follower);
    else this.keys?.delete(piece.key);
  }

  /** Takes a piece out that stands first in one of the queues. */
  removeFirst(piece: Piece<T>): void {
    this.waiting--;
    this.waitingUnits -= piece.units;
    if (this.live.first === piece) this.live.shift();
    else this.low.shift();
  }

  /** Takes everything out that waits, what shares a key in its order. */
  empty(out: (piece: Piece<T>) => void): void {
    const drain = (queue: Queue<Piece<T>> | undefined): void => {
      for (let piece = queue?.shift(); piece; piece = queue?.shift()) {
        out(piece);
        if (piece.key === undefined || queue !== this.live) continue;
        drain(this.keys?.get(piece.key));
        this.keys?.delete(piece.key);
      }
    };
    drain(this.live);
    drain(this.low);
    this.keys?.forEach(drain);
    this.waiting = 0;
    this.waitingUnits = 0;
  }
}
