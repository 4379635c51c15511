// The engine while the log is away: what cannot be written down is not begun, and goes on by itself.
import { describe, expect, it } from '@jest/globals';
import { onStageClock, pass, stageWith } from '../testing/engine-stage.ts';

onStageClock();

describe('a delivery', () => {
  it('waits while what was told before is not safe: nothing is begun that would be done again after a crash', async () => {
    const stage = stageWith();
    stage.isBehind = true;
    await stage.take('d1');
    await pass(1_000);
    expect([stage.inFlight, stage.news()]).toEqual([[], []]);
    stage.isBehind = false;
    await pass(50);
    expect(stage.inFlight).toEqual(['d1']);
  });

  it('is not given up for it: what waited longer than it may is parked only when that can be written down', async () => {
    const stage = stageWith();
    stage.isBehind = true;
    await stage.take('d1');
    await pass(30_000);
    expect(stage.news()).toEqual([]);
    stage.isBehind = false;
    await pass(50);
    expect(stage.news()).toEqual(['parked d1 held_too_long', 'done d1']);
  });
});
