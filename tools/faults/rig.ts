// What every scenario is run with: the running system, a receiver that records, ledgers, and the audit of a customer at the end.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { audit, mismatches, type Audit, type Evidence } from './audit.ts';
import { Customer } from './customer.ts';
import { Destination } from './destination.ts';
import { HistoryReader } from './history.ts';
import { Ledger } from './ledger.ts';
import { atMost, exactly, type Criterion } from './scenario.ts';
import { punctualityOf, type Punctuality } from './timing.ts';
import type { Plant } from './plant.ts';

export interface Audited extends Audit {
  readonly evidence: Evidence;
  readonly punctuality: Punctuality;
}

/** What of a run's duplicates may be: those in hand at a kill, and those of one commit interval, ten a second. */
export interface DuplicateBounds {
  readonly kills: number;
  readonly inHand: number;
  readonly perSecond: number;
}

const commitIntervalS = 0.1;
/** A duplicate may still be on its way when history is already at rest. */
const afterglowMs = 2_000;

export class Rig {
  readonly plant: Plant;
  readonly destination: Destination;
  readonly tell: (text: string) => void;
  readonly #history: HistoryReader;
  readonly #name: string;
  #ledgers = 0;

  private constructor(options: { plant: Plant; destination: Destination; tell: (text: string) => void; name: string }) {
    this.plant = options.plant;
    this.destination = options.destination;
    this.tell = options.tell;
    this.#name = options.name;
    this.#history = new HistoryReader(options.plant.postgres);
  }

  static async start(plant: Plant, name: string, tell: (text: string) => void): Promise<Rig> {
    mkdirSync(plant.folder, { recursive: true });
    const destination = await Destination.start(join(plant.folder, `${name}.requests.tsv`));
    return new Rig({ plant, destination, tell, name });
  }

  async stop(): Promise<void> {
    this.destination.stop();
    await this.#history.close();
  }

  customer(): Promise<Customer> {
    return Customer.create(this.plant, `faults ${this.#name}`);
  }

  ledger(): Ledger {
    return new Ledger(join(this.plant.folder, `${this.#name}.${++this.#ledgers}.ledger.jsonl`));
  }

  /** Once everything is at rest, or nothing moves any more. */
  async audited(ledger: Ledger, ...customers: readonly Customer[]): Promise<Audited> {
    const workspaces = customers.map(({ workspace }) => workspace);
    await this.#history.settled(workspaces, ledger.entries.length);
    await sleep(afterglowMs);
    const rules = customers.flatMap((customer) => customer.rules);
    const paths = new Set(rules.map(({ path }) => path));
    const requests = await this.destination.requests((path) => paths.has(path));
    const history = await this.#history.read(workspaces);
    const { entries, unconfirmed } = ledger;
    const evidence: Evidence = { ledger: entries, unconfirmed, rules, requests, history };
    return { ...audit(evidence), evidence, punctuality: punctualityOf(requests, history.attempts) };
  }
}

/** The criteria of every run: nothing lost, each pair in exactly one state, and all of them at rest. */
export function conserved(found: Audited): Criterion[] {
  return [
    exactly(0, { what: 'lost', figure: found.lost.length }),
    exactly(0, { what: 'mismatches', figure: mismatches(found) }),
    exactly(0, { what: 'still in flight', figure: found.states['in flight'] }),
    exactly(0, { what: 'early retries', figure: found.punctuality.early }),
  ];
}

/** The share is judged where there are as many events for each kill as in the goal: a denser run has a higher one by itself. */
const eventsPerKill = 10_000;

export const fewDuplicates = (found: Audited, { kills, inHand, perSecond }: DuplicateBounds): Criterion[] => [
  atMost(kills * (inHand + perSecond * commitIntervalS), { what: 'duplicates, by kills', figure: found.duplicates }),
  ...(found.accepted < kills * eventsPerKill
    ? []
    : [atMost(0.5, { what: 'duplicates', figure: shareOf(found), unit: ' %' })]),
];

const shareOf = ({ duplicates, states }: Audit): number => (100 * duplicates) / Math.max(1, states.delivered);

/** What the audit saw, for the reader. */
export function seen(found: Audited): string[] {
  const { accepted, pairs, states, punctuality, duplicates, repeatedAttempts } = found;
  const inStates = Object.entries(states).map(([state, count]) => `${count} ${state}`);
  const { count, p50, p99, max } = punctuality.lateMs;
  const lost = [...found.lost, ...found.disagreeing].slice(0, 3);
  return [
    `${accepted} accepted, ${pairs} pairs: ${inStates.join(', ')}`,
    `${found.evidence.requests.length} requests, ${duplicates} duplicates (${shareOf(found).toFixed(2)} %), ${repeatedAttempts} attempts made twice`,
    ...(count > 0 ? [`${count} retries late by ${p50} / ${p99} / ${max} ms (p50 / p99 / max)`] : []),
    ...lost.map(({ event, rule, why }) => `event ${event}, rule ${rule}: ${why}`),
  ];
}
