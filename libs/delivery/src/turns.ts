// Whose turn it is: workspaces take turns, and within each its lanes, at the same cost however many there are.
import type { Lane } from './lane.ts';
import { List, type Member } from './list.ts';

/** Lanes that wait for different slots stand in different rings, so that a turn never has to search for one that fits. */
export type TurnKind = 'live' | 'low' | 'slow' | 'slow_low';

export class Workspace<T> {
  readonly id: string;
  inFlight = 0;
  /** Of which in the slow pool. */
  slow = 0;
  lanes = 0;
  readonly seats: Partial<Record<TurnKind, Seat<T>>> = {};

  constructor(id: string) {
    this.id = id;
  }
}

/** The place of a workspace in one ring, with its lanes that wait there. */
class Seat<T> implements Member<Seat<T>> {
  list: List<Seat<T>> | undefined = undefined;
  before: Seat<T> | undefined = undefined;
  after: Seat<T> | undefined = undefined;
  readonly lanes = new List<Lane<T>>();
}

/** Whether there is a slot. */
export interface Room<T> {
  isOpenTo(kind: TurnKind): boolean;
  mayStart(lane: Lane<T>): boolean;
}

/**
 * Only who holds a quarter of the process or of the slow pool is ever passed over, so that at most eight workspaces are,
 * and as many lanes: the ninth can start.
 */
const askedMax = 9;

/** Every so many turns, work that gives way is asked first, so that it never stands still. */
const lowTurn = 5;
const orders = {
  liveFirst: ['slow', 'live', 'slow_low', 'low'],
  lowFirst: ['slow_low', 'low', 'slow', 'live'],
} as const satisfies Record<string, TurnKind[]>;

export class Turns<T> {
  private readonly rings: Record<TurnKind, List<Seat<T>>> = {
    live: new List(),
    low: new List(),
    slow: new List(),
    slow_low: new List(),
  };
  private taken = 0;

  /** Puts a lane where it belongs now; one that stands there already keeps its place in the turn. */
  place(lane: Lane<T>, kind: TurnKind | undefined): void {
    if (lane.kind === kind) return;
    if (lane.kind) this.leave(lane, lane.kind);
    lane.kind = kind;
    if (kind) this.enter(lane, kind);
  }

  /** The lane whose turn it is among those that there is room for. */
  next(room: Room<T>): Lane<T> | undefined {
    for (const kind of this.taken % lowTurn === 0 ? orders.lowFirst : orders.liveFirst) {
      const lane = this.rings[kind].size > 0 && room.isOpenTo(kind) ? this.nextOf(kind, room) : undefined;
      if (!lane) continue;
      this.taken++;
      return lane;
    }
    return undefined;
  }

  private nextOf(kind: TurnKind, room: Room<T>): Lane<T> | undefined {
    const mayStart = (lane: Lane<T>): boolean => room.mayStart(lane);
    let found: Lane<T> | undefined;
    this.rings[kind].rotate((seat) => (found = seat.lanes.rotate(mayStart, askedMax)) !== undefined, askedMax);
    return found;
  }

  private enter(lane: Lane<T>, kind: TurnKind): void {
    const seat = (lane.workspace.seats[kind] ??= new Seat());
    seat.lanes.push(lane);
    if (!seat.list) this.rings[kind].push(seat);
  }

  private leave(lane: Lane<T>, kind: TurnKind): void {
    const seat = lane.workspace.seats[kind] as Seat<T>;
    seat.lanes.remove(lane);
    if (seat.lanes.size === 0) this.rings[kind].remove(seat);
  }
}
