// The Segment connector, as far as its fixtures do not say it: batches, sizes, and that nothing gets out of the body.
import { describe, expect, it } from '@jest/globals';
import type { Call } from '@sluice/connector-kit';
import type { Delivery } from '@sluice/contracts';
import fc from 'fast-check';
import { segment } from './connector.ts';
import { actions } from './messages.ts';
import { metadata, type SegmentMetadata } from './metadata.ts';

const { track, identify } = actions;
const call = (input: object, id = 'd1'): Call<SegmentMetadata, never, never> => ({
  metadata: metadata.parse({ write_key: 'key' }),
  access: undefined,
  delivery: { id, created_at: 0 } as Delivery,
  fields: {} as never,
  input: input as never,
  nowMs: 0,
});
const answer = (status: number, headers: Record<string, string> = {}, body = '') => ({ status, headers, body });

describe('a message', () => {
  it('needs somebody it is about', () => {
    expect(() => track.build(call({ event: 'a' }))).toThrow(expect.objectContaining({ field: 'userId' }));
  });

  it('that Segment would drop for its size is not sent', () => {
    expect(() => track.build(call({ userId: '1', event: 'a', properties: { long: 'ж'.repeat(17_000) } }))).toThrow(
      '32 kB',
    );
  });

  it('goes where the connection says, whatever the event holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), fc.jsonValue(), (userId, traits) => {
        const request = identify.build(call({ userId, traits }));
        expect(request.url).toBe('https://api.segment.io/v1/identify');
        expect(request.headers).toEqual(identify.build(call({ userId: '1' })).headers);
      }),
    );
  });
});

describe('a batch', () => {
  const calls = [call({ userId: '1', event: 'a' }), call({ userId: '2', event: 'b' }, 'd2')];
  const read = (status: number, of = calls) => track.batch?.read(answer(status), of, 0).map((one) => one.class);

  it('holds the messages with their kind and their own ids', () => {
    const request = track.batch?.build(calls);
    expect(request?.url).toBe('https://api.segment.io/v1/batch');
    expect(JSON.parse(request?.body ?? '')).toEqual({
      batch: [
        { type: 'track', messageId: 'd1', timestamp: '1970-01-01T00:00:00.000Z', userId: '1', event: 'a' },
        { type: 'track', messageId: 'd2', timestamp: '1970-01-01T00:00:00.000Z', userId: '2', event: 'b' },
      ],
    });
  });

  it('is delivered or refused as a whole, and halved for what one message may have done', () => {
    expect(read(200)).toEqual(['delivered', 'delivered']);
    expect(read(400)).toEqual(['split', 'split']);
    expect(read(413)).toEqual(['split', 'split']);
    expect(read(413, calls.slice(1))).toEqual(['permanent']);
    expect(read(401)).toEqual(['auth_dead', 'auth_dead']);
    expect(read(503)).toEqual(['retry', 'retry']);
  });
});

describe('an answer', () => {
  it.each([
    ['5', 5_000 + 1e12],
    ['1000000060', 1_000_000_060_000],
    ['soon', undefined],
  ])('with the X-RateLimit-Reset %s pauses until %j', (reset, untilMs) => {
    expect(segment.classify(answer(429, { 'x-ratelimit-reset': reset }), 1e12).retryAtMs).toBe(untilMs);
  });

  it('is read whatever it holds', () => {
    fc.assert(
      fc.property(fc.integer(), fc.jsonValue(), (status, body) => {
        expect(segment.classify(answer(status, {}, JSON.stringify(body)), 0).message.length).toBeLessThan(300);
      }),
    );
  });
});

describe('the metadata', () => {
  it.each([
    [{}],
    [{ write_key: 'a:b' }],
    [{ write_key: 'a b' }],
    [{ write_key: 'k', base_url: 'ftp://example.com' }],
    [{ write_key: 'k', base_url: 'https://example.com/v1?x' }],
    [{ write_key: 'k', surprise: 1 }],
  ])('refuses %j', (given) => {
    expect(metadata.safeParse(given).success).toBe(false);
  });
});
