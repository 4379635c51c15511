// Lanes: no cap is ever exceeded, nothing is lost or done twice, everybody gets a turn, and no order is inverted.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Referee, type Known } from '../testing/referee.ts';
import type { LanePolicy } from './lane.ts';
import type { Ended } from './facts.ts';

const aPolicy: fc.Arbitrary<LanePolicy> = fc.record({
  order: fc.constantFrom('unordered', 'unordered', 'key', 'strict'),
  concurrency: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
  rate: fc.option(fc.record({ count: fc.integer({ min: 1, max: 60 }), perMs: fc.constantFrom(1_000, 60_000) }), {
    nil: undefined,
  }),
});

const connections = ['a', 'b', 'c', 'd', 'e', 'f'];
const known = fc.tuple(...connections.map(() => aPolicy)).map((policies) => {
  const entries = policies.map((policy, at): [string, Known] => [
    connections[at] as string,
    { workspace: `w${at % 3}`, policy },
  ]);
  return Object.fromEntries(entries);
});

type Step =
  | { do: 'add'; connection: string; orderKey: string | undefined; isLow: boolean; times: number }
  | { do: 'finish'; which: number; kind: Ended['kind']; restMs: number }
  | { do: 'pass'; ms: number }
  | { do: 'rejoin'; connection: string };

const aConnection = fc.constantFrom(...connections);
const add: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('add'),
  connection: aConnection,
  orderKey: fc.constantFrom(undefined, 'k', 'l'),
  isLow: fc.boolean(),
  partition: fc.nat(1),
  times: fc.integer({ min: 1, max: 4 }),
});
const finish: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('finish'),
  which: fc.nat(100),
  kind: fc.constantFrom('ok', 'ok', 'ok', 'failed', 'timeout', 'throttled', 'unsent'),
  restMs: fc.constantFrom(0, 0, 0, 500, 10_000, 20_000),
});
const pass: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('pass'),
  ms: fc.constantFrom(0, 1, 100, 500, 2_000, 3_000, 12_000, 60_000),
});
const rejoin: fc.Arbitrary<Step> = fc.record({ do: fc.constant('rejoin'), connection: aConnection });
const step = fc.oneof(
  { weight: 4, arbitrary: add },
  { weight: 4, arbitrary: finish },
  { weight: 3, arbitrary: pass },
  { weight: 1, arbitrary: rejoin },
);

function play(referee: Referee, steps: readonly Step[]): void {
  for (const each of steps) {
    if (each.do === 'add') {
      for (let time = 0; time < each.times; time++) referee.add(each.connection, each);
    } else if (each.do === 'pass') referee.pass(each.ms);
    else if (each.do === 'rejoin') referee.rejoin(each.connection);
    else {
      const attempt = [...referee.running][each.which % Math.max(1, referee.running.size)];
      const retryAtMs = each.restMs > 0 ? referee.nowMs + each.restMs : undefined;
      if (attempt) referee.finish(attempt, { kind: each.kind, retryAtMs });
    }
    referee.settle();
  }
}

/** Ends whatever still begins, until nothing is in hand. */
function playOut(referee: Referee): void {
  for (let turn = 0; turn < 200 && referee.running.size + referee.waiting.size > 0; turn++) {
    for (const attempt of referee.running) referee.finish(attempt, { kind: 'ok' });
    referee.pass(500);
  }
}

