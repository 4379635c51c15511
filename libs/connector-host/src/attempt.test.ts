// An attempt always ends in an outcome, and the outcome says what went wrong in which layer.
import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import {
  answer,
  attempted,
  connection,
  connector,
  delivery,
  failure,
  notSent,
  nowMs,
  type Case,
} from '../testing/attempted.ts';

describe('an attempt that gets through', () => {
  it('tells everything about itself but the delivery, which nobody needs any more', async () => {
    const { sent, outcome } = await attempted({ exchange: answer(201, { headers: { 'x-a': 'b' }, body: 'ok' }) });
    expect(sent).toMatchObject([{ body: '{"n":"größe"}' }]);
    expect(outcome).toEqual({
      delivery_id: 'bbe790a7-4eb5-5735-8620-969f93857fa6',
      event_id: '6ba7b810-9dad-41d1-80b4-00c04fd430c8',
      workspace: '11111111-1111-4111-8111-111111111111',
      event: 'lead.created',
      rule_id: 'f47ac10b-58cc-4372-a567-0e02b2c3d479',
      rule_version: 3,
      connection_id: '22222222-2222-4222-8222-222222222222',
      connection_version: 5,
      mapping_version: null,
      connector: 'test',
      action: 'send',
      attempt: 2,
      trigger: 'retry',
      replay_id: null,
      result: 'delivered',
      outcome_code: 'delivered',
      retry_at: null,
      started_at: nowMs,
      queued_ms: 250,
      connect_ms: 1,
      ttfb_ms: 20,
      total_ms: 25,
      http_status: 201,
      error: null,
      request: {
        method: 'POST',
        url: 'https://example.com/hook',
        headers: { 'content-type': 'application/json', authorization: '[redacted]', 'x-key': '[redacted]' },
        body_bytes: 15,
        body_sha256: createHash('sha256').update('{"n":"größe"}').digest('hex'),
      },
      response: { status: 201, headers: { 'x-a': 'b' }, body: 'ok', truncated: false },
      trace_id: 't'.repeat(32),
      span_id: 's'.repeat(16),
      delivery: null,
    });
  });

  it('was queued no less than no time, though clocks of machines differ', async () => {
    expect((await attempted({ delivery: { queued_at: nowMs + 5_000 } })).outcome.queued_ms).toBe(0);
  });
});

describe('an attempt that fails', () => {
  it("carries its delivery, the answer, and the destination's own word when to come back", async () => {
    const busy = answer(429, { headers: { 'retry-after': '120' }, body: 'x', truncated: true });
    const { outcome } = await attempted({ exchange: busy });
    expect(outcome).toMatchObject({
      result: 'retryable',
      outcome_code: 'rate_limited',
      retry_at: nowMs + 120_000,
      http_status: 429,
      error: { layer: 'http', code: 'http_429' },
      response: { status: 429, truncated: true },
      delivery: delivery(),
    });
  });

  it.each([
    ['timeout', 'timeout'],
    ['dns', 'network_error'],
    ['tcp', 'network_error'],
    ['tls', 'network_error'],
    ['http', 'network_error'],
  ] as const)('in the layer %s without an answer is a %s, to be tried again', async (layer, outcome_code) => {
    const exchange = failure({ layer, code: 'connect_failed', message: 'm', timing: notSent });
    const { outcome } = await attempted({ exchange });
    expect(outcome).toMatchObject({
      result: 'retryable',
      outcome_code,
      error: { layer, code: 'connect_failed', message: 'm' },
      http_status: null,
      response: null,
      request: { method: 'POST' },
      connect_ms: null,
      total_ms: 9,
      delivery: delivery(),
    });
  });

  it('because its URL leads where nobody may call is rejected: another attempt would fare no better', async () => {
    const exchange = failure({ layer: 'internal', code: 'address_forbidden' });
    const { outcome } = await attempted({ exchange });
    expect(outcome).toMatchObject({
      result: 'rejected',
      outcome_code: 'network_error',
      error: { layer: 'internal', code: 'address_forbidden' },
    });
  });
});

describe('an answer', () => {
  it('is kept without the cookies it sets', async () => {
    const headers = { 'set-cookie': 'session=of-the-destination', 'x-a': 'b' };
    const { outcome } = await attempted({ exchange: answer(200, { headers }) });
    expect(outcome.response?.headers).toEqual({ 'set-cookie': '[redacted]', 'x-a': 'b' });
  });
});

describe('an attempt that cannot be made', () => {
  it.each([
    ['its connection was deleted', { connection: undefined }, 'internal_error', 'internal', 'connection_deleted'],
    [
      'its connection is switched off',
      { connection: connection({ active: false }) },
      'internal_error',
      'internal',
      'connection_inactive',
    ],
    ['its action is unknown', { delivery: { action: 'other' } }, 'internal_error', 'internal', 'action_unknown'],
    [
      "its action is the name of an object's own member",
      { delivery: { action: 'constructor' } },
      'internal_error',
      'internal',
      'action_unknown',
    ],
    [
      'its connection is not usable',
      { connection: connection({ metadata: { url: 7 } }) },
      'internal_error',
      'internal',
      'metadata_invalid',
    ],
    [
      'its connection has nothing',
      { connection: connection({ metadata: null }) },
      'internal_error',
      'internal',
      'metadata_invalid',
    ],
    [
      'its payload cannot be expressed',
      { delivery: { action: 'impossible' } },
      'mapping_error',
      'mapping',
      'request_not_built',
    ],
  ])('is rejected and nothing is sent: %s', async (_what, given: Case, outcome_code, layer, code) => {
    const { sent, outcome } = await attempted(given);
    expect(sent).toEqual([]);
    expect(outcome).toMatchObject({
      result: 'rejected',
      outcome_code,
      error: { layer, code },
      http_status: null,
      request: null,
      response: null,
      total_ms: 0,
      delivery: { id: delivery().id, attempt: 2 },
    });
  });

  it('waits for somebody to mend the keys when its credentials do not open', async () => {
    const { sent, outcome } = await attempted({ connection: connection({ isSealed: true }) });
    expect(sent).toEqual([]);
    expect(outcome).toMatchObject({ result: 'retryable', error: { code: 'credentials_unreadable' } });
  });

  it('names the version it found, or the one it was asked for when there is none', async () => {
    expect((await attempted({ connection: connection({ active: false }) })).outcome.connection_version).toBe(5);
    expect((await attempted({ connection: undefined })).outcome.connection_version).toBe(4);
  });

  it('says why in words', async () => {
    const { outcome } = await attempted({ delivery: { action: 'impossible' } });
    expect(outcome.error?.message).toBe('the payload has no email');
  });
});

describe('an attempt never throws', () => {
  it('when a connector builds a URL that is none', async () => {
    const url = 'https://[::';
    const exchange = failure({ layer: 'http', code: 'url_unreadable' });
    const tried = attempted({ connection: connection({ metadata: { url } }), exchange });
    await expect(tried).resolves.toMatchObject({ outcome: { delivery: delivery() } });
  });

  it('when a connector stumbles over an answer', async () => {
    const stumbling: typeof connector = {
      ...connector,
      classify: ({ body }) => (JSON.parse(body) as { classification: never }).classification,
    };
    const tried = attempted({ connector: stumbling, exchange: answer(200, { body: 'no JSON' }) });
    await expect(tried).resolves.toMatchObject({
      outcome: { outcome_code: 'internal_error', http_status: 200, delivery: delivery() },
    });
  });
});
