// The lanes under load on a simulated clock: dead destinations and a loud workspace are not felt by the others.
import { describe, expect, it } from '@jest/globals';
import { deadLoads, noisyLoads, slowLoads } from '../testing/loads.ts';
import { Simulation, type Load, type Parcel } from '../testing/simulation.ts';
import { defaultCrowdCaps } from './crowds.ts';
import { Lanes } from './lanes.ts';
import { defaultLaneCaps } from './slots.ts';

// An eighth of a process with an eighth of its load, so that it takes seconds; bench/delivery/lanes.ts has it whole.
const process = 128;
const window = 160;
const crowd = { ...defaultCrowdCaps, units: 31 };
const seconds = 75;
const spans = [
  [0, 60],
  [60, seconds],
] as const;

function simulate(...loads: Load[]): Simulation {
  const lanes = new Lanes<Parcel>(() => ({ order: 'unordered' }), { ...defaultLaneCaps, process, crowd });
  return new Simulation(lanes, { seconds, window }).run(loads);
}

function mustNotBeFelt(load: Load, by: Load): void {
  const [alone, beside] = [simulate(load), simulate(load, by)];
  for (const [from, to] of spans) expect(beside.p99(load, from, to)).toBeLessThan(2 * alone.p99(load, from, to));
}

describe('250 deliveries a second for 128 slots', () => {
  for (const connections of [10, 1_000, 10_000, 100_000]) {
    it(`to ${connections} connections keep their pace when 2 % go to dead destinations`, () => {
      const { healthy, dead } = deadLoads({ process, connections, deadShare: 0.02 });
      mustNotBeFelt(healthy, dead);
    });
  }

  it('keep their pace beside busy destinations that work, but take ten seconds', () => {
    const { healthy, slow } = slowLoads(process);
    mustNotBeFelt(healthy, slow);
  });

  it('of a hundred workspaces keep their pace beside one that brings as much as all of them', () => {
    const { others, noisy } = noisyLoads(process);
    mustNotBeFelt(others, noisy);
  });
});
