// The history writer on a clock of its own, over a database that takes, refuses or is away.
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { PoisonError } from '@sluice/kafka';
import type { Projection, ReplayFact } from '@sluice/persistence';
import type { Log } from '@sluice/telemetry';
import fc from 'fast-check';
import { HistoryWriter } from './history-writer.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const replay = (id: string): { replay: ReplayFact } => ({ replay: { id, attempt_count: 1, replayed_at_ms: 0 } });
const failing = (code: string): Error => Object.assign(new Error(`SQLSTATE ${code}`), { code });

/** A database that keeps what it took; `fails` says what is wrong with a batch of ids, or with the database. */
function database() {
  const batches: string[][] = [];
  const warned: Record<string, unknown>[] = [];
  const made = {
    batches,
    warned,
    fails: (_ids: readonly string[]): Error | undefined => undefined,
    /** How long a write takes. */
    latencyMs: 0,
  };
  const write = async ({ replays }: Projection): Promise<void> => {
    const ids = replays.map(({ id }) => id);
    if (made.latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, made.latencyMs));
    const error = made.fails(ids);
    if (error) throw error;
    batches.push(ids);
  };
  const log = { warn: (fields: Record<string, unknown>) => warned.push(fields) } as unknown as Log;
  return Object.assign(made, { writer: new HistoryWriter({ write, log }) });
}

/** What became of an add: true once it stands, the error once it was refused. */
function noted(promise: Promise<void>): { done: true | Error | undefined } {
  const note: { done: true | Error | undefined } = { done: undefined };
  promise.then(
    () => (note.done = true),
    (error: Error) => (note.done = error),
  );
  return note;
}

describe('the history writer', () => {
  it('gathers what comes within a tenth of a second into one batch, and confirms when it stands', async () => {
    const { writer, batches } = database();
    const notes = ['a', 'b', 'c'].map((id) => noted(writer.add(replay(id))));
    await jest.advanceTimersByTimeAsync(99);
    expect([batches.length, notes[0]?.done]).toEqual([0, undefined]);
    await jest.advanceTimersByTimeAsync(1);
    expect(batches).toEqual([['a', 'b', 'c']]);
    expect(notes.map(({ done }) => done)).toEqual([true, true, true]);
  });

  it('writes a full batch at once, and what is beyond it right after', async () => {
    const { writer, batches } = database();
    const all = Promise.all(Array.from({ length: 5_002 }, (_, id) => writer.add(replay(String(id)))));
    await jest.advanceTimersByTimeAsync(0);
    expect(batches.map(({ length }) => length)).toEqual([5_000, 2]);
    await all;
    expect(jest.getTimerCount()).toBe(0);
  });

  it('writes one batch at a time; what comes meanwhile is the next one', async () => {
    const base = database();
    base.latencyMs = 1_000;
    const { writer, batches } = base;
    const first = noted(writer.add(replay('a')));
    await jest.advanceTimersByTimeAsync(600);
    const second = ['b', 'c'].map((id) => noted(writer.add(replay(id))));
    await jest.advanceTimersByTimeAsync(500);
    expect([batches, first.done, second[0]?.done]).toEqual([[['a']], true, undefined]);
    await jest.advanceTimersByTimeAsync(1_000);
    expect([batches, second[1]?.done]).toEqual([[['a'], ['b', 'c']], true]);
  });

  it('gathers anew after a pause', async () => {
    const { writer, batches } = database();
    await Promise.all([writer.add(replay('a')), jest.advanceTimersByTimeAsync(100)]);
    await jest.advanceTimersByTimeAsync(5_000);
    const later = writer.add(replay('b'));
    await jest.advanceTimersByTimeAsync(100);
    await later;
    expect(batches).toEqual([['a'], ['b']]);
  });
});

describe('a database that is away', () => {
  it.each(['ECONNREFUSED', '57P01', '08006', '40P01', '53300'])(
    'with %s is waited for as long as that takes, ever longer between tries; nothing is lost or refused',
    async (code) => {
      const base = database();
      base.fails = () => failing(code);
      const { writer, batches, warned } = base;
      const note = noted(writer.add(replay('a')));
      await jest.advanceTimersByTimeAsync(3_600_000);
      expect([batches, note.done]).toEqual([[], undefined]);
      expect(warned.slice(0, 7).map(({ retry_ms }) => retry_ms)).toEqual([250, 500, 1_000, 2_000, 4_000, 5_000, 5_000]);
      expect(warned[0]).toMatchObject({ event: 'history.delayed', records: 1, error: `SQLSTATE ${code}` });
      base.fails = () => undefined;
      await jest.advanceTimersByTimeAsync(5_000);
      expect([batches, note.done]).toEqual([[['a']], true]);
    },
  );

  it('takes first what it owed first', async () => {
    const base = database();
    base.fails = () => failing('ECONNRESET');
    const { writer, batches } = base;
    void writer.add(replay('a'));
    await jest.advanceTimersByTimeAsync(1_000);
    void writer.add(replay('b'));
    base.fails = () => undefined;
    await jest.advanceTimersByTimeAsync(5_000);
    expect(batches).toEqual([['a'], ['b']]);
  });
});

describe('a fact that the database will never take', () => {
  it.each(['22001', '22021', '22P02', '23502', '23505'])(
    'is singled out and refused alone: SQLSTATE %s',
    async (code) => {
      const base = database();
      base.fails = (ids) => (ids.includes('bad') ? failing(code) : undefined);
      const { writer, batches } = base;
      const ids = ['a', 'b', 'c', 'bad', 'd', 'e', 'f'];
      const notes = ids.map((id) => noted(writer.add(replay(id))));
      await jest.advanceTimersByTimeAsync(100);
      expect(notes.map(({ done }) => done === true)).toEqual(ids.map((id) => id !== 'bad'));
      const refused = notes[3]?.done;
      expect(refused).toBeInstanceOf(PoisonError);
      expect(refused).toMatchObject({ code: 'handler_failed', message: `history refused it: SQLSTATE ${code}` });
      expect(batches.flat()).toEqual(ids.filter((id) => id !== 'bad'));
    },
  );

  it('costs its neighbours nothing, wherever in a batch and however many there are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }), async (good) => {
        const base = database();
        base.fails = (ids) => (ids.some((id) => !good[Number(id)]) ? failing('22P02') : undefined);
        const { writer, batches } = base;
        const notes = good.map((_, id) => noted(writer.add(replay(String(id)))));
        await jest.advanceTimersByTimeAsync(100);
        expect(notes.map(({ done }) => done === true)).toEqual(good);
        expect(batches.flat().map(Number)).toEqual(good.flatMap((isGood, id) => (isGood ? [id] : [])));
      }),
      { numRuns: 30 },
    );
  });

  it('is singled out even when the database goes away in the midst of it', async () => {
    const base = database();
    let writes = 0;
    base.fails = (ids) => {
      if (++writes % 2 === 0) return failing('ECONNREFUSED');
      return ids.includes('bad') ? failing('22P02') : undefined;
    };
    const { writer, batches } = base;
    const notes = ['a', 'bad', 'b', 'c'].map((id) => noted(writer.add(replay(id))));
    await jest.advanceTimersByTimeAsync(60_000);
    expect(notes.map(({ done }) => done === true)).toEqual([true, false, true, true]);
    expect(batches.flat()).toEqual(['a', 'b', 'c']);
  });
});
