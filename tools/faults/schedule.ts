// Which faults strike whom and when, from a seed alone: the same seed makes the same schedule.
import { randomOf, shuffled } from './random.ts';

export type Strike =
  /** kill -9; the supervisor starts another. */
  | { readonly kind: 'kill' }
  /** SIGTERM, as a rolling deploy does; the supervisor starts another. */
  | { readonly kind: 'terminate' }
  /** SIGSTOP, and SIGCONT after that long. */
  | { readonly kind: 'pause'; readonly forMs: number }
  /** Ended in order, and started after that long. */
  | { readonly kind: 'halt'; readonly forMs: number };

export interface Fault {
  /** After how many accepted events it strikes: a slow machine gets the same run, only later. */
  readonly afterEvents: number;
  readonly victim: string;
  readonly strike: Strike;
}

export interface ScheduleOptions {
  readonly seed: number;
  readonly events: number;
  readonly faults: number;
  readonly victims: readonly string[];
  readonly strike: Strike;
}

/** Spread over the run, one in each of as many equal parts; every victim is struck before one is struck again. */
export function scheduleOf({ seed, events, faults, victims, strike }: ScheduleOptions): Fault[] {
  const random = randomOf(seed);
  const turns: string[] = [];
  while (turns.length < faults) turns.push(...shuffled(victims, random));
  const part = (events * 0.9) / faults;
  return turns.slice(0, faults).map((victim, index) => ({
    afterEvents: Math.floor(events * 0.03 + part * (index + random())),
    victim,
    strike,
  }));
}
