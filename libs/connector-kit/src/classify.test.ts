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
    [302, 'permanent', 'rejected_client_error'],
    [400, 'permanent', 'rejected_client_error'],
    [401, 'auth_dead', 'auth_failed'],
    [403, 'permanent', 'auth_failed'],
    [404, 'permanent', 'rejected_client_error'],
    [408, 'retry', 'timeout'],
    [410, 'gone', 'rejected_client_error'],
    [425, 'throttle', 'rate_limited'],
    [429, 'throttle', 'rate_limited'],
    [500, 'retry', 'rejected_server_error'],
    [501, 'permanent', 'rejected_server_error'],
    [503, 'retry', 'rejected_server_error'],
    [505, 'permanent', 'rejected_server_error'],
    [529, 'retry', 'rejected_server_error'],
  ])('%i is %s, %s', (status, answerClass, code) => {
    expect(answer(status)).toMatchObject({ class: answerClass, code });
  });

  it("is told in the vendor's own words, where it has some", () => {
    const told = (status: number, said?: string) => byStatus({ status, headers: {}, body: '' }, now, said).message;
    expect(told(500, 'E1: try later')).toBe('E1: try later');
    expect(told(500)).toBe('the destination answered 500');
    expect(told(200, 'OK')).toBe('');
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
