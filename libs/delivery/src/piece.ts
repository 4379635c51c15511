// Work of a connection: how it is handed to the lanes, and as it stands in them from being added until it is finished.
import { unitsOf, type Crowd } from './crowds.ts';
import type { Lane } from './lane.ts';
import type { List, Member, Queued } from './list.ts';

export interface Work<T> {
  workspace: string;
  connection: string;
  item: T;
  /** What shares it is attempted one after the other, where the connection keeps the order of keys. */
  orderKey?: string | undefined;
  /** Replays and what comes back from parking: it gives way to live work. */
  isLow?: boolean | undefined;
  /** Where it was read from, if not from the only one. */
  partition?: number | undefined;
  /** What it takes in memory. */
  bytes?: number | undefined;
}

/** Work to be parked. */
export interface Spilled<T> {
  readonly work: Work<T>;
  /** Whether there was only no slot for it: its workspace had all of its share. */
  readonly hadNoSlot: boolean;
}

/** Work whose attempt is to begin now. */
export interface Started<T> {
  readonly work: Work<T>;
  readonly startedAtMs: number;
  /** Whether it tries out a destination whose breaker is half-open. */
  readonly isProbe: boolean;
}

/** One object from beginning to end: first in a queue of its lane and among all by age, then among the attempts by start. */
export class Piece<T> implements Started<T>, Member<Piece<T>>, Queued<Piece<T>> {
  list: List<Piece<T>> | undefined = undefined;
  before: Piece<T> | undefined = undefined;
  after: Piece<T> | undefined = undefined;
  next: Piece<T> | undefined = undefined;
  startedAtMs = 0;
  isProbe = false;
  isRunning = false;
  /** Whether its attempt takes a place of the slow pool. */
  isSlow = false;
  readonly work: Work<T>;
  readonly lane: Lane<T>;
  readonly addedAtMs: number;
  /** Of the order to keep; undefined also when the connection asks for none. */
  readonly key: string | undefined;
  /** With what it waits for its partition to be read on, and its part of that. */
  readonly crowd: Crowd;
  readonly units: number;

  constructor(work: Work<T>, { lane, crowd, addedAtMs }: { lane: Lane<T>; crowd: Crowd; addedAtMs: number }) {
    this.work = work;
    this.lane = lane;
    this.crowd = crowd;
    this.units = unitsOf(work.bytes ?? 0);
    this.addedAtMs = addedAtMs;
    this.key = lane.policy.order === 'key' ? work.orderKey : undefined;
  }

  get isLow(): boolean {
    return this.work.isLow === true;
  }
}
