// The claim book against a plain list of all claims: first in log order wins, for 24 hours, within the limit.
import { describe, expect, it } from '@jest/globals';
import type { IdempotencyClaim } from '@sluice/contracts';
import fc from 'fast-check';
import { ClaimBook, claimLimits } from './claim-book.ts';

const claim = (over: Partial<IdempotencyClaim> = {}): IdempotencyClaim => ({
  key: 'k',
  body_hash: 'b',
  event_id: 'e1',
  created_at: 0,
  appended: false,
  ...over,
});

const noLimit = { lifetimeMs: 1_000, claims: 1_000 };

describe('the claim book', () => {
  it('gives every key to the first claim of it in the log, and knows whether its event was appended', () => {
    const record = fc.record({
      key: fc.constantFrom('k1', 'k2', 'k3'),
      event_id: fc.constantFrom('e1', 'e2', 'e3', 'e4'),
      body_hash: fc.constantFrom('b1', 'b2'),
      created_at: fc.nat(500),
      appended: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(record), (log) => {
        const book = new ClaimBook(noLimit);
        log.forEach((each) => book.apply(each, 500));
        for (const key of ['k1', 'k2', 'k3']) {
          const ofKey = log.filter((each) => each.key === key);
          const [first] = ofKey;
          const appended = ofKey.some((each) => each.event_id === first?.event_id && each.appended);
          const { event_id, body_hash, created_at } = first ?? {};
          expect(book.get(key, 500)).toEqual(first && { event_id, body_hash, created_at, appended });
        }
      }),
    );
  });

  it('says the same on two replicas that read the log at different speeds', () => {
    const record = fc.record({ key: fc.constantFrom('k1', 'k2'), event_id: fc.uuid(), created_at: fc.nat(900) });
    fc.assert(
      fc.property(fc.array(record), fc.nat(900), (log, readAt) => {
        const [early, late] = [new ClaimBook(noLimit), new ClaimBook(noLimit)];
        log.forEach((each) => early.apply(claim(each), readAt));
        log.forEach((each) => late.apply(claim(each), 900));
        for (const key of ['k1', 'k2']) expect(late.get(key, 900)).toEqual(early.get(key, 900));
      }),
    );
  });

  it('answers each claim with the one that holds: itself or an earlier one', () => {
    const book = new ClaimBook(noLimit);
    expect(book.apply(claim(), 0)?.event_id).toBe('e1');
    expect(book.apply(claim({ event_id: 'e2', body_hash: 'other' }), 1)).toMatchObject({
      event_id: 'e1',
      body_hash: 'b',
    });
  });

  it('does not take the mark of an event that did not win', () => {
    const book = new ClaimBook(noLimit);
    book.apply(claim(), 0);
    book.apply(claim({ event_id: 'e2', appended: true }), 0);
    expect(book.get('k', 0)?.appended).toBe(false);
    book.apply(claim({ appended: true }), 0);
    expect(book.get('k', 0)?.appended).toBe(true);
  });

  it('forgets a claim when its time is up, to the millisecond, and gives the key away anew', () => {
    const { lifetimeMs } = claimLimits;
    const book = new ClaimBook();
    book.apply(claim(), 0);
    expect(book.get('k', lifetimeMs - 1)).toBeDefined();
    expect(book.get('k', lifetimeMs)).toBeUndefined();
    expect(book.apply(claim({ event_id: 'e2', created_at: lifetimeMs }), lifetimeMs)?.event_id).toBe('e2');
    expect(book.size).toBe(1);
  });

  it('does not take what was too old when it was read, as at a start a day later', () => {
    const book = new ClaimBook(noLimit);
    expect(book.apply(claim({ created_at: 0 }), 1_000)).toBeUndefined();
    expect(book.size).toBe(0);
  });

  it('holds nothing back that expired, even when clocks of replicas disagree', () => {
    const book = new ClaimBook(noLimit);
    book.apply(claim({ key: 'ahead', created_at: 600 }), 600);
    book.apply(claim({ key: 'behind', created_at: 100 }), 600);
    expect(book.get('behind', 1_100)).toBeUndefined();
    book.apply(claim({ key: 'new', created_at: 1_600 }), 1_600);
    expect(book.size).toBe(1);
  });

  it('holds no more than its limit, drops the oldest first and counts what it dropped', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(), { maxLength: 20 }), fc.integer({ min: 1, max: 5 }), (keys, limit) => {
        const book = new ClaimBook({ lifetimeMs: 1_000, claims: limit });
        keys.forEach((key, at) => book.apply(claim({ key: String(key), created_at: at }), at));
        expect(keys.filter((key) => book.get(String(key), keys.length))).toEqual(keys.slice(-limit));
        expect(book.size).toBe(Math.min(limit, keys.length));
        expect(book.forgottenEarly).toBe(Math.max(0, keys.length - limit));
      }),
    );
  });
});
