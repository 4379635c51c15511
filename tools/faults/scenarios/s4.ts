// s4: destinations that do their caller harm, one kind after the other, next to one that is well and has a steady load (S4). Linux: reads /proc.
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Customer } from '../customer.ts';
import { beforeBreaker, harmNames, Hostile } from '../hostile.ts';
import { send } from '../load.ts';
import { attemptsOf, waysOf } from '../outcomes.ts';
import { pidOf } from '../plant.ts';
import { conserved, seen, type Rig } from '../rig.ts';
import { atLeast, atMost, type Run, type Scenario, type Verdict } from '../scenario.ts';
import { arrivalsOf, spreadOf, type Arrival, type Spread } from '../timing.ts';
import { holdsWithin } from '../wait.ts';
import { numbered, oneRule } from './usual.ts';

const perSecond = 50;
const warmUpMs = 15_000;
const attemptLimitMs = 30_000;
/** An attempt lasts 15 s by the policy of all; what the connector keeps for later, one at a time, is in the phases after. */
const phaseEndLimitMs = 17_000;
const addedMbMax = 20;
/** By how much the 99th percentile may grow: the goal's tenth, and what so few deliveries cannot tell from chance. */
const p99Limit = (quietMs: number): number => quietMs * 1.1 + 10;
/** V8 doubles its young generation up to 64 MB when it thinks fit, and keeps it: held small, so that this is not taken for harm. */
const smallYoungGeneration = { NODE_OPTIONS: '--max-semi-space-size=8' };

/** A stretch of the run. */
interface Phase {
  readonly fromMs: number;
  readonly toMs: number;
}
const isWithin = ({ fromMs, toMs }: Phase, atMs: number): boolean => atMs >= fromMs && atMs < toMs;

