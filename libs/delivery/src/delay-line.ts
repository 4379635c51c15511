// Holds things until they are due and gives them out in due order; of equals the first come goes first. A binary heap.

interface Held<T> {
  item: T;
  dueAtMs: number;
  sequence: number;
}

export class DelayLine<T> {
  private readonly heap: Held<T>[] = [];
  private sequence = 0;

  add(item: T, dueAtMs: number): void {
    this.heap.push({ item, dueAtMs, sequence: this.sequence++ });
    this.siftUp(this.heap.length - 1);
  }

  /** Everything due by now, in due order. */
  take(nowMs: number): T[] {
    const due: T[] = [];
    for (let first = this.heap[0]; first && first.dueAtMs <= nowMs; first = this.heap[0]) {
      due.push(first.item);
      this.removeFirst();
    }
    return due;
  }

  /** When the next one is due, or undefined when nothing waits. */
  get nextDueAtMs(): number | undefined {
    return this.heap[0]?.dueAtMs;
  }

  get size(): number {
    return this.heap.length;
  }

  private removeFirst(): void {
    const last = this.heap.pop();
    if (!last || this.heap.length === 0) return;
    this.heap[0] = last;
    this.siftDown();
  }

  private siftUp(start: number): void {
    for (let at = start; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!this.isBefore(at, parent)) return;
      this.swap(at, parent);
      at = parent;
    }
  }

  private siftDown(): void {
    for (let at = 0; ;) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      let first = at;
      if (left < this.heap.length && this.isBefore(left, first)) first = left;
      if (right < this.heap.length && this.isBefore(right, first)) first = right;
      if (first === at) return;
      this.swap(at, first);
      at = first;
    }
  }

  private isBefore(a: number, b: number): boolean {
    const [x, y] = [this.heap[a], this.heap[b]];
    if (!x || !y) return false;
    return x.dueAtMs < y.dueAtMs || (x.dueAtMs === y.dueAtMs && x.sequence < y.sequence);
  }

  private swap(a: number, b: number): void {
    const [x, y] = [this.heap[a], this.heap[b]];
    if (!x || !y) return;
    this.heap[a] = y;
    this.heap[b] = x;
  }
}
