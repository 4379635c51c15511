// The breaker: what opens it, for how long, and what closes it.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { afterAttempt, breakerState, type Breaker, type BreakerAttempt } from './breaker.ts';

type Kind = BreakerAttempt['kind'];
const times = (count: number, kind: Kind): Kind[] => Array.from({ length: count }, () => kind);

/** After attempts of these kinds, one a second. */
const after = (kinds: readonly Kind[], stepMs = 1_000): Breaker | undefined =>
  kinds.reduce<Breaker | undefined>(
    (breaker, kind, at) => afterAttempt(breaker, { kind, isProbe: false }, at * stepMs),
    undefined,
  );

describe('a breaker', () => {
  it('opens after five straight failures, for a minute', () => {
    expect(breakerState(after(times(4, 'failed')), 4_000)).toBe('closed');
    expect(breakerState(after([...times(4, 'failed'), 'ok', ...times(4, 'failed')]), 9_000)).toBe('closed');
    const open = after(times(5, 'failed'));
    expect(open).toMatchObject({ reason: 'failures', openUntilMs: 64_000, opens: 1 });
    expect(breakerState(open, 63_999)).toBe('open');
    expect(breakerState(open, 64_000)).toBe('half_open');
  });

  it('opens after two straight timeouts', () => {
    expect(after(['timeout', 'failed', 'timeout'])?.reason).toBeNull();
    expect(after(['timeout', 'timeout'])?.reason).toBe('timeouts');
  });

  it('opens when seven of ten fail within five minutes', () => {
    const mixed: Kind[] = ['failed', 'failed', 'ok', 'failed', 'failed', 'ok', 'failed', 'failed', 'ok'];
    expect(after([...mixed, 'ok'])?.reason).toBeNull();
    expect(after([...mixed, 'failed'])?.reason).toBe('failure_rate');
    expect(after([...mixed, 'failed'], 60_000)?.reason).toBeNull();
  });

  it('has nothing to remember of a destination that did not fail for five minutes', () => {
    expect(after(times(20, 'ok'))).toBeUndefined();
    expect(after(['failed', ...times(5, 'ok')], 60_000)).toBeUndefined();
  });

  it('doubles its time with each failed probe, up to 16 minutes, and closes with a success', () => {
    let breaker = after(times(5, 'failed'));
    let nowMs = 4_000;
    for (const minutes of [2, 4, 8, 16, 16]) {
      nowMs = breaker?.openUntilMs ?? 0;
      breaker = afterAttempt(breaker, { kind: 'failed', isProbe: true }, nowMs);
      expect(breaker?.openUntilMs).toBe(nowMs + minutes * 60_000);
    }
    expect(afterAttempt(breaker, { kind: 'ok', isProbe: true }, nowMs)).toBeUndefined();
  });

  it('listens to its probe only, once it is open', () => {
    const open = after(times(5, 'failed'));
    for (const kind of ['ok', 'failed', 'timeout'] as const) {
      expect(afterAttempt(open, { kind, isProbe: false }, 10_000)).toEqual(open);
    }
  });

  it('comes back the same from JSON', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom<Kind>('ok', 'failed', 'timeout')), (kinds) => {
        const breaker = after(kinds);
        expect(breaker && JSON.parse(JSON.stringify(breaker))).toEqual(breaker);
      }),
    );
  });
});
