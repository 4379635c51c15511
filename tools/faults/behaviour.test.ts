// Proves how the receiver answers, and that its records survive their file.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { replyOf } from './behaviour.ts';
import { lineOf, receivedOf } from './received.ts';

describe('a reply', () => {
  it('fails the first requests of an id only, where so told', () => {
    const behaviour = { kind: 'status', status: 503, times: 2 } as const;
    expect([1, 2, 3].map((count) => replyOf(behaviour, count, 0).status)).toEqual([503, 503, 200]);
    expect(replyOf({ kind: 'status', status: 410 }, 1_000, 0).status).toBe(410);
  });

  it('says the same in seconds and as a date, and a date is never too soon', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 41 }), fc.integer({ min: 1, max: 100 }), (nowMs, seconds) => {
        const reply = (as: 'seconds' | 'date') =>
          replyOf({ kind: 'status', status: 429, retryAfter: { seconds, as } }, 1, nowMs);
        expect(reply('seconds')).toMatchObject({ retryAfter: String(seconds), untilMs: nowMs + seconds * 1_000 });
        const { retryAfter = '', untilMs } = reply('date');
        expect(Date.parse(retryAfter)).toBe(untilMs);
        expect(untilMs).toBeGreaterThanOrEqual(nowMs + seconds * 1_000);
        expect(untilMs).toBeLessThan(nowMs + (seconds + 1) * 1_000);
      }),
    );
  });

  it('asks everybody to wait for the rest of the time in which it is down, and not much longer', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 41 }),
        fc.constantFrom('seconds' as const, 'date' as const),
        (at, as) => {
          const { status, untilMs, retryAfter } = replyOf(
            { kind: 'flapping', upMs: 3_000, downMs: 5_000, status: 429, retryAs: as },
            1,
            at,
          );
          if (at % 8_000 < 3_000) return expect([status, untilMs, retryAfter]).toEqual([200, 0, undefined]);
          expect(status).toBe(429);
          const overAtMs = at - (at % 8_000) + 8_000;
          expect(untilMs).toBeGreaterThanOrEqual(overAtMs);
          expect(untilMs).toBeLessThan(overAtMs + 1_000);
        },
      ),
    );
  });

  it('goes up and down by the clock where it flaps, and never comes from a black hole', () => {
    const flapping = { kind: 'flapping', upMs: 100, downMs: 50 } as const;
    expect([0, 99, 100, 149, 150].map((nowMs) => replyOf(flapping, 1, nowMs).status)).toEqual([
      200, 200, 503, 503, 200,
    ]);
    expect(replyOf({ ...flapping, status: 404 }, 1, 149).status).toBe(404);
    expect(replyOf({ kind: 'black hole' }, 1, 0).status).toBeNull();
    expect(replyOf({ kind: 'slow', afterMs: 70 }, 1, 0)).toMatchObject({ status: 200, afterMs: 70 });
  });
});

describe('a record of a request', () => {
  it('comes out of its line as it went in', () => {
    const text = fc.string({ unit: fc.constantFrom(...'abc/-_0123') });
    const received = fc.record({
      ...{ atMs: fc.nat(), path: text, id: text, bodyHash: text },
      ...{ attempt: fc.nat(), status: fc.nat(), connection: fc.nat(), untilMs: fc.nat() },
    });
    fc.assert(fc.property(received, (each) => expect(receivedOf(lineOf(each).trimEnd())).toEqual(each)));
  });
});
