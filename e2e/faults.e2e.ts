// 2,000 events under kill -9 of every part that carries them, and a destination that is in others' way: short runs of the fault
// harness (docs/faults.md).
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { Rig } from '@sluice/tools/faults/rig.ts';
import type { Verdict } from '@sluice/tools/faults/scenario.ts';
import { r1 } from '@sluice/tools/faults/scenarios/r1.ts';
import { slow } from '@sluice/tools/faults/scenarios/slow.ts';
import { tableOf } from '@sluice/tools/faults/table.ts';
import { facts } from './harness.ts';

const events = 2_000;
const kills = 5;
const seed = Date.now() % 100_000;

function rigOf(name: string): { current: Rig } {
  const rig = {} as { current: Rig };
  beforeAll(async () => {
    const plant = { ...facts, keys: facts, folder: join(facts.home, 'faults') };
    rig.current = await Rig.start(plant, name, (text) => void process.stderr.write(`  ${text}\n`));
  });
  afterAll(() => rig.current.stop());
  return rig;
}

/** Every criterion, in a table that names the command which repeats it. */
function mustBeMet(verdict: Verdict, again: string): void {
  process.stderr.write(`${tableOf(`\n${again}`, verdict)}`);
  expect(verdict.criteria.filter(({ isMet }) => !isMet)).toEqual([]);
}

describe(`${events} events under ${kills} kills`, () => {
  const rig = rigOf('r1');

  it('all arrive, each pair of event and rule is in exactly one state, and repeats are few and identical', async () => {
    const verdict = await r1.run(rig.current, { events, kills, seed, seconds: 0 });
    mustBeMet(verdict, `npm run faults -- r1 --events ${events} --kills ${kills} --seed ${seed}`);
  });
});

describe('a busy destination that works, but takes ten seconds', () => {
  const rig = rigOf('slow');
  const seconds = 8;

  it('holds up no other of its partition, and has none done again when the connector is killed behind it', async () => {
    const verdict = await slow.run(rig.current, { events: 0, kills: 1, seed, seconds });
    mustBeMet(verdict, `npm run faults -- slow --seconds ${seconds}`);
  });
});
