// A loop that works all the time is busy, one that waits is not, whatever it did before.
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { busyWatch } from './busy.ts';

describe('a process', () => {
  it('is busy while its loop never waits, and not any more when it does', () => {
    const spans = [0.9, 0.2, 0.7];
    let active = 0;
    let idle = 0;
    const measure = (before?: { active: number; idle: number }) => {
      const span = { active: active - (before?.active ?? 0), idle: idle - (before?.idle ?? 0) };
      return { ...span, utilization: span.active / (span.active + span.idle) };
    };
    const isBusy = busyWatch(measure);
    const found = spans.map((share) => {
      active += 100 * share;
      idle += 100 * (1 - share);
      return isBusy();
    });
    expect(found).toEqual([true, false, true]);
  });

  it('that has waited for a while is not', async () => {
    const isBusy = busyWatch();
    await sleep(50);
    expect(isBusy()).toBe(false);
  });
});
