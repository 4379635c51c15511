// Proves what counts as early, late, intruding and idle.
import { describe, expect, it } from '@jest/globals';
import { deliveryId } from '@sluice/contracts';
import fc from 'fast-check';
import type { Received } from './received.ts';
import { crowdOf, intrusionsOf, longestGapMs, punctualityOf, spreadOf } from './timing.ts';

const event = '00000000-0000-4000-8000-000000000001';
const rule = '00000000-0000-4000-8000-000000000002';
const id = deliveryId(event, rule);

const request = (atMs: number, over: Partial<Received> = {}): Received => ({
  ...{ atMs, path: '/a', id, bodyHash: '', attempt: 1, status: 200, connection: 1, untilMs: 0 },
  ...over,
});

describe('punctuality', () => {
  it('holds each attempt against when the one before said that it was due', () => {
    fc.assert(
      fc.property(fc.integer({ min: -5_000, max: 5_000 }), (lateMs) => {
        const requests = [request(0), request(10_000 + lateMs, { attempt: 2 })];
        const attempts = [
          { event, rule, attempt: 1, nextAtMs: 10_000 },
          { event, rule, attempt: 2, nextAtMs: null },
        ];
        const { early, lateMs: late } = punctualityOf(requests, attempts);
        expect([early, late.max]).toEqual(lateMs < 0 ? [1, 0] : [0, lateMs]);
      }),
    );
  });

  it('goes by the first of requests that repeat an attempt', () => {
    const requests = [request(12_000, { attempt: 2 }), request(9_000, { attempt: 2 })];
    expect(punctualityOf(requests, [{ event, rule, attempt: 1, nextAtMs: 10_000 }]).early).toBe(1);
  });
});

describe('intrusions', () => {
  it('are told apart by whether the delivery itself or only its destination had asked to wait', () => {
    const asked = request(0, { status: 429, untilMs: 1_000 });
    expect(intrusionsOf([asked, request(999)])).toEqual({ sameDelivery: 1, anyDelivery: 1 });
    expect(intrusionsOf([asked, request(500, { id: 'another' })])).toEqual({ sameDelivery: 0, anyDelivery: 1 });
    expect(intrusionsOf([asked, request(500, { id: 'another', path: '/b' })])).toEqual({
      sameDelivery: 0,
      anyDelivery: 0,
    });
    expect(intrusionsOf([asked, request(1_000)])).toEqual({ sameDelivery: 0, anyDelivery: 0 });
  });
});

describe('a spread', () => {
  it('is by nearest rank', () => {
    expect(spreadOf(Array.from({ length: 100 }, (_, n) => 100 - n))).toEqual({
      count: 100,
      p50: 50,
      p99: 99,
      max: 100,
    });
    expect(spreadOf([])).toEqual({ count: 0, p50: 0, p99: 0, max: 0 });
  });
});

describe('the longest gap', () => {
  it('is also one at the beginning or the end', () => {
    expect(longestGapMs([10, 20, 90], 0, 100)).toBe(70);
    expect(longestGapMs([10, 20], 0, 100)).toBe(80);
    expect(longestGapMs([], 0, 100)).toBe(100);
  });
});

describe('a crowd', () => {
  it('is the fewest and the most that any window of the span holds', () => {
    const moment = fc.integer({ min: 0, max: 60 });
    fc.assert(
      fc.property(fc.array(moment), fc.integer({ min: 1, max: 20 }), moment, (moments, windowMs, fromMs) => {
        const begins = Array.from({ length: 11 }, (_, index) => fromMs + index);
        const counts = begins.map((begin) => moments.filter((at) => at >= begin && at < begin + windowMs).length);
        expect(crowdOf(moments, windowMs, { fromMs, toMs: fromMs + 10 + windowMs })).toEqual({
          least: Math.min(...counts),
          most: Math.max(...counts),
        });
      }),
    );
  });
});
