// Group commit: everything runs once, in order, within its bounds, and nothing waits for company.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { GroupCommit, type GroupLimits } from './group-commit.ts';

interface Item {
  key: string;
  number: number;
}

/** A run that has begun and not ended. */
interface Run {
  items: readonly Item[];
  end: (fails: boolean) => void;
}

/** Group commit with runs that end when a test says so. */
class Trial {
  readonly open: Run[] = [];
  readonly begun: Item[] = [];
  readonly settled: string[] = [];
  private readonly limits: GroupLimits;
  private readonly added: Item[] = [];
  private readonly groups = new GroupCommit<Item, string>((items) => {
    this.begun.push(...items);
    return new Promise((resolve, reject) => {
      const end = (fails: boolean): void =>
        fails
          ? reject(new Error(`of ${items.map(({ number }) => number).join()}`))
          : resolve(items.map(({ number }) => `result ${number}`));
      this.open.push({ items, end });
    });
  });

  constructor(limits: GroupLimits) {
    this.limits = limits;
  }

  add(key: string): void {
    const item = { key, number: this.added.length };
    this.added.push(item);
    const note = (text: string) => void (this.settled[item.number] = `${this.settled[item.number] ?? ''}${text}`);
    this.groups.add(key, item, this.limits).then(note, (error: Error) => note(error.message));
  }

  /** Ends one of the runs and gives what it was the end of. */
  async end(which: number, fails: boolean): Promise<readonly Item[]> {
    const [run] = this.open.splice(which % this.open.length, 1);
    run?.end(fails);
    await new Promise(setImmediate);
    return run?.items ?? [];
  }

  expectBounds(): void {
    for (const key of new Set(this.added.map((item) => item.key))) {
      const runs = this.open.filter(({ items }) => items[0]?.key === key);
      const waiting = of(key, this.added).length - of(key, this.begun).length;
      expect(runs.length).toBeLessThanOrEqual(this.limits.running);
      if (waiting > 0) expect(runs).toHaveLength(this.limits.running);
    }
    for (const { items } of this.open) {
      expect(items.length).toBeGreaterThan(0);
      expect(items.length).toBeLessThanOrEqual(this.limits.items);
      expect(new Set(items.map(({ key }) => key)).size).toBe(1);
    }
  }

  expectAllBegunInOrder(): void {
    for (const key of new Set(this.added.map((item) => item.key)))
      expect(of(key, this.begun)).toEqual(of(key, this.added));
    expect(this.begun).toHaveLength(this.added.length);
    expect(this.groups.size).toBe(0);
  }
}

const of = (key: string, items: readonly Item[]): Item[] => items.filter((item) => item.key === key);

describe('group commit', () => {
  it('runs every item once, in order within its group, within its bounds, and keeps nothing waiting without need', async () => {
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.record({ add: fc.constantFrom('a', 'b') }) },
      { weight: 1, arbitrary: fc.record({ end: fc.nat(20), fails: fc.boolean() }) },
    );
    const limits = fc.record({ running: fc.integer({ min: 1, max: 3 }), items: fc.integer({ min: 1, max: 4 }) });
    await fc.assert(
      fc.asyncProperty(limits, fc.array(step, { maxLength: 60 }), fc.infiniteStream(fc.boolean()), async (...given) => {
        const [bounds, steps, fates] = given;
        const trial = new Trial(bounds);
        const expected: string[] = [];
        const end = async (which: number, fails: boolean) => {
          const items = await trial.end(which, fails);
          const numbers = items.map(({ number }) => number);
          for (const number of numbers) expected[number] = fails ? `of ${numbers.join()}` : `result ${number}`;
        };
        for (const each of steps) {
          if ('add' in each) trial.add(each.add);
          else if (trial.open.length > 0) await end(each.end, each.fails);
          trial.expectBounds();
        }
        for (const fails of fates) {
          if (trial.open.length === 0) break;
          await end(0, fails);
          trial.expectBounds();
        }
        trial.expectAllBegunInOrder();
        // A run that fails fails for its own items only, and each hears once.
        expect(trial.settled).toEqual(expected);
      }),
      { numRuns: 100 },
    );
  });

  it('gathers only what comes while as much runs as may run', async () => {
    const trial = new Trial({ running: 1, items: 10 });
    for (let n = 0; n < 5; n++) trial.add('a');
    expect(trial.open.map(({ items }) => items.length)).toEqual([1]);
    await trial.end(0, false);
    expect(trial.open.map(({ items }) => items.length)).toEqual([4]);
  });

  it('lets no group wait for another', () => {
    const trial = new Trial({ running: 1, items: 1 });
    for (let n = 0; n < 100; n++) trial.add('stuck');
    trial.add('free');
    expect(trial.open.map(({ items }) => items[0]?.key)).toEqual(['stuck', 'free']);
  });
});
