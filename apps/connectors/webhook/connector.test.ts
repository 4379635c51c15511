// The webhook connector: requests as receivers see them, answers as the engine understands them.
import { describe, expect, it } from '@jest/globals';
import { firstAttempt, type Delivery } from '@sluice/contracts';
import fc from 'fast-check';
import { webhook } from './connector.ts';
import { metadata } from './metadata.ts';
import { sendWebhook } from './send-webhook.ts';
import { signature } from './signature.ts';

const delivery: Delivery = {
  id: '8ebca8d3-ceea-55df-adfb-2ef1cc11a4a8',
  event_id: '6ba7b810-9dad-41d1-80b4-00c04fd430c8',
  workspace: '11111111-1111-4111-8111-111111111111',
  rule_id: 'f47ac10b-58cc-4372-a567-0e02b2c3d479',
  rule_version: 1,
  connection_id: '22222222-2222-4222-8222-222222222222',
  connection_version: 1,
  mapping_version: null,
  connector: 'webhook',
  action: 'send_webhook',
  action_settings: '{}',
  event: 'lead.created',
  resource: 'contact',
  resource_id: '7',
  payload: '{"n": 12345678901234567890.10}',
  created_at: Date.parse('2026-01-01T00:00:00Z'),
  created_by: 'mk_test',
  queued_at: 0,
  ...firstAttempt,
  attempt: 2,
  trigger: 'retry',
};
const secretKey = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const build = (over: object = {}, deliveryOver: Partial<Delivery> = {}) =>
  sendWebhook({
    delivery: { ...delivery, ...deliveryOver },
    metadata: metadata.parse({ url: 'https://example.com/hook?x=1', ...over }),
    nowMs: 1_614_265_330_500,
  });

describe('a request', () => {
  it('wraps the payload in the event envelope, digits untouched', () => {
    const { body } = build();
    expect(body).toContain('"data":{"n": 12345678901234567890.10}}');
    expect(JSON.parse(body)).toMatchObject({
      type: 'lead.created',
      timestamp: '2026-01-01T00:00:00.000Z',
      id: delivery.event_id,
      workspace: delivery.workspace,
      resource: 'contact',
      resource_id: '7',
    });
  });

  it('is the payload alone in raw mode, the rest in headers', () => {
    const { body, headers } = build({ payload_mode: 'raw' }, { event: 'Größe geändert', replay_id: 'r' });
    expect(body).toBe(delivery.payload);
    expect(headers).toMatchObject({
      'x-sluice-event': 'Gr%C3%B6%C3%9Fe%20ge%C3%A4ndert',
      'x-sluice-event-id': delivery.event_id,
      'x-sluice-attempt': '2',
      'x-sluice-replay': 'r',
    });
  });

  it('carries the same webhook-id on every attempt, and the time of this one', () => {
    expect(build({}, { attempt: 9 }).headers).toMatchObject({
      'webhook-id': delivery.id,
      'webhook-timestamp': '1614265330',
    });
  });

  it.each([
    [{ auth_scheme: 'none' }, {}, []],
    [
      { auth_scheme: 'basic', auth_username: 'u', auth_password: 'pä' },
      { authorization: 'Basic dTpww6Q=' },
      ['authorization'],
    ],
    [{ auth_scheme: 'bearer', auth_token: 't' }, { authorization: 'Bearer t' }, ['authorization']],
    [{ auth_scheme: 'header', auth_header_name: 'X-Key', auth_header_value: 'v' }, { 'x-key': 'v' }, ['x-key']],
    [{ headers: { 'X-Team': 'a' } }, { 'x-team': 'a' }, ['x-team']],
  ])('authorizes by %j', (settings, headers, secrets) => {
    const request = build(settings);
    expect(request.headers).toMatchObject(headers);
    expect(request.secretHeaders).toEqual(expect.arrayContaining(secrets));
  });

  it('is signed with every secret while a receiver changes over, and not at all when signing is off', () => {
    const signed = build({ signing_secret: secretKey, signing_secret_previous: secretKey }).headers[
      'webhook-signature'
    ];
    expect(signed).toMatch(/^v1,[A-Za-z0-9+/=]{44} v1,[A-Za-z0-9+/=]{44}$/);
    expect(build({ signing: false, signing_secret: secretKey }).headers).not.toHaveProperty('webhook-signature');
  });
});

describe('the signature', () => {
  it("is the one of Standard Webhooks' published vector", () => {
    const vector = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1_614_265_330, body: '{"test": 2432232314}' };
    expect(signature({ secrets: [secretKey], ...vector })).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });
});

describe('an answer', () => {
  it.each([
    [200, 'delivered', 'delivered'],
    [204, 'delivered', 'delivered'],
    [301, 'retry', 'rejected_client_error'],
    [400, 'retry', 'rejected_client_error'],
    [401, 'retry', 'auth_failed'],
    [403, 'retry', 'auth_failed'],
    [404, 'retry', 'rejected_client_error'],
    [410, 'gone', 'rejected_client_error'],
    [429, 'throttle', 'rate_limited'],
    [501, 'retry', 'rejected_server_error'],
    [503, 'retry', 'rejected_server_error'],
  ])('%i is %s, %s', (status, answerClass, code) => {
    expect(webhook.classify({ status, headers: {}, body: '' }, 0)).toMatchObject({ class: answerClass, code });
  });
});

describe('the metadata', () => {
  it.each([
    [{ url: 'ftp://example.com' }],
    [{ url: 'javascript:alert(1)' }],
    [{ url: 'https://user:pass@example.com' }],
    [{ url: 'https://example.com/a b' }],
    [{ url: 'https://example.com\\@evil' }],
    [{ http_method: 'GET' }],
    [{ payload_mode: 'other' }],
    [{ headers: { Host: 'x' } }],
    [{ headers: { 'Webhook-Id': 'x' } }],
    [{ headers: { 'X-SLUICE-Attempt': 'x' } }],
    [{ headers: { AUTHORIZATION: 'x' } }],
    [{ headers: { 'X-A': 'a\r\nb: c' } }],
    [{ headers: { 'X A': 'a' } }],
    [{ signing_secret: 'whsec_short' }],
    [{ auth_token: 'a b' }],
    [{ surprise: 1 }],
  ])('refuses %j', (over) => {
    expect(metadata.safeParse({ url: 'https://example.com', ...over }).success).toBe(false);
  });

  it('never lets a header value break out of its header', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const parsed = metadata.safeParse({ url: 'https://example.com', headers: { 'x-a': value } });
        if (parsed.success) expect(parsed.data.headers?.['x-a']).not.toMatch(/[\r\n\0]/);
      }),
    );
  });
});
