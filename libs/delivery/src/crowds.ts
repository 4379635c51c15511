// What waits of each partition, and which lanes stand in the way: a partition is read no further while too much of it is in hand.
import type { Lane } from './lane.ts';
import type { Piece } from './piece.ts';

export interface CrowdCaps {
  /** Work of one partition that may wait before lanes that are held back give way. In units, see `unitsOf`. */
  units: number;
  /** How long the oldest work of a lane has waited before it counts as held back, so that one failure among successes does not. */
  heldBackMs: number;
  /** Between two looks at a crowd. Milliseconds. */
  lookMs: number;
}

/** With the three quarters of 1,024 slots that a workspace may have, less than a connector holds of a partition; a quarter of its bytes. */
export const defaultCrowdCaps: CrowdCaps = { units: 250, heldBackMs: 500, lookMs: 100 };

const bytesOfUnit = 4 * 1024;

/** One for each piece of work, more for a large one: what it takes of the room that its partition has in hand. */
export const unitsOf = (bytes: number): number => Math.max(1, Math.ceil(bytes / bytesOfUnit));

/** A connection as a partition brings work of it; its lane may come and go. */
export interface Seen {
  connection: string;
  workspace: string;
}

/** Few are enough: one that could begin is a reason for others to give way. */
const seenLimits = { connections: 64, forMs: 600_000 } as const;

/** The connections that were seen last, within ten minutes. */
class LastSeen {
  private last: string | undefined = undefined;
  /** By connection, the one that was seen last at the end. */
  private readonly seen = new Map<string, Seen & { atMs: number }>();

  see({ connection, workspace }: Seen, nowMs: number): void {
    if (connection === this.last) return;
    this.last = connection;
    this.seen.delete(connection);
    this.seen.set(connection, { connection, workspace, atMs: nowMs });
    if (this.seen.size <= seenLimits.connections) return;
    for (const longestUnseen of this.seen.keys()) return void this.seen.delete(longestUnseen);
  }

  has(passes: (seen: Seen) => boolean, nowMs: number): boolean {
    for (const seen of this.seen.values()) if (seen.atMs + seenLimits.forMs > nowMs && passes(seen)) return true;
    return false;
  }
}

/**
 * What waits of one partition, and of whom it brings work that could begin: who is in the way when it comes is no reason for others to
 * give way, and thousands of them would have everybody else forgotten.
 */
export class Crowd {
  units = 0;
  readonly free = new LastSeen();
  /** Those whose workspaces have their share. */
  readonly sharing = new LastSeen();
}

export interface CrowdParts<T> {
  laneOf: (connection: string) => Lane<T> | undefined;
  /** Whether a workspace has all the slots that it may have while others want some. */
  holdsShare: (workspace: string) => boolean;
  /** Whether others want some. */
  isContended: () => boolean;
  /** Whether the process has all it can do. */
  isBusy: () => boolean;
}

export class Crowds<T> {
  private readonly caps: CrowdCaps;
  private readonly parts: CrowdParts<T>;
  private readonly byPartition = new Map<number, Crowd>();
  private readonly crowded = new Set<Crowd>();
  private lookAtMs = 0;
  /** At the last look. */
  private isBusy = false;

  constructor(caps: CrowdCaps, parts: CrowdParts<T>) {
    this.caps = caps;
    this.parts = parts;
  }

  of(partition: number): Crowd {
    let crowd = this.byPartition.get(partition);
    if (!crowd) this.byPartition.set(partition, (crowd = new Crowd()));
    return crowd;
  }

  add({ crowd, units, lane }: Piece<T>, nowMs: number): void {
    if (!lane.isHeldBack(nowMs, this.isBusy)) {
      const seen = { connection: lane.connection, workspace: lane.workspace.id };
      (this.hasShare(seen) ? crowd.sharing : crowd.free).see(seen, nowMs);
    }
    crowd.units += units;
    if (crowd.units > this.caps.units) this.crowded.add(crowd);
  }

  remove({ crowd, units }: Piece<T>): void {
    crowd.units -= units;
    if (crowd.units <= this.caps.units) this.crowded.delete(crowd);
  }

  /** When it is worth looking again; undefined while nothing is crowded. */
  get nextAtMs(): number | undefined {
    return this.crowded.size > 0 ? this.lookAtMs : undefined;
  }

  /**
   * The lanes that stand in the way of others of their partition, where there are any: those that are held back, and those of workspaces
   * that have all the slots of their share, but not for each other. The latter only where the process has time, which to park a delivery
   * takes as much of as to attempt it. And how many units each may keep: equal shares of what may wait.
   * @param oldest of all that waits; what follows it is younger
   */
  look(oldest: Piece<T> | undefined, nowMs: number): { lane: Lane<T>; keptUnits: number }[] {
    if (this.crowded.size === 0 || nowMs < this.lookAtMs) return [];
    this.lookAtMs = nowMs + this.caps.lookMs;
    this.isBusy = this.parts.isBusy();
    const inTheWay = new Map<Crowd, { lanes: Set<Lane<T>>; isOfShares: boolean }>();
    for (const crowd of this.crowded) {
      const isOfShares = this.hasFree(crowd, nowMs);
      if (isOfShares || this.hasSharing(crowd, nowMs)) inTheWay.set(crowd, { lanes: new Set(), isOfShares });
    }
    for (let piece = oldest; piece && piece.addedAtMs + this.caps.heldBackMs <= nowMs; piece = piece.after) {
      const { lane } = piece;
      const found = inTheWay.get(piece.crowd);
      if (!found || found.lanes.has(lane)) continue;
      const isInTheWay = lane.isHeldBack(nowMs, this.isBusy) || (found.isOfShares && this.hasShare(piece.work));
      if (isInTheWay) found.lanes.add(lane);
    }
    return [...inTheWay.values()].flatMap(({ lanes }) =>
      [...lanes].map((lane) => ({ lane, keptUnits: this.caps.units / lanes.size })),
    );
  }

  private hasFree(crowd: Crowd, nowMs: number): boolean {
    return crowd.free.has((seen) => !this.isHeldBack(seen, nowMs) && !this.hasShare(seen), nowMs);
  }

  /** Whether somebody could begin because nobody wants the slots that its workspace has more than its share. */
  private hasSharing({ free, sharing }: Crowd, nowMs: number): boolean {
    const isFree = (seen: Seen): boolean => !this.isHeldBack(seen, nowMs);
    return !this.parts.isContended() && (sharing.has(isFree, nowMs) || free.has(isFree, nowMs));
  }

  private isHeldBack({ connection }: Seen, nowMs: number): boolean {
    return this.parts.laneOf(connection)?.isHeldBack(nowMs, this.isBusy) === true;
  }

  private hasShare({ workspace }: Seen): boolean {
    return !this.isBusy && this.parts.holdsShare(workspace);
  }
}
