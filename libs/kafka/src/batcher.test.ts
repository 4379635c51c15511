// The batcher: nothing lost, nothing doubled, order kept, bounds kept, deadlines kept.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Batcher, type BatcherOptions } from './batcher.ts';
import { UnavailableError } from './errors.ts';

function batcherOf(over: Partial<BatcherOptions<number>>) {
  return new Batcher<number>({
    send: () => Promise.resolve(),
    sizeOf: (item) => item,
    batchBytesMax: 100,
    queuedBytesMax: 1_000_000,
    giveUpMs: 5_000,
    soon: queueMicrotask,
    worthBytes: 0,
    later: queueMicrotask,
    nowMs: () => 0,
    ...over,
  });
}

describe('a batcher', () => {
  it('sends every item once, in order, one batch at a time, each within its bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(fc.integer({ min: 1, max: 150 })), async (scheduler, items) => {
        const sent: number[] = [];
        let underWay = 0;
        const batcher = batcherOf({
          send: async (batch) => {
            expect(++underWay).toBe(1);
            const bytes = batch.reduce((sum, item) => sum + item, 0);
            expect(batch.length === 1 || bytes <= 100).toBe(true);
            await scheduler.schedule(Promise.resolve());
            sent.push(...batch);
            underWay--;
          },
        });
        const all = Promise.all(items.map((item) => batcher.add(item)));
        await scheduler.waitFor(all);
        expect(sent).toEqual(items);
        await Promise.resolve();
        expect(batcher.pendingBytes).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  it('lets what arrives during a send go with the next', async () => {
    const batches: number[][] = [];
    let release: () => void = () => undefined;
    const batcher = batcherOf({
      send: (batch) => {
        batches.push(batch);
        return new Promise((resolve) => (release = resolve));
      },
    });
    const first = batcher.add(1);
    await new Promise(setImmediate);
    const others = [batcher.add(2), batcher.add(3)];
    release();
    await first;
    await new Promise(setImmediate);
    release();
    await Promise.all(others);
    expect(batches).toEqual([[1], [2, 3]]);
  });

  it('knows how long the first of those that wait has waited', async () => {
    let nowMs = 1_000;
    let release: () => void = () => undefined;
    const batcher = batcherOf({ nowMs: () => nowMs, send: () => new Promise((resolve) => (release = resolve)) });
    expect(batcher.oldestAgeMs).toBe(0);
    const first = batcher.add(1);
    await new Promise(setImmediate);
    nowMs = 1_300;
    const second = batcher.add(2);
    nowMs = 1_500;
    expect(batcher.oldestAgeMs).toBe(500);
    release();
    await first;
    expect(batcher.oldestAgeMs).toBe(200);
    await new Promise(setImmediate);
    release();
    await second;
    expect(batcher.oldestAgeMs).toBe(0);
  });

  it('after a send lets little wait for more, and sends at once what is worth it', async () => {
    const batches: number[][] = [];
    let later: () => void = () => undefined;
    const batcher = batcherOf({
      worthBytes: 10,
      later: (callback) => (later = callback),
      send: (batch) => {
        batches.push(batch);
        return new Promise((resolve) => setImmediate(resolve));
      },
    });
    const settled = () => new Promise((resolve) => setTimeout(resolve, 5));
    void batcher.add(1);
    await new Promise((resolve) => queueMicrotask(() => resolve(undefined)));
    void batcher.add(2);
    await settled();
    expect(batches).toEqual([[1]]);
    void batcher.add(3);
    later();
    await settled();
    expect(batches).toEqual([[1], [2, 3]]);
    const [overtaken] = [later];
    void batcher.add(4);
    await new Promise((resolve) => queueMicrotask(() => resolve(undefined)));
    void batcher.add(5);
    await settled();
    void batcher.add(6);
    await settled();
    expect(batches).toEqual([[1], [2, 3], [4], [5, 6]]);
    overtaken();
    await settled();
    expect(batches).toHaveLength(4);
  });

  it('fails the items of a failed send and no others', async () => {
    let fail = true;
    const batcher = batcherOf({ send: () => (fail ? Promise.reject(new Error('broken')) : Promise.resolve()) });
    await expect(batcher.add(1)).rejects.toThrow('broken');
    fail = false;
    await expect(batcher.add(2)).resolves.toBeUndefined();
  });

  it('refuses what would exceed its queue, and takes more once there is room', async () => {
    let release: () => void = () => undefined;
    const batcher = batcherOf({ queuedBytesMax: 10, send: () => new Promise((resolve) => (release = resolve)) });
    const first = batcher.add(8);
    await expect(batcher.add(8)).rejects.toBeInstanceOf(UnavailableError);
    await new Promise(setImmediate);
    release();
    await first;
    const second = batcher.add(8);
    await new Promise(setImmediate);
    release();
    await expect(second).resolves.toBeUndefined();
  });

  it('reports items whose time is up, and does not send those that were still queued', async () => {
    let nowMs = 0;
    const sent: number[] = [];
    let release: () => void = () => undefined;
    const batcher = batcherOf({
      nowMs: () => nowMs,
      send: (batch) => {
        sent.push(...batch);
        return new Promise((resolve) => (release = resolve));
      },
    });
    const underWay = batcher.add(1);
    await new Promise(setImmediate);
    const queued = batcher.add(2);
    nowMs = 5_000;
    batcher.expire();
    await expect(underWay).rejects.toBeInstanceOf(UnavailableError);
    await expect(queued).rejects.toBeInstanceOf(UnavailableError);
    release();
    await new Promise(setImmediate);
    expect(sent).toEqual([1]);
    expect(batcher.pendingBytes).toBe(0);
  });
});
