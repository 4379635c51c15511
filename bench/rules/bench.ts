// What matching costs: how it grows with the rules, what many workspaces take, what a changed rule costs, and Amazon's own engine
// beside it, in CPU time of one run. `node bench/rules/bench.ts`.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Rule } from '../../libs/contracts/src/index.ts';
import { RuleBook } from '../../libs/rules/src/index.ts';
import { Failure } from '../../tools/local/failure.ts';
import { runOracle } from '../../tools/oracle/oracle.ts';
import { cpuOf, microsecondsSince, Rounds } from '../rounds.ts';
import { highScore, payload, ruleOf, ruleSets, type, type Measured, type RuleSet } from './rule-sets.ts';

const names = { workspace: 'w', event: type, resource: null, resource_id: null };
const payloads = Array.from({ length: 512 }, (_, number) => payload(number * 19));
const texts = payloads.map((one) => JSON.stringify(one));
const many = 10_000;
const counts = [10, 1_000, many];

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const rulesOf = ({ conditions }: RuleSet, count: number): Rule[] =>
  Array.from({ length: count }, (_, number) => ruleOf(`r${number}`, names.workspace, conditions(number)));

function bookOf(rules: readonly Rule[]): RuleBook {
  const book = new RuleBook();
  for (const rule of rules) book.put(rule);
  return book;
}

function matchesIn(book: RuleBook, of: Measured): number {
  const { rules, overflow } = book.matching(names, of as unknown as Record<string, unknown>);
  return rules.length + overflow;
}

/** All find nothing in the events that are measured and the same in others, or the figures say nothing. */
function mustAgree(set: RuleSet, book: RuleBook): void {
  const numbers = Array.from({ length: book.size }, (_, number) => number);
  for (const one of payloads) {
    if (matchesIn(book, one) !== 0) throw new Error(`${set.name}: an event matches`);
  }
  for (const one of payloads.slice(0, 50)) {
    const high = { ...one, score: highScore };
    const wanted = numbers.filter((number) => set.matches(number, high)).length;
    if (matchesIn(book, high) !== wanted) throw new Error(`${set.name}: not the same`);
  }
}

function cpuOfMatching(book: RuleBook): () => number {
  return () =>
    cpuOf((number) => {
      const read = JSON.parse(texts[number & 511] as string) as Record<string, unknown>;
      return book.matching(names, read);
    }, 200_000);
}

/** Every rule in turn becomes another and then itself again. */
function cpuOfPut(set: RuleSet, count: number): () => number {
  const rules = rulesOf(set, count);
  const others = rules.map((rule, at) => ({
    ...rule,
    conditions: ruleOf('', '', set.conditions(at + count)).conditions,
  }));
  const book = bookOf(rules);
  let [version, at] = [1, 0];
  const next = (): void => {
    const from = Math.floor(at / count) % 2 === 0 ? others : rules;
    book.put({ ...(from[at++ % count] as Rule), version: ++version });
  };
  return () => cpuOf(next, 20_000);
}

const line = (name: string, figures: string, ...notes: string[]): boolean =>
  process.stdout.write(`${name.padEnd(34)}${figures.padStart(18)}${notes.map((note) => `   ${note}`).join('')}\n`);

const fixed = (figures: readonly number[], digits = 2): string =>
  figures.map((figure) => figure.toFixed(digits)).join(' / ');

const goal = (figure: string, wanted: string, isMet: boolean): string =>
  `${figure} (goal: ${wanted}; ${isMet ? 'met' : 'MISSED'})`;

function growth(ratio: number, than: string): string {
  return goal(`${ratio.toFixed(2)} x ${than}`, '<= 2', ratio <= 2);
}

function rate(microseconds: number): string {
  const events = Math.round(1e6 / microseconds);
  return goal(`${events.toLocaleString('en')} events a CPU second`, '>= 100,000', events >= 100_000);
}

const nameOf = (set: RuleSet, count: number): string => `${count.toLocaleString('en')} rules, ${set.name}`;

