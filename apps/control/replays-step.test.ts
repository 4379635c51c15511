// A replay of many: wherever it is cut off, each dead letter is asked for once, and never faster than its rate.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { step } from './replays-step.ts';
import { Crash, ReplayBook } from './testing/replay-book.ts';

const pageMax = 100;

/** Lets a replay run to its end, started again after every cut; returns how often it was cut off. */
async function finished(book: ReplayBook, tickMs: number): Promise<number> {
  let crashes = 0;
  while (!book.isOver) {
    try {
      book.publish();
      while (await book.whileHeld(step)) book.publish();
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      crashes++;
    }
    book.nowMs += tickMs;
  }
  return crashes;
}

const runs = fc.record({
  letters: fc.integer({ min: 0, max: 300 }),
  workspaces: fc.integer({ min: 1, max: 3 }),
  rate: fc.integer({ min: 1, max: 1_000 }),
  cuts: fc.uniqueArray(fc.nat(60), { maxLength: 12 }),
  tickMs: fc.integer({ min: 50, max: 5_000 }),
});

describe('a replay of many', () => {
  it('asks for each dead letter once, wherever it is cut off; the log repeats at most one step for each cut', async () => {
    await fc.assert(
      fc.asyncProperty(runs, async ({ tickMs, ...run }) => {
        const book = new ReplayBook(run);
        const crashes = await finished(book, tickMs);
        expect(book.done).toBe(run.letters);
        expect(book.commits.reduce((sum, { asked }) => sum + asked, 0)).toBe(run.letters);
        const byDelivery = Map.groupBy(book.log, ({ delivery }) => delivery.id);
        expect(byDelivery.size).toBe(run.letters);
        expect(book.log.length - run.letters).toBeLessThanOrEqual(crashes * pageMax);
        for (const [first, ...repeats] of byDelivery.values())
          for (const repeat of repeats) expect(repeat).toEqual(first);
      }),
    );
  });

  it('keeps its rate in every stretch of time, but for one second that it may make up', async () => {
    await fc.assert(
      fc.asyncProperty(runs, async ({ tickMs, ...run }) => {
        const book = new ReplayBook(run);
        await finished(book, tickMs);
        const page = Math.min(pageMax, Math.ceil(run.rate / 10));
        // Beyond the rate since a stretch began, at its worst: what may be made up for, and the step that is under way.
        // In thousandths of a dead letter, which are whole: a fraction added up hundreds of times drifts over the bound.
        let beyond = 0;
        let beforeMs = 0;
        for (const { atMs, asked } of book.commits) {
          beyond = Math.max(0, beyond - (atMs - beforeMs) * run.rate) + asked * 1_000;
          expect(beyond).toBeLessThanOrEqual((run.rate + page) * 1_000);
          beforeMs = atMs;
        }
      }),
    );
  });

  it('is as fast as its rate where nothing holds it up', async () => {
    const book = new ReplayBook({ letters: 1_000, workspaces: 1, rate: 200, cuts: [] });
    await finished(book, 200);
    const last = book.commits.findLast(({ asked }) => asked > 0);
    expect(last?.atMs).toBeGreaterThan(3_500);
    expect(last?.atMs).toBeLessThanOrEqual(5_200);
  });

  it('marks what it asks for with its own id, the trigger and who asked', async () => {
    const book = new ReplayBook({ letters: 1, workspaces: 1, rate: 1, cuts: [] });
    await finished(book, 1_000);
    expect(book.log).toMatchObject([
      { id: 'replay', trigger: 'replay', requested_by: 'mk_test', delivery: { id: 'delivery 0', attempt: 1 } },
    ]);
  });
});