/** What a process has in memory, looked at five times a second; NaN where it is gone. */
class Memory {
  readonly #samples: { atMs: number; mb: number }[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor(pid: number | undefined) {
    const file = `/proc/${pid}/status`;
    const look = (): number => Number(/VmRSS:\s+(\d+)/.exec(existsSync(file) ? readFileSync(file, 'utf8') : '')?.[1]);
    this.#timer = setInterval(() => this.#samples.push({ atMs: Date.now(), mb: look() / 1_024 }), 200);
  }

  highest(phase: Phase): number {
    return Math.max(...this.#samples.filter(({ atMs }) => isWithin(phase, atMs)).map(({ mb }) => mb));
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

const typeOf = (harm: string, n: number): string => `fault.${harm}-${n}`;

/** A customer with so many connections for each kind of harm, one attempt for each event, and otherwise the policy of all. */
async function harmedCustomer(rig: Rig, hostile: Hostile, connections: number): Promise<Customer> {
  const customer = await rig.customer();
  for (const harm of harmNames) {
    for (let n = 0; n < connections; n++) {
      const policy = { max_attempts: 1 };
      await customer.rule({ type: typeOf(harm, n), url: hostile.url(`/${harm}/${n}`), policy });
    }
  }
  await customer.configured();
  return customer;
}

/** One kind of harm, and the same load without it just before. */
interface Trial {
  readonly harm: string;
  readonly before: Phase;
  readonly during: Phase;
}

/** One kind after the other, each until the last of its attempts is over. */
async function trialsOf(rig: Rig, { events, seconds }: Run, { hostile, customer }: Harmed): Promise<Trial[]> {
  const ledger = rig.ledger();
  const trials: Trial[] = [];
  await sleep(warmUpMs);
  for (const [index, harm] of harmNames.entries()) {
    const before = await phaseOf(() => sleep(seconds * 1_000));
    rig.tell(harm);
    const isOver = async () => !(await hostile.heard()).open.some((path) => path.startsWith(`/${harm}/`));
    const during = await phaseOf(async () => {
      const draft = (n: number) => numbered(typeOf(harm, n % (events / beforeBreaker)))(n);
      await send({ customer, ledger, events, first: index * events, draft, perSecond: events / seconds });
      await sleep(1_000);
      await holdsWithin(phaseEndLimitMs, isOver);
    });
    trials.push({ harm, before, during });
  }
  return trials;
}

async function phaseOf(work: () => Promise<unknown>): Promise<Phase> {
  const fromMs = Date.now();
  await work();
  return { fromMs, toMs: Date.now() };
}

interface Harmed {
  readonly hostile: Hostile;
  readonly customer: Customer;
}

async function run(rig: Rig, size: Run): Promise<Verdict> {
  const hostile = await Hostile.start();
  const memory = new Memory(pidOf(rig.plant, 'connector-webhook'));
  try {
    const type = 'fault.healthy';
    const healthy = await oneRule(rig, type);
    const customer = await harmedCustomer(rig, hostile, size.events / beforeBreaker);
    const ledger = rig.ledger();
    let isOver = false;
    const draft = numbered(type);
    const loading = send({ customer: healthy, ledger, events: Infinity, draft, perSecond, isOver: () => isOver });
    const trials = await trialsOf(rig, size, { hostile, customer }).finally(() => (isOver = true));
    await loading;
    const found = await rig.audited(ledger, healthy);
    const attempts = await attemptsOf(rig.plant, customer);
    const { longestMs } = await hostile.heard();

    const arrivals = arrivalsOf(ledger.entries, healthy.rules, found.evidence.requests);
    const measured = trials.map(({ harm, before, during }) => ({
      harm,
      before: measuredIn([before], arrivals, memory),
      during: measuredIn([during], arrivals, memory),
    }));
    const befores = trials.map(({ before }) => before);
    const quiet = measuredIn(befores, arrivals, memory);
    return {
      criteria: [
        ...measured.flatMap(({ harm, before, during }) => [
          atMost(addedMbMax, { what: `${harm}: memory added`, figure: during.mb - before.mb, unit: ' MB' }),
          atMost(p99Limit(quiet.p99), { what: `${harm}: p99 of the healthy one`, figure: during.p99, unit: ' ms' }),
        ]),
        atLeast(customer.rules.length, { what: 'attempts that were done harm', figure: attempts.length }),
        atMost(attemptLimitMs, { what: 'the longest of them', figure: longestMs, unit: ' ms' }),
        ...conserved(found),
      ],
      notes: [
        ...seen(found),
        'the p99 may grow by a tenth and 10 ms, since of some hundred deliveries it is one of the last few',
        `without harm: ${textOf(quiet)} (p50 / p99 / max)`,
        ...measured.map(({ harm, before, during }) => {
          const rules = customer.rules.filter(({ path }) => path.startsWith(`/${harm}/`)).map(({ rule }) => rule);
          const harmed = attempts.filter(({ rule }) => rules.includes(rule));
          return `${harm}: ${waysOf(harmed)}; before ${textOf(before)}, during ${textOf(during)}`;
        }),
      ],
    };
  } finally {
    memory.stop();
    hostile.stop();
  }
}

interface Measured extends Spread {
  readonly mb: number;
}

const measuredIn = (phases: readonly Phase[], arrivals: readonly Arrival[], memory: Memory): Measured => ({
  mb: Math.max(...phases.map((phase) => memory.highest(phase))),
  ...spreadOf(
    arrivals.filter(({ sentAtMs }) => phases.some((phase) => isWithin(phase, sentAtMs))).map(({ tookMs }) => tookMs),
  ),
});

const textOf = ({ mb, count, p50, p99, max }: Measured): string =>
  `${Math.round(mb)} MB, ${count} in ${p50} / ${p99} / ${max} ms`;

export const s4: Scenario = {
  name: 's4',
  proves:
    'S4: destinations that do harm: memory at most 20 MB more, attempts end within 30 s, the p99 of others grows by a tenth',
  size: { events: 100, kills: 0, seconds: 6 },
  short: { events: 40, kills: 0, seconds: 4 },
  serviceEnv: { 'connector-webhook': smallYoungGeneration },
  run,
};
