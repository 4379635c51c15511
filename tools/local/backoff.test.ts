// Proves how long a process that dies again and again rests, and when its past is forgotten.
import { describe, expect, it } from '@jest/globals';
import { endsInARow, restartDelayMs, wellAfterMs } from './backoff.ts';

describe('restart backoff', () => {
  it('doubles from 0.3 s to 5 s', () => {
    expect([1, 2, 3, 4, 5, 6, 50].map(restartDelayMs)).toEqual([300, 600, 1200, 2400, 4800, 5000, 5000]);
  });

  it('counts from the beginning after a long life', () => {
    expect(endsInARow(4, wellAfterMs - 1)).toBe(5);
    expect(endsInARow(4, wellAfterMs)).toBe(1);
  });
});
