// The queue: nothing lost, nothing twice, order within a workspace, and CPU time shared by those who ask for it.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FairQueue, type Taken } from './fair-queue.ts';

const roomy = { items: 100_000, itemsOfWorkspace: 100_000, bytes: 1e9, bytesOfWorkspace: 1e9 };

/** Takes one item; its lane is held until it is finished. */
const takeOne = <T>(queue: FairQueue<T>): Taken<T> | undefined => {
  let taken = 0;
  return queue.take(() => taken++ === 0)[0];
};

const step = fc.oneof(
  fc.record({ kind: fc.constant('push' as const), workspace: fc.constantFrom('a', 'b', 'c', 'd') }),
  fc.record({ kind: fc.constant('take' as const), count: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ kind: fc.constant('finish' as const), batch: fc.nat(5), done: fc.nat(6), cost: fc.nat(5_000) }),
);

describe('the fair queue', () => {
  it('loses nothing, doubles nothing, keeps the order of a workspace, and never serves one twice at a time', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const queue = new FairQueue<number>(roomy);
        const pushed: Record<string, number[]> = { a: [], b: [], c: [], d: [] };
        const finished: Record<string, number[]> = { a: [], b: [], c: [], d: [] };
        const batches: Taken<number>[][] = [];
        const finish = (batch: Taken<number>[], done: number, cost: number) => {
          batch.slice(0, done).forEach((taken) => {
            finished[taken.workspace]?.push(taken.item);
            queue.finish(taken, cost);
          });
          queue.giveBack(batch.slice(done));
        };
        const take = (count: number) => {
          let taken = 0;
          const batch = queue.take(() => taken++ < count);
          const held = new Set(batches.flat().map(({ workspace }) => workspace));
          for (const { workspace } of batch) expect(held).not.toContain(workspace);
          if (batch.length > 0) batches.push(batch);
        };
        steps.forEach((each, index) => {
          if (each.kind === 'push') {
            queue.push(each.workspace, index, 1);
            pushed[each.workspace]?.push(index);
          } else if (each.kind === 'take') take(each.count);
          else for (const batch of batches.splice(each.batch, 1)) finish(batch, each.done, each.cost);
        });
        for (let round = 0; batches.length > 0 || queue.length > 0; round++) {
          expect(round).toBeLessThan(500);
          take(3);
          for (const batch of batches.splice(0)) finish(batch, batch.length, 10);
        }
        expect(finished).toEqual(pushed);
      }),
    );
  });

  it('serves a newcomer after one turn of each other workspace at most, however much they ask for', () => {
    const workspaces = fc.integer({ min: 1, max: 8 });
    fc.assert(
      fc.property(workspaces, fc.array(fc.nat(100_000), { minLength: 50, maxLength: 50 }), (count, costs) => {
        const queue = new FairQueue<string>(roomy);
        for (let n = 0; n < count; n++) for (let i = 0; i < 100; i++) queue.push(`w${n}`, 'old', 1);
        for (const cost of costs) queue.finish(takeOne(queue) as Taken<string>, cost);
        const underWay = takeOne(queue) as Taken<string>;
        queue.push('new', 'new', 1);
        queue.finish(underWay, 1_000_000);
        const turns: string[] = [];
        for (let taken = takeOne(queue); taken; taken = takeOne(queue)) {
          turns.push(taken.item);
          if (taken.item === 'new') break;
          queue.finish(taken, 1_000);
        }
        expect(turns.indexOf('new')).toBeGreaterThanOrEqual(0);
        expect(turns.indexOf('new')).toBeLessThanOrEqual(count);
      }),
    );
  });

  it('is not misled by batches that were handed back, or by what was expected of them', () => {
    const turn = fc.record({ done: fc.integer({ min: 1, max: 64 }), cost: fc.nat(100_000) });
    fc.assert(
      fc.property(fc.array(turn, { minLength: 1, maxLength: 20 }), ([...turns]) => {
        const queue = new FairQueue<string>(roomy);
        for (let i = 0; i < 2_000; i++) queue.push('busy', 'old', 1);
        const takeBatch = () => {
          let taken = 0;
          return queue.take(() => taken++ < 64);
        };
        for (const { done, cost } of turns) {
          const batch = takeBatch();
          for (const taken of batch.slice(0, done)) queue.finish(taken, cost);
          queue.giveBack(batch.slice(done));
        }
        const underWay = takeBatch();
        queue.push('new', 'new', 1);
        queue.finish(underWay[0] as Taken<string>, 50_000);
        queue.giveBack(underWay.slice(1));
        expect(takeBatch()[0]?.item).toBe('new');
      }),
    );
  });

  it('shares CPU time, not turns, between workspaces that always ask', () => {
    const cost = fc.integer({ min: 1, max: 100_000 });
    fc.assert(
      fc.property(fc.array(cost, { minLength: 2, maxLength: 5 }), (costs) => {
        const queue = new FairQueue<number>(roomy);
        const used = costs.map(() => 0);
        costs.forEach((_, n) => queue.push(`w${n}`, n, 1));
        const most = Math.max(...costs);
        for (let turn = 0; turn < 2_000; turn++) {
          const taken = takeOne(queue) as Taken<number>;
          queue.push(taken.workspace, taken.item, 1);
          queue.finish(taken, costs[taken.item] ?? 0);
          used[taken.item] = (used[taken.item] ?? 0) + (costs[taken.item] ?? 0);
          expect(Math.max(...used) - Math.min(...used)).toBeLessThanOrEqual(2 * most);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('does not let a workspace start afresh by asking for one thing after the other', () => {
    const queue = new FairQueue<string>(roomy);
    for (let i = 0; i < 100; i++) queue.push('busy', 'fast', 1);
    const order: string[] = [];
    queue.push('one by one', 'slow', 1);
    for (let turn = 0; turn < 50; turn++) {
      const taken = takeOne(queue) as Taken<string>;
      order.push(taken.item);
      queue.finish(taken, taken.item === 'slow' ? 10_000 : 100);
      if (taken.item === 'slow') queue.push('one by one', 'slow', 1);
    }
    expect(order.filter((item) => item === 'slow')).toHaveLength(1);
  });

  it('fills a batch from one workspace when nobody else asks', () => {
    const queue = new FairQueue<number>(roomy);
    for (let i = 0; i < 10; i++) queue.push('a', i, 1);
    expect(queue.take(() => true).map(({ item }) => item)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('is bounded for each workspace and in all, in items and in bytes', () => {
    const queue = new FairQueue<number>({ items: 3, itemsOfWorkspace: 2, bytes: 10, bytesOfWorkspace: 6 });
    expect([queue.push('a', 1, 6), queue.push('a', 2, 1), queue.push('b', 3, 1)]).toEqual([true, false, true]);
    expect([queue.push('b', 4, 1), queue.push('b', 5, 1), queue.push('c', 6, 1)]).toEqual([true, false, false]);
    const [first] = queue.take(() => true);
    expect([queue.length, queue.push('c', 6, 11), queue.push('c', 7, 6)]).toEqual([0, false, true]);
    queue.giveBack([first as Taken<number>]);
    expect(queue.drain().sort()).toEqual([1, 7]);
    expect([queue.length, queue.hasNext]).toEqual([0, false]);
  });
});
