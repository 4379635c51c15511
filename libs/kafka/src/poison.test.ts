// Whatever a record holds, it can be set aside: what is kept of it fits into a record.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PoisonError } from './errors.ts';
import { poisonLimits, poisonOf } from './poison.ts';
import { producerLimits } from './producer.ts';
import type { RawRecord } from './record.ts';

const raw = (over: Partial<RawRecord>): RawRecord => ({
  topic: 'events',
  partition: 3,
  offset: 9,
  timestampMs: 5,
  key: Buffer.from('k'),
  value: Buffer.from('v'),
  headers: { a: 'b' },
  ...over,
});
const set = (over: Partial<RawRecord>) =>
  poisonOf(raw(over), 'sluice-router', { error: new PoisonError('record_not_avro', 'no magic byte'), nowMs: 7 });

describe('a record set aside', () => {
  it('is there byte for byte, with where it stood and why', () => {
    expect(set({})).toEqual({
      topic: 'events',
      partition: 3,
      offset: 9,
      timestamp: 5,
      key: Buffer.from('k'),
      value: Buffer.from('v'),
      headers: { a: 'b' },
      is_cut: false,
      reason: 'record_not_avro',
      message: 'no magic byte',
      group: 'sluice-router',
      poisoned_at: 7,
    });
    expect(set({ key: null, value: null })).toMatchObject({ key: null, value: null, is_cut: false });
  });

  it('is cut, and says so, where it would not fit', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.nat(1_000_000), fc.nat(300), fc.nat(20_000), (key, value, count, length) => {
        const names = Array.from({ length: count }, (_each, n) => [
          `${n}`.padEnd(length > 10_000 ? 2_000 : 3, 'x'),
          'y'.repeat(length),
        ]);
        const headers = Object.fromEntries(names) as Record<string, string>;
        const poison = set({ key: Buffer.alloc(key), value: Buffer.alloc(value), headers });
        const kept = [poison.key ?? '', poison.value ?? '', ...Object.entries(poison.headers).flat()];
        expect(kept.reduce((bytes, part) => bytes + part.length, 0)).toBeLessThan(producerLimits.recordBytes - 2_000);
        const whole =
          key <= poisonLimits.key && value <= poisonLimits.value && count <= 64 && (length <= 1_000 || count === 0);
        expect(poison.is_cut).toBe(!whole);
      }),
      { numRuns: 60 },
    );
  });
});
