// What dead destinations and a loud workspace do to the others, from 10 to 1 M connections, on a simulated clock; and what a pick and
// a lane cost. `node bench/delivery/lanes.ts` takes some minutes.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { defaultLaneCaps, Lanes, type Started, type Work } from '../../libs/delivery/src/index.ts';
import { deadLoads, noisyLoads } from '../../libs/delivery/testing/loads.ts';
import { Simulation, type Load, type Parcel, type Scheduler } from '../../libs/delivery/testing/simulation.ts';
import { microsecondsSince } from '../rounds.ts';
import { FirstCome } from './first-come.ts';

const { process: slots } = defaultLaneCaps;
const sizes = [10, 1_000, 10_000, 100_000, 1_000_000];
/** Of a connector: records of a partition in hand at most. */
const window = 1_280;
const tableSeconds = 330;
const spans = [
  [0, 60],
  [240, tableSeconds],
] as const;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const lanes = (): Lanes<Parcel> => new Lanes<Parcel>(() => ({ order: 'unordered' }));
const firstCome = (): Scheduler => new FirstCome(slots);

const print = (text: string): boolean => process.stdout.write(text);
const name = (text: string): boolean => print(text.padEnd(44));
const inSeconds = (figure: number): string => (figure === Infinity ? 'never' : figure.toFixed(figure < 10 ? 2 : 0));
const goal = (figure: number, wanted: number): string => (figure <= wanted ? 'met' : 'MISSED');

/** The p99 of a load in the first minute and in minutes 4 to 5.5, alone or beside another. */
function measured(scheduler: Scheduler, load: Load, ...beside: Load[]): number[] {
  const simulation = new Simulation(scheduler, { seconds: tableSeconds, window }).run([load, ...beside]);
  return spans.map(([from, to]) => simulation.p99(load, from, to));
}

const both = (figures: readonly number[]): string => figures.map(inSeconds).join(' / ').padStart(15);

/** How many times the figures beside the dead are those alone, at worst. */
const worst = (beside: readonly number[], alone: readonly number[]): number =>
  Math.max(...beside.map((figure, at) => figure / (alone[at] ?? NaN)));

function table(deadShare: number): void {
  print(
    `\np99 of the healthy in seconds, first minute / minutes 4 to 5.5; ${deadShare * 100} % of the load to the dead\n`,
  );
  name('connections');
  for (const size of sizes) print(size.toLocaleString('en').padStart(15));
  const loads = sizes.map((connections) => deadLoads({ process: slots, connections, deadShare }));
  const row = (title: string, figuresOf: (load: (typeof loads)[number]) => number[]): number[][] => {
    print('\n');
    name(title);
    return loads.map((load) => {
      const figures = figuresOf(load);
      print(both(figures));
      return figures;
    });
  };
  row('first come, first served', ({ healthy, dead }) => measured(firstCome(), healthy, dead));
  const alone = row('lanes, without the dead', ({ healthy }) => measured(lanes(), healthy));
  const beside = row('lanes', ({ healthy, dead }) => measured(lanes(), healthy, dead));
  const ratio = Math.max(...beside.map((figures, at) => worst(figures, alone[at] ?? [])));
  print(`\n${ratio.toFixed(2)} x without the dead at worst (goal: <= 2; ${goal(ratio, 2)})\n`);
}

/** One workspace brings a hundred times a fair share for ten minutes, for destinations that take seconds. */
function noisy(): void {
  print(
    '\np99 of a hundred workspaces in seconds over ten minutes, beside one that brings a hundred times its share\n',
  );
  const { others, noisy: loud } = noisyLoads(slots);
  const run = (scheduler: Scheduler, ...loads: Load[]): number =>
    new Simulation(scheduler, { seconds: 600, window }).run(loads).p99(others);
  const figures = {
    'first come, first served': run(firstCome(), others, loud),
    'lanes, without it': run(lanes(), others),
    lanes: run(lanes(), others, loud),
  };
  for (const [title, figure] of Object.entries(figures)) {
    name(title);
    print(`${inSeconds(figure).padStart(15)}\n`);
  }
  const ratio = figures.lanes / figures['lanes, without it'];
  print(`${ratio.toFixed(2)} x without it (goal: <= 2; ${goal(ratio, 2)})\n`);
}

/** Lanes that all have work, so that every pick has to choose among all of them. */
function costs(): void {
  print(
    '\nPicking among so many lanes with work, and adding, picking and finishing; ns of CPU. Bytes a lane with a delivery\n',
  );
  for (const count of sizes) {
    const works = Array.from({ length: count }, (_, at) => ({
      workspace: `${at % 1_000}`,
      connection: `c${at}`,
      item: at,
    }));
    collectGarbage();
    const heapBefore = process.memoryUsage().heapUsed;
    const full = new Lanes<number>(() => ({ order: 'unordered' }));
    fill(full, works);
    collectGarbage();
    const bytes = (process.memoryUsage().heapUsed - heapBefore) / count;
    const all = nsOf(() => {
      const started = mustTake(full);
      full.finish(started, { kind: 'ok' }, nowMs);
      full.add(started.work, nowMs);
    });
    const roomy = new Lanes<number>(() => ({ order: 'unordered' }), { ...defaultLaneCaps, process: 2 ** 30 });
    for (let added = 0; added < picks; added += count) fill(roomy, works);
    const pick = nsOf(() => mustTake(roomy));
    name(`${count.toLocaleString('en')} lanes`);
    print(`${pick.toFixed(0).padStart(8)} ns ${all.toFixed(0).padStart(8)} ns ${bytes.toFixed(0).padStart(8)} B\n`);
  }
}

const picks = 1_000_000;
const nowMs = 1_700_000_000_000;

function fill(lanes: Lanes<number>, works: readonly Work<number>[]): void {
  for (const work of works) lanes.add(work, nowMs);
}

function mustTake(lanes: Lanes<number>): Started<number> {
  const started = lanes.take(nowMs);
  if (!started) throw new Error('nothing to pick');
  return started;
}

function nsOf(once: () => unknown): number {
  const before = process.cpuUsage();
  for (let run = 0; run < picks; run++) once();
  return (microsecondsSince(before) * 1_000) / picks;
}

costs();
table(0.02);
table(0.05);
noisy();
