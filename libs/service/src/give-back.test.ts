// Memory is given back by who is idle and has some to give, and by nobody else.
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { giveBackWhenIdle } from './give-back.ts';

const megabytes = 1024 * 1024;

describe('giving memory back', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  const watched = () => {
    const process = { cpuMs: 0, youngBytes: 16 * megabytes, collections: 0 };
    giveBackWhenIdle({
      cpuMs: () => process.cpuMs,
      youngBytes: () => process.youngBytes,
      collect: () => {
        process.collections++;
        process.youngBytes = megabytes;
      },
    });
    return process;
  };

  it('is done once by a service that became idle', () => {
    const process = watched();
    jest.advanceTimersByTime(60_000);
    expect(process.collections).toBe(1);
  });

  it('is not done while a service works', () => {
    const process = watched();
    for (let second = 0; second < 60; second++) {
      process.cpuMs += 100;
      jest.advanceTimersByTime(1_000);
    }
    expect(process.collections).toBe(0);
    jest.advanceTimersByTime(20_000);
    expect(process.collections).toBe(1);
  });

  it('collects in the process itself, without a flag at its start', async () => {
    jest.useRealTimers();
    // Enough that lives on to make V8 take more than is worth giving back.
    const kept = Array.from({ length: 300_000 }, (_, index) => ({ index }));
    const garbage = new WeakRef({});
    await new Promise((resolve) => setImmediate(resolve));
    jest.useFakeTimers();
    giveBackWhenIdle();
    jest.advanceTimersByTime(20_000);
    expect(garbage.deref()).toBeUndefined();
    expect(kept).toHaveLength(300_000);
  });
});