async function measureMatching(rounds: Rounds): Promise<void> {
  const lines: Record<string, () => number> = {
    'JSON.parse alone': () => cpuOf((number) => JSON.parse(texts[number & 511] as string), 200_000),
  };
  for (const set of ruleSets) {
    for (const count of counts) {
      const book = bookOf(rulesOf(set, count));
      if (count === many) mustAgree(set, book);
      lines[nameOf(set, count)] = cpuOfMatching(book);
    }
  }
  await rounds.run(lines);
  process.stdout.write(`\nOne event of ${texts[0]?.length} B, parsed and matched by no rule; us of CPU\n`);
  line('JSON.parse alone', fixed(rounds.of('JSON.parse alone')));
  for (const set of ruleSets) {
    for (const count of counts) {
      const name = nameOf(set, count);
      const ratio = rounds.best(name) / rounds.best(nameOf(set, 10));
      const notes = count === many ? [growth(ratio, '10 rules'), rate(rounds.best(name))] : [];
      line(name, fixed(rounds.of(name)), ...notes);
    }
  }
}

async function measurePut(rounds: Rounds): Promise<void> {
  const nameOfPut = (set: RuleSet, count: number): string => `among ${nameOf(set, count)}`;
  const lines = ruleSets.flatMap((set) => [10, many].map((count) => [nameOfPut(set, count), cpuOfPut(set, count)]));
  await rounds.run(Object.fromEntries(lines) as Record<string, () => number>);
  process.stdout.write('\nOne rule changed; us of CPU\n');
  for (const set of ruleSets) {
    const [few, all] = [nameOfPut(set, 10), nameOfPut(set, many)];
    line(few, fixed(rounds.of(few)));
    line(all, fixed(rounds.of(all)), growth(rounds.best(all) / rounds.best(few), 'among 10'));
  }
}

/** Ten rules of each of 10,000 workspaces, as they come from their topic: nothing of one is shared with another. */
function fleet(): Rule[] {
  return Array.from({ length: 100_000 }, (_, number) => {
    const { conditions } = ruleSets[number % ruleSets.length] as RuleSet;
    const rule = ruleOf(`rule ${number}`, `workspace ${Math.floor(number / 10)}`, conditions(number));
    return JSON.parse(JSON.stringify(rule)) as Rule;
  });
}

function buildFleet(): { seconds: number; megabytes: number } {
  collectGarbage();
  const heapBefore = process.memoryUsage().heapUsed;
  const rules = fleet();
  const before = process.cpuUsage();
  const book = bookOf(rules);
  const seconds = microsecondsSince(before) / 1e6;
  collectGarbage();
  const megabytes = (process.memoryUsage().heapUsed - heapBefore) / 1e6;
  if (book.size !== rules.length || book.broken > 0) throw new Error('not all rules are in the book');
  return { seconds, megabytes };
}

/** The first time is what counts: a service that starts is cold. */
function measureFleet(): void {
  const built = [buildFleet(), buildFleet()];
  const [seconds, megabytes] = [built.map((one) => one.seconds), built.map((one) => one.megabytes)];
  const [slowest, largest] = [Math.max(...seconds), Math.max(...megabytes)];
  process.stdout.write('100,000 rules over 10,000 workspaces\n');
  line('built in CPU seconds', fixed(seconds), goal(slowest.toFixed(1), '<= 3', slowest <= 3));
  line('heap in MB, rules included', fixed(megabytes, 0), goal(largest.toFixed(0), '<= 150', largest <= 150));
}

interface OfEventRuler {
  build_ms: number;
  matches: number;
  us_per_event: number;
}

/** The same rules and events in event-ruler, of which only the matching thread is counted. */
async function measureEventRuler(rounds: Rounds): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  const [rules, events] = [join(folder, 'rules'), join(folder, 'events')];
  writeFileSync(events, payloads.map((payload) => JSON.stringify({ type, payload })).join('\n'));
  process.stdout.write('\nThe same in Amazon event-ruler, its matching thread alone; us of CPU\n');
  try {
    for (const set of ruleSets) {
      for (const count of [10, many]) {
        const lines = rulesOf(set, count).map(({ conditions }) => `{"type":["${type}"],${conditions?.slice(1)}`);
        writeFileSync(rules, lines.join('\n'));
        const answer = JSON.parse(await runOracle(['bench', rules, events, '1'], '')) as OfEventRuler;
        if (answer.matches !== 0) throw new Error(`${set.name}: an event matches in event-ruler`);
        const name = nameOf(set, count);
        const ratio = (answer.us_per_event / rounds.best(name)).toFixed(1);
        line(name, fixed([answer.us_per_event]), `${ratio} x ours`, `built in ${answer.build_ms} ms`);
      }
    }
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    process.stdout.write(`not measured: ${error.message}\n`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const rounds = new Rounds();
measureFleet();
await measureMatching(rounds);
await measurePut(rounds);
await measureEventRuler(rounds);
