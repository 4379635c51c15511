// 2,000 events under kill -9 of every part that carries them: the short run of the fault harness (docs/faults.md).
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { Rig } from '@sluice/tools/faults/rig.ts';
import { r1 } from '@sluice/tools/faults/scenarios/r1.ts';
import { tableOf } from '@sluice/tools/faults/table.ts';
import { facts } from './harness.ts';

const events = 2_000;
const kills = 5;
const seed = Date.now() % 100_000;

describe(`${events} events under ${kills} kills`, () => {
  let rig: Rig;
  beforeAll(async () => {
    const plant = { ...facts, keys: facts, folder: join(facts.home, 'faults') };
    rig = await Rig.start(plant, 'r1', (text) => void process.stderr.write(`  ${text}\n`));
  });
  afterAll(() => rig.stop());

  it('all arrive, each pair of event and rule is in exactly one state, and repeats are few and identical', async () => {
    const verdict = await r1.run(rig, { events, kills, seed, seconds: 0 });
    const again = `npm run faults -- r1 --events ${events} --kills ${kills} --seed ${seed}`;
    process.stderr.write(`${tableOf(`\n${again}`, verdict)}`);
    expect(verdict.criteria.filter(({ isMet }) => !isMet)).toEqual([]);
  });
});
