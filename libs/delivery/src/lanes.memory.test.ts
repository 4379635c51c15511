// What lanes remember of connections without work, and for how long.
import { describe, expect, it } from '@jest/globals';
import { Referee } from '../testing/referee.ts';

describe('lanes', () => {
  it('forget a connection as soon as nothing is to be remembered of it, and one that failed after an hour', () => {
    const referee = new Referee({}, 8);
    for (const connection of ['well', 'ill']) referee.add(connection);
    referee.settle();
    for (const attempt of referee.running) {
      referee.finish(attempt, { kind: attempt.work.connection === 'ill' ? 'failed' : 'ok' });
    }
    expect(referee.lanes.stats).toMatchObject({ lanes: 1, workspaces: 1 });
    referee.nowMs += 3_600_000;
    referee.add('other');
    expect(referee.lanes.look('ill')).toBeUndefined();
  });

  it('forget neither who is in parking nor who is throttled, however long ago it was', () => {
    const referee = new Referee({ strict: { workspace: 'w', policy: { order: 'strict' } } }, 8);
    for (const connection of ['strict', 'busy']) referee.add(connection);
    referee.settle();
    for (const attempt of referee.running) {
      const isBusy = attempt.work.connection === 'busy';
      const retryAtMs = isBusy ? referee.nowMs + 20_000_000 : undefined;
      referee.finish(attempt, { kind: isBusy ? 'throttled' : 'failed', retryAtMs });
    }
    referee.nowMs += 18_000_000;
    referee.add('other');
    expect(referee.lanes.look('strict')?.isDiverted).toBe(true);
    expect(referee.lanes.look('busy')?.closedUntilMs).toBeGreaterThan(referee.nowMs);
  });

  it('remember what they are told of a connection', () => {
    const referee = new Referee({ strict: { workspace: 'w', policy: { order: 'strict' } } }, 8);
    const breaker = {
      failures: 0,
      timeouts: 0,
      minutes: [],
      opens: 3,
      openUntilMs: referee.nowMs + 60_000,
      reason: null,
    };
    referee.lanes.remember({ workspace: 'w', connection: 'dead', breaker, isDiverted: false }, referee.nowMs);
    referee.lanes.remember(
      { workspace: 'w', connection: 'strict', breaker: undefined, isDiverted: true },
      referee.nowMs,
    );
    for (const connection of ['dead', 'strict']) referee.add(connection);
    referee.settle();
    expect(referee.spilled).toEqual([0, 1]);
  });
});