describe('lanes', () => {
  it('keep every cap, rate, rest and order, whatever comes, and give out everything exactly once', () => {
    fc.assert(
      fc.property(known, fc.array(step, { minLength: 20, maxLength: 150 }), (all, steps) => {
        const referee = new Referee(all, 8);
        play(referee, steps);
        playOut(referee);
        const out = [...referee.started, ...referee.spilled].sort((a, b) => a - b);
        expect(out).toEqual(Array.from({ length: referee.added }, (_, number) => number));
        expect(referee.lanes.stats).toMatchObject({ waiting: 0, inFlight: 0, slow: 0, low: 0 });
      }),
      { numRuns: 1_000 },
    );
  });

  it('keep all that in a crowd as well', () => {
    const crowd = { units: 3, heldBackMs: 500, lookMs: 100 };
    fc.assert(
      fc.property(known, fc.array(step, { minLength: 20, maxLength: 150 }), (all, steps) => {
        const referee = new Referee(all, 8, { crowd });
        play(referee, steps);
        playOut(referee);
        const out = [...referee.started, ...referee.spilled].sort((a, b) => a - b);
        expect(out).toEqual(Array.from({ length: referee.added }, (_, number) => number));
      }),
      { numRuns: 500 },
    );
  });

  it('let no workspace with work wait longer than one round', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 2, maxLength: 12 }), (sizes) => {
        const entries = sizes.map((_, at): [string, Known] => [
          `c${at}`,
          { workspace: `w${at}`, policy: { order: 'unordered' } },
        ]);
        const referee = new Referee(Object.fromEntries(entries), 1);
        sizes.forEach((size, at) => Array.from({ length: size }, () => referee.add(`c${at}`)));
        const left = [...sizes];
        const round: number[] = [];
        for (let more = referee.settle(); more > 0; more = referee.settle()) {
          const [attempt] = referee.running;
          if (!attempt) break;
          const at = Number(attempt.work.workspace.slice(1));
          if (round.includes(at)) {
            expect(left.every((count, other) => count === 0 || round.includes(other))).toBe(true);
            round.length = 0;
          }
          round.push(at);
          left[at] = (left[at] ?? 0) - 1;
          referee.finish(attempt, { kind: 'ok' });
        }
        expect(left.every((count) => count === 0)).toBe(true);
      }),
    );
  });

  it('share what is idle, and keep a quarter of the process for whoever comes with less', () => {
    const referee = new Referee({ hog: { workspace: 'hog', policy: { order: 'unordered' } } }, 16);
    for (let count = 0; count < 40; count++) referee.add('hog');
    referee.settle();
    expect(referee.running.size).toBe(8);
    for (const connection of ['small', 'tiny']) referee.add(connection);
    expect(referee.settle()).toBe(2);
  });

  it('cut the attempts of a dead destination for which the slow pool has no room, and try it one at a time', () => {
    const referee = new Referee({}, 8);
    for (let count = 0; count < 6; count++) referee.add('dead');
    expect(referee.settle()).toBe(4);
    referee.pass(3_000);
    expect(referee.running.size).toBe(2);
    expect(referee.lanes.look('dead')).toMatchObject({ isSuspect: true, waiting: 2, inFlight: 2 });
    for (const attempt of referee.running) referee.finish(attempt, { kind: 'failed' });
    expect(referee.settle()).toBe(1);
  });

  it('keep a quarter of the slow pool from a workspace that holds its share of it', () => {
    const entries = ['a', 'b', 'c', 'd'].map((at): [string, Known] => [
      at,
      { workspace: 'hog', policy: { order: 'unordered' } },
    ]);
    const referee = new Referee(Object.fromEntries(entries), 16);
    for (const [connection] of entries) referee.add(connection);
    referee.pass(1);
    referee.add('other');
    referee.pass(3_000);
    expect([...referee.running].map(({ work }) => work.connection)).toEqual(['a', 'b', 'c', 'other']);
  });

  it('rest a destination for as long as it asks, up to a day, and five seconds when it does not say', () => {
    const referee = new Referee({}, 8);
    const throttled = (retryAtMs?: number): number => {
      referee.add('busy');
      referee.settle();
      for (const attempt of referee.running) referee.finish(attempt, { kind: 'throttled', retryAtMs });
      return (referee.lanes.look('busy')?.closedUntilMs ?? 0) - referee.nowMs;
    };
    expect(throttled()).toBe(5_000);
    referee.nowMs += 5_000;
    expect(throttled(referee.nowMs + 1_000)).toBe(1_000);
    referee.nowMs += 1_000;
    expect(throttled(1e15)).toBe(86_400_000);
  });

  it('begin with one attempt after a destination was throttled, and make twice as many with each success', () => {
    const referee = new Referee({}, 64);
    referee.add('busy');
    referee.settle();
    for (const attempt of referee.running)
      referee.finish(attempt, { kind: 'throttled', retryAtMs: referee.nowMs + 4_000 });
    for (let count = 0; count < 9; count++) referee.add('busy');
    expect(referee.settle()).toBe(0);
    referee.pass(4_000);
    expect(referee.running.size).toBe(1);
    for (const attempt of referee.running) referee.finish(attempt, { kind: 'ok' });
    expect(referee.settle()).toBe(2);
    for (const attempt of referee.running) referee.finish(attempt, { kind: 'ok' });
    expect(referee.settle()).toBe(6);
  });

  it('spill at once what comes for a destination whose breaker is open, and let one try when the time is over', () => {
    const referee = new Referee({}, 8);
    for (let count = 0; count < 4; count++) referee.add('dead');
    referee.settle();
    for (const attempt of [...referee.running].slice(0, 2)) referee.finish(attempt, { kind: 'timeout' });
    referee.add('dead');
    referee.settle();
    expect(referee.spilled).toEqual([4]);
    expect(referee.lanes.look('dead')?.breaker?.reason).toBe('timeouts');
    for (const attempt of referee.running) referee.finish(attempt, { kind: 'failed' });
    referee.pass(60_000);
    for (let count = 0; count < 3; count++) referee.add('dead');
    expect(referee.settle()).toBe(1);
    const [probe] = referee.running;
    expect(probe?.isProbe).toBe(true);
    if (probe) referee.finish(probe, { kind: 'ok' });
    expect(referee.settle()).toBe(2);
  });

  it('spill what stands behind the head of a strict order, until it is said that parking is empty', () => {
    const referee = new Referee({ strict: { workspace: 'w', policy: { order: 'strict' } } }, 8);
    for (let count = 0; count < 3; count++) referee.add('strict');
    referee.settle();
    const [head] = referee.running;
    if (head) referee.finish(head, { kind: 'failed' });
    referee.add('strict');
    referee.settle();
    expect(referee.spilled).toEqual([1, 2, 3]);
    referee.add('strict', { isLow: true });
    expect(referee.settle()).toBe(1);
    for (const attempt of referee.running) referee.finish(attempt, { kind: 'ok' });
    referee.rejoin('strict');
    referee.add('strict');
    expect(referee.settle()).toBe(1);
  });

  it('use up a rate evenly, within a twentieth of it', () => {
    for (const count of [1, 10, 90]) {
      const rate = { count, perMs: 1_000 };
      const referee = new Referee({ c: { workspace: 'w', policy: { order: 'unordered', rate } } }, 64);
      for (let ms = 0; ms < 9_999; ms++) {
        while ((referee.lanes.look('c')?.waiting ?? 0) < 2) referee.add('c');
        referee.pass(1);
        for (const attempt of referee.running) referee.finish(attempt, { kind: 'ok' });
      }
      expect(referee.started.length).toBeGreaterThanOrEqual(count * 9.5);
      expect(referee.started.length).toBeLessThanOrEqual(count * 10);
    }
  });
});
