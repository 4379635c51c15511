// Starts work in the order in which it came, as long as there is room for what it will append; the rest waits its turn. Pure.
import { Fifo } from './fifo.ts';

interface Waiting {
  start: () => void;
  letGo: () => void;
}

/** One piece of work may append many records (a fan-out), so memory is bounded by what is started, not by what is fetched. */
export class Gate {
  private readonly hasRoom: () => boolean;
  private readonly waiting = new Fifo<Waiting>();
  private closed = false;

  constructor(hasRoom: () => boolean) {
    this.hasRoom = hasRoom;
  }

  /** Starts the work now if nothing waits before it and there is room, else later. After `close` it is let go. */
  pass(start: () => void, letGo: () => void): void {
    if (this.closed) return letGo();
    this.waiting.push({ start, letGo });
    this.open();
  }

  /** To be called whenever there may be room again. */
  open(): void {
    while (!this.closed && this.waiting.length > 0 && this.hasRoom()) this.waiting.shift()?.start();
  }

  /** Lets go of everything that has not started. */
  close(): void {
    this.closed = true;
    for (let next = this.waiting.shift(); next; next = this.waiting.shift()) next.letGo();
  }
}
