// The PostHog connector, as far as its fixtures do not say it: batches, the test, and that nothing gets out of the body.
import { describe, expect, it } from '@jest/globals';
import type { Call } from '@sluice/connector-kit';
import { answer } from '@sluice/connector-kit/fixtures.ts';
import type { Delivery } from '@sluice/contracts';
import fc from 'fast-check';
import { posthog } from './connector.ts';
import { actions } from './events.ts';
import { metadata, type PosthogMetadata } from './metadata.ts';

const { capture, identify } = actions;
const credentials = { metadata: metadata.parse({ api_key: 'phc_12345678' }), access: undefined };
const call = (input: object, id = 'd1'): Call<PosthogMetadata, never, never> => ({
  ...credentials,
  delivery: { id, created_at: 0 } as Delivery,
  fields: {} as never,
  input: input as never,
  nowMs: 0,
});

describe('an event', () => {
  it('goes where the connection says, with its key, whatever it holds', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', minLength: 1 }),
        fc.dictionary(fc.string(), fc.jsonValue()),
        (id, given) => {
          for (const request of [
            capture.build(call({ distinct_id: id, event: id, properties: given })),
            identify.build(call({ distinct_id: id, $set: given })),
          ]) {
            expect(request.url).toBe('https://us.i.posthog.com/i/v0/e/');
            expect(request.headers).toEqual({ accept: 'application/json', 'content-type': 'application/json' });
            expect(JSON.parse(request.body)).toMatchObject({ api_key: 'phc_12345678', distinct_id: id });
            expect(request.secrets).toEqual(['phc_12345678']);
          }
        },
      ),
    );
  });

  it('is of nobody whose id PostHog would cut off', () => {
    expect(capture.input?.safeParse({ distinct_id: 'x'.repeat(201), event: 'a' }).success).toBe(false);
  });
});

describe('a batch', () => {
  const calls = [call({ distinct_id: '1', event: 'a' }), call({ distinct_id: '2', event: 'b' }, 'd2')];
  const read = (status: number, { body, of = calls }: { body?: unknown; of?: typeof calls } = {}) =>
    capture.batch?.read(answer(status, body), of, 0).map((one) => one.class);

  it('holds the events with their own ids, and the key once', () => {
    const request = capture.batch?.build(calls);
    const rest = { timestamp: '1970-01-01T00:00:00.000Z', properties: { $geoip_disable: true } };
    expect(request?.url).toBe('https://us.i.posthog.com/batch/');
    expect(request?.secrets).toEqual(['phc_12345678']);
    expect(JSON.parse(request?.body ?? '')).toEqual({
      api_key: 'phc_12345678',
      batch: [
        { distinct_id: '1', event: 'a', uuid: 'd1', ...rest },
        { distinct_id: '2', event: 'b', uuid: 'd2', ...rest },
      ],
    });
  });

  it('is delivered or refused as a whole, and halved for what one event may have done', () => {
    expect(read(200, { body: { status: 1 } })).toEqual(['delivered', 'delivered']);
    expect(read(200, { body: { status: 1, quota_limited: ['events'] } })).toEqual(['throttle', 'throttle']);
    expect(read(400)).toEqual(['split', 'split']);
    expect(read(413)).toEqual(['split', 'split']);
    expect(read(413, { of: calls.slice(1) })).toEqual(['permanent']);
    expect(read(401)).toEqual(['auth_dead', 'auth_dead']);
  });
});

describe('an answer', () => {
  it('is told in the words of PostHog', () => {
    const body = { type: 'authentication_error', code: 'invalid_api_key', detail: 'no such project' };
    expect(posthog.classify(answer(401, body), 0).message).toBe(
      'PostHog answered 401: authentication_error: invalid_api_key: no such project',
    );
  });

  it('is read whatever it holds', () => {
    fc.assert(
      fc.property(fc.integer(), fc.jsonValue(), (status, body) => void posthog.classify(answer(status, body), 0)),
    );
  });
});

describe('a test of the connection', () => {
  it('asks for flags, which refuses a key that PostHog does not know', () => {
    expect(posthog.test?.build(credentials)).toMatchObject({
      method: 'POST',
      url: 'https://us.i.posthog.com/flags/?v=2',
      secrets: ['phc_12345678'],
    });
    expect(posthog.test?.read(answer(200, { flags: {} })).ok).toBe(true);
    expect(posthog.test?.read(answer(401, { detail: 'unknown' }))).toEqual({
      ok: false,
      message: 'PostHog answered 401: unknown',
    });
  });
});

describe('the metadata', () => {
  it.each([
    [{}],
    [{ api_key: 'short' }],
    [{ api_key: 'phc_"123456' }],
    [{ api_key: 'phc_12345678', base_url: 'https://eu.i.posthog.com/' }],
    [{ api_key: 'phc_12345678', surprise: 1 }],
  ])('refuses %j', (given) => {
    expect(metadata.safeParse(given).success).toBe(false);
  });
});
