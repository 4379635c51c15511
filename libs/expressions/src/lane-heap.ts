// A binary heap of lanes: the one furthest behind is at the top, and every step costs the logarithm of how many there are. Pure.

export interface Ranked {
  /** How far the lane has come. */
  at: number;
  /** Who came first among equals. */
  turn: number;
}

export class LaneHeap<L extends Ranked> {
  private readonly lanes: L[] = [];

  get size(): number {
    return this.lanes.length;
  }

  get first(): L | undefined {
    return this.lanes[0];
  }

  add(lane: L): void {
    let place = this.lanes.push(lane) - 1;
    while (place > 0) {
      const above = (place - 1) >> 1;
      if (!this.swapUnlessInOrder(above, place)) return;
      place = above;
    }
  }

  /** Takes the first lane out. */
  take(): L | undefined {
    const [first] = this.lanes;
    const last = this.lanes.pop();
    if (!last || this.lanes.length === 0) return first;
    this.lanes[0] = last;
    let place = 0;
    for (;;) {
      const left = 2 * place + 1;
      const lesser = before(this.lanes[left + 1], this.lanes[left]) ? left + 1 : left;
      if (!this.swapUnlessInOrder(place, lesser)) return first;
      place = lesser;
    }
  }

  /** Whether its first lane comes before the other heap's. */
  precedes(other: LaneHeap<L>): boolean {
    return before(this.first, other.first) || (this.first !== undefined && other.first === undefined);
  }

  private swapUnlessInOrder(above: number, below: number): boolean {
    if (!before(this.lanes[below], this.lanes[above])) return false;
    [this.lanes[above], this.lanes[below]] = [this.lanes[below] as L, this.lanes[above] as L];
    return true;
  }
}

const before = (a: Ranked | undefined, b: Ranked | undefined): boolean =>
  a !== undefined && b !== undefined && (a.at < b.at || (a.at === b.at && a.turn < b.turn));
