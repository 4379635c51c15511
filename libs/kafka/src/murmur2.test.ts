// Our partitions are those of every other client, so that a key has one home whoever appends.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Partitioners } from 'kafkajs';
import { partitionOf } from './murmur2.ts';

describe('the partition of a key', () => {
  it('is the one that kafkajs chooses', () => {
    const theirs = Partitioners.DefaultPartitioner();
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), fc.integer({ min: 1, max: 50 }), (key, partitions) => {
        const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({
          ...{ partitionId, partitionErrorCode: 0, leader: 0, replicas: [], isr: [] },
        }));
        expect(partitionOf(key, partitions)).toBe(
          theirs({ topic: 't', partitionMetadata, message: { key, value: null } }),
        );
      }),
      { numRuns: 1_000 },
    );
  });
});
