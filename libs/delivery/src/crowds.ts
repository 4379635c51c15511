// What waits of each partition, and which lanes stand in the way: a partition is read no further while too much of it is in hand.
import type { Lane } from './lane.ts';
import type { Piece } from './piece.ts';
import type { Workspace } from './turns.ts';

export interface CrowdCaps {
  /** Work of one partition that may wait before lanes that are held back give way. In units, see `unitsOf`. */
  units: number;
  /** How long the oldest work of a lane has waited before it counts as held back, so that one failure among successes does not. */
  heldBackMs: number;
  /** Between two looks at a crowd. Milliseconds. */
  lookMs: number;
}

/** A quarter of what a connector holds of one partition: 1,000 records and 4 MB. */
export const defaultCrowdCaps: CrowdCaps = { units: 250, heldBackMs: 500, lookMs: 100 };

const bytesOfUnit = 4 * 1024;

/** One for each piece of work, more for a large one: what it takes of the room that its partition has in hand. */
export const unitsOf = (bytes: number): number => Math.max(1, Math.ceil(bytes / bytesOfUnit));

/** Of the workspaces that a partition brought work of lately, so many are known; one of them with little is enough. */
const knownWorkspaces = 16;

/** What waits of one partition, and for whom. */
export class Crowd<T> {
  units = 0;
  private last: Workspace<T> | undefined = undefined;
  /** The one that was seen last at the end. */
  private readonly seen = new Set<Workspace<T>>();

  see(workspace: Workspace<T>): void {
    if (workspace === this.last) return;
    this.last = workspace;
    this.seen.delete(workspace);
    this.seen.add(workspace);
    if (this.seen.size <= knownWorkspaces) return;
    for (const longestUnseen of this.seen) return void this.seen.delete(longestUnseen);
  }

  /** Whether some of its workspaces pass. */
  has(passes: (workspace: Workspace<T>) => boolean): boolean {
    for (const workspace of this.seen) if (passes(workspace)) return true;
    return false;
  }
}

export class Crowds<T> {
  private readonly caps: CrowdCaps;
  private readonly holdsShare: (workspace: Workspace<T>) => boolean;
  private readonly byPartition = new Map<number, Crowd<T>>();
  private readonly crowded = new Set<Crowd<T>>();
  private lookAtMs = 0;

  /** @param holdsShare whether a workspace has all the slots that it may have while others want some */
  constructor(caps: CrowdCaps, holdsShare: (workspace: Workspace<T>) => boolean) {
    this.caps = caps;
    this.holdsShare = holdsShare;
  }

  of(partition: number): Crowd<T> {
    let crowd = this.byPartition.get(partition);
    if (!crowd) this.byPartition.set(partition, (crowd = new Crowd()));
    return crowd;
  }

  add({ crowd, units, lane }: Piece<T>): void {
    crowd.see(lane.workspace);
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
   * The lanes that stand in the way of others of their partition, and how many units each may keep: equal shares of what may wait.
   * @param oldest of all that waits; what follows it is younger
   */
  look(oldest: Piece<T> | undefined, nowMs: number): { lane: Lane<T>; keptUnits: number }[] {
    if (this.crowded.size === 0 || nowMs < this.lookAtMs) return [];
    this.lookAtMs = nowMs + this.caps.lookMs;
    const inTheWay = new Map<Crowd<T>, Set<Lane<T>>>();
    for (let piece = oldest; piece && piece.addedAtMs + this.caps.heldBackMs <= nowMs; piece = piece.after) {
      const { crowd, lane } = piece;
      if (!this.crowded.has(crowd) || inTheWay.get(crowd)?.has(lane) || !this.isInTheWay(lane, crowd, nowMs)) continue;
      inTheWay.set(crowd, (inTheWay.get(crowd) ?? new Set()).add(lane));
    }
    return [...inTheWay.values()].flatMap((lanes) =>
      [...lanes].map((lane) => ({ lane, keptUnits: this.caps.units / lanes.size })),
    );
  }

  /** Who has all the slots of its share is in the way of those with less; where all have as much, it is the process that is busy. */
  private isInTheWay(lane: Lane<T>, crowd: Crowd<T>, nowMs: number): boolean {
    if (lane.isHeldBack(nowMs)) return true;
    return this.holdsShare(lane.workspace) && crowd.has((workspace) => !this.holdsShare(workspace));
  }
}
