// The Slack connector, as far as its fixtures do not say it.
import { describe, expect, it } from '@jest/globals';
import type { Delivery } from '@sluice/contracts';
import fc from 'fast-check';
import { slack } from './connector.ts';
import { metadata } from './metadata.ts';
import { channels, test } from './questions.ts';
import { sendMessage } from './send-message.ts';

const token = { auth_scheme: 'token', bot_token: 'xoxb-1' };
const hookUrl = 'https://hooks.slack.com/services/T1/B1/s3cret';
const webhook = { auth_scheme: 'webhook', webhook_url: hookUrl };
const credentials = (given: object, access?: string) => ({
  metadata: metadata.parse(given),
  access: access === undefined ? undefined : { token: access, baseUrl: null },
});
const build = (fields: object, input: unknown, given: object = token) =>
  sendMessage.build({
    ...credentials(given),
    delivery: { id: 'd', event_id: 'e' } as Delivery,
    fields: fields as never,
    input: input as never,
    nowMs: 0,
  });
const answer = (body: unknown, status = 200) => ({
  status,
  headers: {},
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

describe('a message', () => {
  it.each([
    ['no channel', { template: 'hi' }, {}, 'fields.id'],
    ['an empty template', { id: 'C1', template: '{{none}} ' }, {}, 'fields.template'],
    ['neither template nor text', { id: 'C1' }, { email: 'a@b.c' }, 'text'],
    ['no text but a number', { id: 'C1' }, { text: 5 }, 'text'],
    ['too long a text', { id: 'C1' }, { text: 'x'.repeat(40_001) }, 'text'],
    ['too many blocks', { id: 'C1' }, { blocks: Array.from({ length: 51 }, () => ({ type: 'divider' })) }, 'blocks'],
    ['a block without a type', { id: 'C1' }, { blocks: [{}] }, 'blocks.0.type'],
    [
      'too long a block',
      { id: 'C1' },
      { blocks: [{ type: 'section', text: { text: 'x'.repeat(3_001) } }] },
      'blocks.0.text.text',
    ],
  ])('with %s is not sent, and says which field is at fault', (_, fields, input, field) => {
    expect(() => build(fields, input)).toThrow(expect.objectContaining({ name: 'InputError', field }));
  });

  it('goes where the connection says, whatever the event and the rule hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), fc.string({ unit: 'binary' }), (id, name) => {
        const request = build({ id, template: 'x{{name}}' }, { name });
        expect(request.url).toBe('https://slack.com/api/chat.postMessage');
        expect(Object.values(request.headers).join('')).toMatch(/^[\x20-\x7e]*$/);
        expect(JSON.parse(request.body)).toMatchObject({ channel: id });
        expect(build({ template: 'x{{name}}' }, { name }, webhook).url).toBe(hookUrl);
      }),
    );
  });

  it("keeps an incoming webhook's URL, and the last part of it, to itself", () => {
    const request = build({ template: 'hi' }, {}, webhook);
    expect(request.secrets).toEqual([hookUrl, 's3cret']);
    expect(request.headers).not.toHaveProperty('authorization');
  });
});

describe('an answer', () => {
  it('says what Slack needs', () => {
    const needed = answer({ ok: false, error: 'missing_scope', needed: 'chat:write' });
    expect(slack.classify(needed, 0).message).toBe('Slack answered missing_scope: needs the scope chat:write');
    const messages = ['[ERROR] missing required field: text'];
    const wrong = answer({ ok: false, error: 'invalid_blocks', response_metadata: { messages } });
    expect(slack.classify(wrong, 0).message).toContain('missing required field');
  });

  it('is read whatever it holds', () => {
    fc.assert(fc.property(fc.integer(), fc.string(), (status, body) => void slack.classify(answer(body, status), 0)));
    fc.assert(
      fc.property(fc.integer(), fc.jsonValue(), (status, body) => void slack.classify(answer(body, status), 0)),
    );
  });
});

describe('a test of the connection', () => {
  it('asks whose token it is', () => {
    expect(
      test.build(credentials({ auth_scheme: 'oauth', client_id: '1', client_secret: 's' }, 'xoxe-1')),
    ).toMatchObject({
      url: 'https://slack.com/api/auth.test',
      headers: { authorization: 'Bearer xoxe-1' },
      // It takes no arguments, and the contract no JSON.
      body: '',
    });
    expect(test.read(answer({ ok: true, team: 'T', user: 'bot' }))).toEqual({
      ok: true,
      message: 'workspace T, as bot',
    });
    expect(test.read(answer({ ok: false, error: 'invalid_auth' }))).toEqual({
      ok: false,
      message: 'Slack answered invalid_auth',
    });
  });

  it('gives an incoming webhook an empty message, which it refuses', () => {
    expect(test.build(credentials(webhook))).toMatchObject({ url: hookUrl, body: '{}' });
    expect(test.read(answer('no_text', 400)).ok).toBe(true);
    expect(test.read(answer('no_service', 404)).ok).toBe(false);
  });
});

describe('the channels to choose from', () => {
  it('are the public ones that are in use', () => {
    expect(channels.build(credentials(token))).toMatchObject({
      method: 'GET',
      url: 'https://slack.com/api/conversations.list?types=public_channel&exclude_archived=true&limit=999',
    });
    const listed = { ok: true, channels: [{ id: 'C1', name: 'general' }, { id: 'C2' }, null, { name: 'no id' }] };
    expect(channels.read(answer(listed))).toEqual([
      { value: 'C1', label: '#general' },
      { value: 'C2', label: '#C2' },
    ]);
  });

  it('are not told without the scope, and not asked for with an incoming webhook', () => {
    expect(() => channels.read(answer({ ok: false, error: 'missing_scope' }))).toThrow('missing_scope');
    expect(() => channels.build(credentials(webhook))).toThrow('its own channel');
  });
});

describe('the metadata', () => {
  it.each([
    [{ bot_token: 'xoxb-1' }],
    [{ ...token, bot_token: 'a b' }],
    [{ ...token, bot_token: 'a\r\nb' }],
    [{ ...token, base_url: 'https://slack.com/' }],
    [{ ...token, base_url: 'https://u@slack.com' }],
    [{ ...token, surprise: 1 }],
    [{ ...webhook, webhook_url: 'https://hooks.slack.com/services/T1/B1' }],
    [{ ...webhook, webhook_url: 'https://hooks.slack.com/services/T1/../s' }],
    [{ ...webhook, webhook_url: `${hookUrl}?x=1` }],
  ])('refuses %j', (given) => {
    expect(metadata.safeParse(given).success).toBe(false);
  });
});
