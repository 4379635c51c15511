// Crowds: what waits for a destination that is held back leaves room for the rest of its partition, and nobody else gives way.
import { describe, expect, it } from '@jest/globals';
import { Referee, type Known } from '../testing/referee.ts';
import type { LanePolicy } from './lane.ts';

const known = (connection: string, policy: Partial<LanePolicy> = {}): Record<string, Known> => ({
  [connection]: { workspace: 'workspace', policy: { order: 'unordered', ...policy } },
});

function add(referee: Referee, connection: string, times: number, over: { partition?: number; bytes?: number } = {}) {
  for (let time = 0; time < times; time++) referee.add(connection, over);
}

/** Whose destination has just failed, so that one attempt is made at a time. */
function suspect(referee: Referee, connection: string): void {
  referee.add(connection);
  referee.settle();
  for (const attempt of referee.running) {
    if (attempt.work.connection === connection) referee.finish(attempt, { kind: 'failed' });
  }
}

/** Others that bring work: without any, nobody is in anybody's way. */
function withOthers(referee: Referee, partition = 0): void {
  referee.add('other', { partition });
  referee.settle();
  for (const attempt of referee.running)
    if (attempt.work.connection === 'other') referee.finish(attempt, { kind: 'ok' });
}

const waitingOf = (referee: Referee, connection: string): number => referee.lanes.look(connection)?.waiting ?? 0;

describe('in a crowded partition', () => {
  it('a slow destination keeps as much as may wait there, the youngest, after half a second', () => {
    const referee = new Referee({}, 8);
    withOthers(referee);
    suspect(referee, 'slow');
    add(referee, 'slow', 301);
    referee.pass(400);
    expect(waitingOf(referee, 'slow')).toBe(300);
    referee.pass(200);
    expect(waitingOf(referee, 'slow')).toBe(250);
    expect(referee.spilled).toEqual(Array.from({ length: 50 }, (_, at) => at + 3));
  });

  it('those that are held back share what may wait', () => {
    const referee = new Referee(known('limited', { concurrency: 1 }), 64);
    withOthers(referee);
    suspect(referee, 'slow');
    add(referee, 'slow', 151);
    add(referee, 'limited', 141);
    referee.pass(500);
    expect(['slow', 'limited'].map((connection) => waitingOf(referee, connection))).toEqual([125, 125]);
  });

  it('nobody gives way where there is nobody else', () => {
    const referee = new Referee(known('limited', { concurrency: 1 }), 64);
    suspect(referee, 'slow');
    add(referee, 'slow', 151);
    add(referee, 'limited', 141);
    referee.pass(500);
    expect(referee.spilled).toEqual([]);
  });

  it('as many in flight as a connection may have says nothing while the process is busy', () => {
    const referee = new Referee(known('limited', { concurrency: 1 }), 64);
    withOthers(referee);
    add(referee, 'limited', 301);
    referee.isBusy = true;
    referee.pass(500);
    expect(referee.spilled).toEqual([]);
    referee.isBusy = false;
    referee.pass(100);
    expect(waitingOf(referee, 'limited')).toBe(250);
  });

  it('who has all the slots of its share gives way to those with less', () => {
    const small = { workspace: 'small', policy: { order: 'unordered' as const } };
    const referee = new Referee({ ...known('hog'), small }, 8);
    add(referee, 'hog', 301);
    referee.pass(700);
    expect(referee.spilled).toEqual([]);
    referee.add('small');
    referee.isBusy = true;
    referee.pass(100);
    expect(referee.spilled).toEqual([]);
    referee.isBusy = false;
    const spilled = () => referee.lanes.spill(referee.nowMs);
    referee.nowMs += 100;
    const some = spilled();
    expect(some.every(({ work, hadNoSlot }) => work.connection === 'hog' && hadNoSlot)).toBe(true);
    expect(waitingOf(referee, 'hog')).toBe(250);
    expect(some.length).toBeGreaterThan(40);
  });

  it('of a workspace that has its share a slow destination gives way to the others, while nobody else wants the slots', () => {
    const referee = new Referee({}, 16);
    add(referee, 'well', 6);
    suspect(referee, 'slow');
    add(referee, 'slow', 301);
    referee.pass(600);
    expect(waitingOf(referee, 'slow')).toBe(250);
    add(referee, 'well', 9);
    add(referee, 'well too', 9);
    referee.settle();
    expect(referee.lanes.stats.inFlight).toBeGreaterThanOrEqual(12);
    add(referee, 'slow', 50);
    referee.pass(600);
    expect(waitingOf(referee, 'slow')).toBe(300);
  });

  it('however many are held back, nobody forgets the others', () => {
    const referee = new Referee({}, 128);
    const dead = Array.from({ length: 100 }, (_, n) => `dead ${n}`);
    for (const each of dead) suspect(referee, each);
    withOthers(referee);
    for (const each of dead) add(referee, each, 5);
    referee.pass(600);
    for (const each of dead) expect(waitingOf(referee, each)).toBeLessThanOrEqual(2);
  });

  it('of another partition nobody gives way', () => {
    const referee = new Referee(known('limited', { concurrency: 1 }), 8);
    suspect(referee, 'slow');
    add(referee, 'slow', 251, { partition: 1 });
    add(referee, 'limited', 240);
    referee.pass(500);
    expect(referee.spilled).toEqual([]);
  });

  it('large work counts for more', () => {
    const referee = new Referee({}, 8);
    withOthers(referee);
    suspect(referee, 'slow');
    add(referee, 'slow', 21, { bytes: 100_000 });
    referee.pass(500);
    expect(waitingOf(referee, 'slow')).toBe(10);
  });

  it('one failure among successes does no harm', () => {
    const referee = new Referee({}, 8);
    withOthers(referee);
    suspect(referee, 'well');
    add(referee, 'well', 400);
    referee.pass(100);
    for (const attempt of referee.running) referee.finish(attempt, { kind: 'ok' });
    referee.pass(900);
    expect(referee.spilled).toEqual([]);
  });

  it('an order is spilled as a whole', () => {
    const referee = new Referee(known('strict', { order: 'strict' }), 8);
    withOthers(referee);
    add(referee, 'strict', 260);
    referee.pass(500);
    expect(waitingOf(referee, 'strict')).toBe(0);
    expect(referee.spilled).toEqual(Array.from({ length: 259 }, (_, at) => at + 2));
  });
});
