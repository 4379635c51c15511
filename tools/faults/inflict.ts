// Lets a fault happen, by process id, and tells when it was and how long until another process stood there.
import { setTimeout as sleep } from 'node:timers/promises';
import { pidOf, stackOf, type Plant } from './plant.ts';
import type { Fault, Strike } from './schedule.ts';
import { holdsWithin } from './wait.ts';

export interface Inflicted {
  readonly victim: string;
  readonly kind: Strike['kind'];
  readonly atMs: number;
  readonly overAtMs: number;
}

const restartLimitMs = 60_000;

export async function inflict(plant: Plant, victim: string, strike: Strike): Promise<Inflicted> {
  const atMs = await struck(plant, victim, strike);
  return { victim, kind: strike.kind, atMs, overAtMs: Date.now() };
}

async function struck(plant: Plant, victim: string, strike: Strike): Promise<number> {
  if (strike.kind === 'halt') {
    const atMs = Date.now();
    await stackOf(plant).halt(victim);
    await sleep(strike.forMs);
    await stackOf(plant).resume(victim);
    return atMs;
  }
  const pid = await runningPid(plant, victim);
  const atMs = Date.now();
  if (strike.kind === 'pause') {
    process.kill(pid, 'SIGSTOP');
    await sleep(strike.forMs);
    process.kill(pid, 'SIGCONT');
    return atMs;
  }
  process.kill(pid, strike.kind === 'kill' ? 'SIGKILL' : 'SIGTERM');
  const isReplaced = (): boolean => ![undefined, pid].includes(pidOf(plant, victim));
  if (!(await holdsWithin(restartLimitMs, isReplaced))) throw new Error(`no other ${victim} was started`);
  return atMs;
}

/** A victim that was struck just before may still be on its way up. */
async function runningPid(plant: Plant, victim: string): Promise<number> {
  let pid: number | undefined;
  const isThere = (): boolean => (pid = pidOf(plant, victim)) !== undefined;
  if (await holdsWithin(restartLimitMs, isThere)) return pid as unknown as number;
  throw new Error(`no process ${victim} is running`);
}

/** Strikes as the run gets to each fault's place; `done` waits for those under way. */
export class Faulter {
  readonly inflicted: Inflicted[] = [];
  readonly #plant: Plant;
  readonly #rest: Fault[];
  readonly #underWay: Promise<void>[] = [];
  readonly #tell: (text: string) => void;

  constructor(plant: Plant, schedule: readonly Fault[], tell: (text: string) => void) {
    this.#plant = plant;
    this.#rest = [...schedule];
    this.#tell = tell;
  }

  reached(accepted: number): void {
    while (this.#rest[0] !== undefined && this.#rest[0].afterEvents <= accepted) {
      const { victim, strike } = this.#rest.shift() as Fault;
      this.#tell(`${strike.kind} ${victim} after ${accepted} events`);
      const note = inflict(this.#plant, victim, strike).then((inflicted) => void this.inflicted.push(inflicted));
      // Told of at the end, by done(): the load goes on meanwhile.
      note.catch(() => undefined);
      this.#underWay.push(note);
    }
  }

  /** A fault that never came would make a run look better than it was. */
  async done(): Promise<readonly Inflicted[]> {
    await Promise.all(this.#underWay);
    if (this.#rest.length > 0) throw new Error(`${this.#rest.length} faults did not come to pass`);
    return this.inflicted;
  }
}
