// `npm run faults -- <scenario>|all [--short] [--seed n] [--events n] [--kills n] [--seconds n]`: breaks a stack of its own on purpose and audits what became of every event.
import { parseArgs } from 'node:util';
import { scenarios } from './faults/scenarios/index.ts';
import { ownStack, plantOf } from './faults/own-stack.ts';
import type { Plant } from './faults/plant.ts';
import { Rig } from './faults/rig.ts';
import type { Run, Scenario, Verdict } from './faults/scenario.ts';
import { tableOf } from './faults/table.ts';
import { textOf } from './local/failure.ts';
import type { Stack } from './local/stack.ts';

const tell = (text: string): void => void process.stderr.write(`  ${text}\n`);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    short: { type: 'boolean', default: false },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    events: { type: 'string' },
    kills: { type: 'string' },
    seconds: { type: 'string' },
  },
});

function wanted(): Scenario[] {
  const [name] = positionals;
  if (name === 'all') return scenarios;
  const found = scenarios.filter((scenario) => positionals.includes(scenario.name));
  if (found.length > 0) return found;
  process.stderr.write(
    `usage: npm run faults -- <scenario>|all [--short] [--seed n] [--events n] [--kills n] [--seconds n]\n\n`,
  );
  for (const { name: each, proves } of scenarios) process.stderr.write(`  ${each.padEnd(5)} ${proves}\n`);
  process.exit(2);
}

function runOf({ size, short }: Scenario): Run {
  const base = values.short ? short : size;
  const or = (text: string | undefined, otherwise: number): number => (text === undefined ? otherwise : Number(text));
  return {
    events: or(values.events, base.events),
    kills: or(values.kills, base.kills),
    seconds: or(values.seconds, base.seconds),
    seed: Number(values.seed),
  };
}

async function verdictOn(plant: Plant, scenario: Scenario, run: Run): Promise<Verdict> {
  const rig = await Rig.start(plant, scenario.name, tell);
  try {
    return await scenario.run(rig, run);
  } finally {
    await rig.stop();
  }
}

/** A stack of its own for each: what one scenario breaks is not another's fault. */
async function judged(scenario: Scenario, run: Run): Promise<Verdict> {
  const own = await ownStack(scenario, tell);
  running = own.stack;
  try {
    await own.stack.start();
    return await verdictOn(plantOf(own), scenario, run);
  } catch (error) {
    const [figure = '', ...where] = textOf(error).split('\n');
    return { criteria: [{ what: 'the run', figure, limit: 'to its end', isMet: false }], notes: where.slice(0, 3) };
  } finally {
    await own.stack.stop();
    for (const proxy of Object.values(own.proxies)) proxy.stop();
  }
}

let running: Stack | undefined;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    running?.stopNow();
    process.exit(1);
  });
}
let unmet = 0;
for (const scenario of wanted()) {
  const run = runOf(scenario);
  const startedAtMs = Date.now();
  const verdict = await judged(scenario, run);
  unmet += verdict.criteria.filter(({ isMet }) => !isMet).length;
  const tookS = Math.round((Date.now() - startedAtMs) / 1_000);
  process.stdout.write(tableOf(`\n${scenario.name} (seed ${run.seed}, ${tookS} s): ${scenario.proves}`, verdict));
}
process.exitCode = unmet > 0 ? 1 : 0;
