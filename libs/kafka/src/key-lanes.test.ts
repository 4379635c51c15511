// Lanes: order within a key, bounds kept, nobody starved, whatever the work does.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { KeyLanes } from './key-lanes.ts';

describe('key lanes', () => {
  it('keep both bounds, the order of each key, and finish everything', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.record({ key: fc.constantFrom('a', 'b', 'c'), fails: fc.boolean() }), { maxLength: 40 }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 5 }),
        async (scheduler, work, perKey, total) => {
          const lanes = new KeyLanes({ perKey, total });
          const running = new Map<string, number>();
          const started: Record<string, number[]> = { a: [], b: [], c: [] };
          const results = work.map(({ key, fails }, index) =>
            lanes
              .run(key, async () => {
                running.set(key, (running.get(key) ?? 0) + 1);
                started[key]?.push(index);
                expect(running.get(key)).toBeLessThanOrEqual(perKey);
                expect([...running.values()].reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(total);
                await scheduler.schedule(Promise.resolve());
                running.set(key, (running.get(key) ?? 0) - 1);
                if (fails) throw new Error('failed');
              })
              .catch(() => undefined),
          );
          await scheduler.waitFor(Promise.all(results));
          for (const order of Object.values(started)) expect(order).toEqual([...order].sort((a, b) => a - b));
          await Promise.resolve();
          expect(lanes.keys).toBe(0);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('give a short lane its turn beside a long one', async () => {
    const lanes = new KeyLanes({ perKey: 5, total: 1 });
    const order: string[] = [];
    const note = (name: string) => () => Promise.resolve(void order.push(name));
    await Promise.all(
      [...'123456'].map((n) => lanes.run('long', note(`long${n}`))).concat(lanes.run('short', note('short'))),
    );
    expect(order.indexOf('short')).toBeLessThanOrEqual(2);
  });

  it('let other keys pass a key whose work never ends', async () => {
    const lanes = new KeyLanes({ perKey: 2, total: 10 });
    for (let i = 0; i < 100; i++) void lanes.run('stuck', () => new Promise(() => undefined));
    await expect(lanes.run('free', () => Promise.resolve('done'))).resolves.toBe('done');
  });
});
