// The slots of a process, who holds how many of them, and who may have one more.
import { defaultCrowdCaps, type CrowdCaps } from './crowds.ts';
import type { Lane } from './lane.ts';
import type { Piece } from './piece.ts';
import type { Room, TurnKind, Workspace } from './turns.ts';

export interface LaneCaps {
  /** Attempts in flight in this process. */
  process: number;
  /** An attempt older than this makes its connection suspect. */
  suspectAfterMs: number;
  /** Work that waited longer is spilled: what waits in memory is not acknowledged. */
  holdMs: number;
  crowd: CrowdCaps;
}

export const defaultLaneCaps: LaneCaps = {
  process: 1_024,
  suspectAfterMs: 3_000,
  holdMs: 12_000,
  crowd: defaultCrowdCaps,
};

/**
 * Who holds its share takes more only from what is idle: a connection while half of the process is free, a workspace while a quarter
 * is. So there is room at once for whoever comes with less.
 */
const shares = { fair: 0.25, slow: 0.25, low: 0.2, sharedByLanes: 0.5, sharedByWorkspaces: 0.75 } as const;

export class Slots<T> implements Room<T> {
  inFlight = 0;
  slow = 0;
  low = 0;
  private readonly caps: Record<keyof typeof shares | 'process' | 'fairSlow' | 'sharedSlow', number>;

  constructor(process: number) {
    const slow = Math.ceil(process * shares.slow);
    this.caps = {
      process,
      fair: Math.ceil(process * shares.fair),
      slow,
      fairSlow: Math.ceil(slow * shares.fair),
      low: Math.floor(process * shares.low),
      sharedByLanes: Math.ceil(process * shares.sharedByLanes),
      sharedByWorkspaces: Math.ceil(process * shares.sharedByWorkspaces),
      sharedSlow: Math.ceil(slow * shares.sharedByWorkspaces),
    };
  }

  /** Whether more is wanted than what may be had for the asking. */
  get isContended(): boolean {
    return this.inFlight >= this.caps.sharedByWorkspaces;
  }

  /** Whether a kind of work may start at all, whoever it is of. */
  isOpenTo(kind: TurnKind): boolean {
    if (this.inFlight >= this.caps.process) return false;
    const isSlow = kind === 'slow' || kind === 'slow_low';
    const isLow = kind === 'low' || kind === 'slow_low';
    return (!isSlow || this.slow < this.caps.slow) && (!isLow || this.low < this.caps.low || !this.isContended);
  }

  /** Whether a workspace gets more only of what is idle. */
  holdsShare(workspace: Workspace<T> | undefined): boolean {
    return (workspace?.inFlight ?? 0) >= this.caps.fair;
  }

  mayStart(lane: Lane<T>): boolean {
    if (this.holdsShare(lane.workspace) && this.isContended) return false;
    if (lane.inFlight >= this.caps.fair && this.inFlight >= this.caps.sharedByLanes) return false;
    return !lane.isUnproven || this.hasSlow(lane.workspace);
  }

  hasSlow(workspace: Workspace<T>): boolean {
    return this.slow < (workspace.slow < this.caps.fairSlow ? this.caps.slow : this.caps.sharedSlow);
  }

  take(piece: Piece<T>): void {
    piece.isRunning = true;
    this.inFlight++;
    piece.lane.workspace.inFlight++;
    if (piece.isLow) this.low++;
    if (piece.lane.isUnproven) this.takeSlow(piece);
  }

  takeSlow(piece: Piece<T>): void {
    piece.isSlow = true;
    this.slow++;
    piece.lane.workspace.slow++;
  }

  release(piece: Piece<T>): void {
    piece.isRunning = false;
    this.inFlight--;
    piece.lane.workspace.inFlight--;
    if (piece.isLow) this.low--;
    if (!piece.isSlow) return;
    this.slow--;
    piece.lane.workspace.slow--;
  }
}
