// Statuses and Retry-After, as the default classification reads them.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { byStatus, retryAfterMs } from './classify.ts';

const now = Date.parse('2026-01-01T00:00:00Z');
const answer = (status: number, headers: Record<string, string> = {}) => byStatus({ status, headers, body: '' }, now);

describe('an answer', () => {
  it.each([
    [200, 'delivered', 'delivered'],
    [204, 'delivered', 'delivered'],
    [302, 'rejected', 'rejected_client_error'],
    [400, 'rejected', 'rejected_client_error'],
    [401, 'rejected', 'auth_failed'],
    [403, 'rejected', 'auth_failed'],
    [404, 'rejected', 'rejected_client_error'],
    [408, 'retryable', 'timeout'],
    [410, 'rejected', 'rejected_client_error'],
    [425, 'retryable', 'rate_limited'],
    [429, 'retryable', 'rate_limited'],
    [500, 'retryable', 'rejected_server_error'],
    [503, 'retryable', 'rejected_server_error'],
  ])('%i is %s, %s', (status, result, code) => {
    expect(answer(status)).toMatchObject({ result, code });
  });

  it('carries the time its Retry-After names', () => {
    expect(answer(503, { 'retry-after': '120' }).retryAtMs).toBe(now + 120_000);
    expect(answer(429, { 'retry-after': 'Thu, 01 Jan 2026 00:01:00 GMT' }).retryAtMs).toBe(now + 60_000);
    expect(answer(429).retryAtMs).toBeUndefined();
  });
});

describe('Retry-After', () => {
  it.each([
    ['0', 0],
    [' 5 ', 5_000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['-5', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    ['2026', 2_026_000],
    ['', undefined],
    ['99999999999', undefined],
  ])('%j is %j ms', (header, ms) => {
    expect(retryAfterMs(header, now)).toBe(ms);
  });

  it('never throws and never asks for a negative wait', () => {
    fc.assert(fc.property(fc.string(), (header) => expect(retryAfterMs(header, now) ?? 0).toBeGreaterThanOrEqual(0)));
  });
});
