// Commits: what is due, one at a time; notes where the broker takes them, and nothing known where it does not answer.
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Kafka } from 'kafkajs';
import { Commits } from './commits.ts';
import { PartitionProgress } from './partition-progress.ts';

interface Committed {
  topic: string;
  partition: number;
  offset: string;
  metadata?: string | null;
}

const tooLarge = Object.assign(new Error('The metadata field of the offset request was too large'), {
  type: 'OFFSET_METADATA_TOO_LARGE',
});

/** A group with one partition of which record 0 is in hand and record 1 is finished. */
function group(answers: (() => Promise<void>)[] = []) {
  const progress = new PartitionProgress('events', 3, { records: 10, bytes: 1_000 });
  progress.fetchedFrom(0);
  for (const offset of [0, 1, 2]) progress.begin(offset, 1, performance.now());
  progress.finish(1, 1);
  const committed: Committed[][] = [];
  const client = {
    commitOffsets: (offsets: Committed[]) => {
      committed.push(offsets);
      return answers.shift()?.() ?? Promise.resolve();
    },
  };
  const admin = {
    connect: () => Promise.resolve(),
    disconnect: () => Promise.resolve(),
    fetchOffsets: () =>
      Promise.resolve([
        {
          topic: 'events',
          partitions: [
            { partition: 3, offset: '7', metadata: 'f1:1.2' },
            { partition: 4, offset: '-1', metadata: null },
          ],
        },
      ]),
  };
  const kafka = { admin: () => admin };
  const commits = new Commits({
    kafka: kafka as unknown as Kafka,
    client,
    group: 'router',
    progresses: () => [progress],
  });
  return { progress, committed, commits, admin };
}

describe('commits', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('are made when something is due, with a note of what is finished behind a record that is long in hand', async () => {
    const { committed, commits } = group();
    commits.start();
    await jest.advanceTimersByTimeAsync(900);
    expect(committed).toEqual([]);
    await jest.advanceTimersByTimeAsync(300);
    expect(committed).toEqual([[{ topic: 'events', partition: 3, offset: '0', metadata: 'f1:1.1' }]]);
    await commits.stop();
  });

  it('go on without notes where the broker refuses them', async () => {
    const { committed, commits } = group([() => Promise.reject(tooLarge)]);
    commits.start();
    await jest.advanceTimersByTimeAsync(2_300);
    expect(committed.flat().map(({ metadata }) => metadata)).toEqual(['f1:1.1', null]);
    await commits.stop();
  });

  it('are tried again after any other failure', async () => {
    const { committed, commits, progress } = group([() => Promise.reject(new Error('rebalancing'))]);
    commits.start();
    progress.finish(0, 1);
    await jest.advanceTimersByTimeAsync(250);
    expect(committed.flat().map(({ offset }) => offset)).toEqual(['2', '2']);
    await commits.stop();
  });

  it('of the group are read with their notes; without an answer there are none', async () => {
    const { commits, admin } = group();
    expect([...(await commits.read(['events']))]).toEqual([
      ['events/3', { offset: 7, note: 'f1:1.2' }],
      ['events/4', { offset: -1, note: '' }],
    ]);
    admin.fetchOffsets = () => Promise.reject(new Error('away'));
    expect((await commits.read(['events'])).size).toBe(0);
  });
});
