// Runs work side by side, bounded per key and in all: a slow key fills its own lane and no other. Pure, no Kafka.
import { Fifo } from './fifo.ts';

interface Lane {
  key: string;
  waiting: Fifo<() => Promise<void>>;
  running: number;
  /** Whether the lane stands in the ring of lanes that could start something. */
  ready: boolean;
}

/**
 * Lanes take turns, one piece of work each, so that a long lane does not starve the others; every pick costs the same
 * however many lanes there are. With `perKey` 1 the work of one key runs strictly in order.
 */
export class KeyLanes {
  private readonly perKey: number;
  private readonly total: number;
  private readonly lanes = new Map<string, Lane>();
  /** Lanes with work waiting and room to run it, in turn order. */
  private readonly ring = new Fifo<Lane>();
  private running = 0;

  constructor(limits: { perKey: number; total: number }) {
    this.perKey = limits.perKey;
    this.total = limits.total;
  }

  /** Queues work behind what its key already has. Resolves or rejects with the work. */
  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const lane = this.lane(key);
      lane.waiting.push(async () => {
        try {
          resolve(await work());
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
      this.takePlace(lane);
      this.startWhatFits();
    });
  }

  /** Whether a key has work queued or running. */
  has(key: string): boolean {
    return this.lanes.has(key);
  }

  /** Keys that have work queued or running. */
  get keys(): number {
    return this.lanes.size;
  }

  private lane(key: string): Lane {
    const known = this.lanes.get(key);
    if (known) return known;
    const lane: Lane = { key, waiting: new Fifo(), running: 0, ready: false };
    this.lanes.set(key, lane);
    return lane;
  }

  private takePlace(lane: Lane): void {
    if (lane.ready || lane.waiting.length === 0 || lane.running >= this.perKey) return;
    lane.ready = true;
    this.ring.push(lane);
  }

  private startWhatFits(): void {
    while (this.running < this.total) {
      const lane = this.ring.shift();
      if (!lane) return;
      lane.ready = false;
      this.start(lane);
      this.takePlace(lane);
    }
  }

  private start(lane: Lane): void {
    const work = lane.waiting.shift();
    if (!work) return;
    lane.running++;
    this.running++;
    void work().then(() => this.finish(lane));
  }

  private finish(lane: Lane): void {
    lane.running--;
    this.running--;
    if (lane.running === 0 && lane.waiting.length === 0) this.lanes.delete(lane.key);
    this.takePlace(lane);
    this.startWhatFits();
  }
}
