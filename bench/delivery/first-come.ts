// The pool that the lanes are compared with: first come, first served, whoever it is for.
import type { Started, Work } from '../../libs/delivery/src/index.ts';
import type { Parcel, Scheduler } from '../../libs/delivery/testing/simulation.ts';

export class FirstCome implements Scheduler {
  readonly nextAtMs = undefined;
  private readonly waiting: Work<Parcel>[] = [];
  private taken = 0;
  private inFlight = 0;
  private readonly process: number;

  constructor(process: number) {
    this.process = process;
  }

  add(work: Work<Parcel>): void {
    this.waiting.push(work);
  }

  take(nowMs: number): Started<Parcel> | undefined {
    const work = this.inFlight < this.process ? this.waiting[this.taken] : undefined;
    if (!work) return undefined;
    this.taken++;
    this.inFlight++;
    return { work, startedAtMs: nowMs, isProbe: false };
  }

  finish(): undefined {
    this.inFlight--;
  }

  cut(): Started<Parcel>[] {
    return [];
  }

  spill(): [] {
    return [];
  }

  look(): undefined {
    return undefined;
  }
}
