// Who is evaluated next: workspaces share the processes by the CPU time they use, not by how much they ask for. Pure.
import { LaneHeap } from './lane-heap.ts';

/** What one workspace waits for, and how far it has come: the CPU time it was given, on a clock that all lanes share. */
interface Lane<T> {
  readonly workspace: string;
  waiting: Waiting<T>[];
  bytes: number;
  /** CPU time it has used, counted from where it began. */
  used: number;
  /** The same with what it is expected to use for what it has in hand. */
  at: number;
  turn: number;
  /** What of it is being evaluated. A lane that is held is not served by a second process. */
  held: number;
  /** What an evaluation of it is taken to cost until it is known. */
  expected: number;
}

interface Waiting<T> {
  item: T;
  bytes: number;
}

/** An item that was taken and not finished. */
export interface Taken<T> extends Waiting<T> {
  readonly workspace: string;
  readonly expected: number;
}

export interface QueueLimits {
  items: number;
  itemsOfWorkspace: number;
  bytes: number;
  bytesOfWorkspace: number;
}

/** Microseconds; a first guess that one evaluation corrects. */
const firstExpected = 100;
/** Lanes without work are kept while they are ahead of the others, so that asking again is no way to the front. So many at most. */
const idleLanes = 10_000;

/**
 * The lane that has used least is served first, its items in their order. A lane that begins starts where the one being served
 * stands: it has no claim on the time before, and waits for one turn of each lane at most.
 */
export class FairQueue<T> {
  private readonly limits: QueueLimits;
  private readonly lanes = new Map<string, Lane<T>>();
  private readonly ready = new LaneHeap<Lane<T>>();
  private clock = 0;
  private turns = 0;
  private items = 0;
  private bytes = 0;

  constructor(limits: QueueLimits) {
    this.limits = limits;
  }

  /** Items that wait; those taken are not among them. */
  get length(): number {
    return this.items;
  }

  /** Whether there is an item that may be taken now. */
  get hasNext(): boolean {
    return this.ready.size > 0;
  }

  /** False when there is no room, for this workspace or for any. */
  push(workspace: string, item: T, bytes: number): boolean {
    const lane = this.lanes.get(workspace);
    if (this.items >= this.limits.items || this.bytes + bytes > this.limits.bytes) return false;
    if ((lane?.waiting.length ?? 0) >= this.limits.itemsOfWorkspace) return false;
    if ((lane?.bytes ?? 0) + bytes > this.limits.bytesOfWorkspace) return false;
    this.wait(lane ?? this.begin(workspace), [{ item, bytes }]);
    return true;
  }

  /** The next items, in turn, as long as `accept` takes them. Each is finished later, or given back; until then its lane is held. */
  take(accept: (item: T, bytes: number) => boolean): Taken<T>[] {
    const taken: Taken<T>[] = [];
    // A batch is evaluated one by one, so within it a lane may be served again.
    const again = new LaneHeap<Lane<T>>();
    for (;;) {
      const from = again.precedes(this.ready) ? again : this.ready;
      const lane = from.first;
      const next = lane?.waiting[0];
      if (!lane || !next || !accept(next.item, next.bytes)) break;
      from.take();
      lane.waiting.shift();
      this.count(lane, -1, -next.bytes);
      taken.push({ ...next, workspace: lane.workspace, expected: lane.expected });
      lane.at += lane.expected;
      lane.held++;
      lane.turn = this.turns++;
      if (lane.waiting.length > 0) again.add(lane);
    }
    return taken;
  }

  /** Says what an item cost, in microseconds of CPU time. */
  finish(taken: Taken<T>, cost: number): void {
    const lane = this.lanes.get(taken.workspace);
    if (!lane) return;
    // What was expected moved nobody's clock: it may have been wrong, and the item may have been given back.
    this.clock = Math.max(this.clock, lane.used);
    lane.used += cost;
    lane.at += cost - taken.expected;
    lane.expected = Math.max(1, lane.expected + (cost - lane.expected) / 4);
    this.release(lane, 1);
  }

  /** Puts items back to the front of their lanes: they have not been evaluated and cost nothing. */
  giveBack(items: readonly Taken<T>[]): void {
    for (const { workspace, item, bytes, expected } of items.toReversed()) {
      const lane = this.lanes.get(workspace);
      if (!lane) continue;
      lane.at -= expected;
      lane.waiting.unshift({ item, bytes });
      this.count(lane, 1, bytes);
      this.release(lane, 1);
    }
  }

  /** Takes everything that waits out of the queue. */
  drain(): T[] {
    const items: T[] = [];
    for (const lane of this.lanes.values()) {
      items.push(...lane.waiting.map(({ item }) => item));
      this.count(lane, -lane.waiting.length, -lane.bytes);
      lane.waiting = [];
    }
    while (this.ready.take());
    return items;
  }

  private begin(workspace: string): Lane<T> {
    const lane: Lane<T> = {
      workspace,
      waiting: [],
      bytes: 0,
      used: this.clock,
      at: this.clock,
      turn: 0,
      held: 0,
      expected: firstExpected,
    };
    this.lanes.set(workspace, lane);
    return lane;
  }

  private wait(lane: Lane<T>, waiting: Waiting<T>[]): void {
    const begins = lane.waiting.length === 0 && lane.held === 0;
    lane.waiting.push(...waiting);
    for (const { bytes } of waiting) this.count(lane, 1, bytes);
    if (!begins) return;
    lane.used = Math.max(lane.used, this.clock);
    lane.at = lane.used;
    this.rank(lane);
  }

  private rank(lane: Lane<T>): void {
    lane.turn = this.turns++;
    this.ready.add(lane);
  }

  private release(lane: Lane<T>, items: number): void {
    lane.held -= items;
    if (lane.held > 0) return;
    if (lane.waiting.length > 0) this.rank(lane);
    else if (lane.used <= this.clock) this.lanes.delete(lane.workspace);
    else if (this.lanes.size > idleLanes) this.forgetIdle();
  }

  private forgetIdle(): void {
    for (const lane of this.lanes.values()) {
      if (lane.held === 0 && lane.waiting.length === 0) this.lanes.delete(lane.workspace);
    }
  }

  private count(lane: Lane<T>, items: number, bytes: number): void {
    lane.bytes += bytes;
    this.items += items;
    this.bytes += bytes;
  }
}
