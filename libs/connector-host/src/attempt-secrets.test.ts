// No secret of a connection stands anywhere in an outcome, though the destination or the connector repeat it.
import { describe, expect, it } from '@jest/globals';
import { classified } from '@sluice/connector-kit';
import { answer, attempted, connection, connector, failure, type Case } from '../testing/attempted.ts';

describe('a secret', () => {
  const inUrl = connection({ metadata: { url: 'https://u:canary@example.com/?key=canary#canary', token: 'canary' } });
  const broken = connection({ metadata: { url: 7, token: 'canary', canary: 'canary' } });
  it.each<[string, Case]>([
    ['that was sent and taken', { connection: inUrl }],
    [
      'that was sent and refused',
      { connection: inUrl, exchange: answer(401, { headers: { 'set-cookie': 'session=canary' } }) },
    ],
    ['that was sent in vain', { connection: inUrl, exchange: failure() }],
    ['of a connection that is switched off', { connection: connection({ active: false }) }],
    ['of a connection that is not usable', { connection: broken }],
    ['of a delivery that cannot be expressed', { delivery: { action: 'impossible' } }],
    ['of a delivery with an unknown action', { delivery: { action: 'other' } }],
  ])('never stands in an outcome: one %s', async (_what, given) => {
    const { outcome } = await attempted(given);
    expect(JSON.stringify(outcome)).not.toContain('canary');
  });
});

describe('a secret that is repeated', () => {
  const token = 'can"ary/größe 1';
  const telling = connection({ metadata: { url: 'https://example.com/', token }, secrets: [token] });
  const forms = [token, JSON.stringify(token).slice(1, -1), encodeURIComponent(token)];

  it.each(forms)('by the destination as %s is struck out of what it answered', async (form) => {
    const echo = answer(401, { headers: { 'x-echo': `a ${form} b` }, body: `{"you sent":"Bearer ${form}"}` });
    const { outcome } = await attempted({ connection: telling, exchange: echo });
    expect(outcome.response?.headers['x-echo']).toBe('a [redacted] b');
    expect(outcome.response?.body).toMatch(/^\{"you sent":"(Bearer )?\[redacted\]"\}$/);
  });

  it('by the network is struck out of the error', async () => {
    const exchange = failure({ layer: 'http', message: `invalid header ${token}` });
    const { outcome } = await attempted({ connection: telling, exchange });
    expect(outcome.error?.message).toBe('invalid header [redacted]');
  });

  it('by the connector, quoting the answer, is struck out of the error', async () => {
    const quoting: typeof connector = {
      ...connector,
      classify: ({ body }) => classified('permanent', `the destination said: ${body}`),
    };
    const exchange = answer(401, { body: `bad token ${token}` });
    const { outcome } = await attempted({ connector: quoting, connection: telling, exchange });
    expect(outcome.error?.message).toBe('the destination said: bad token [redacted]');
  });

  it('by the connector, saying why it cannot build a request, is struck out of the error', async () => {
    const build = () => {
      throw new Error(`no use for ${token}`);
    };
    const refusing: typeof connector = {
      ...connector,
      actions: { send: { label: 'Send', noun: 'request', idempotency: 'natural', build } },
    };
    const { outcome } = await attempted({ connector: refusing, connection: telling });
    expect(outcome.error?.message).toBe('no use for [redacted]');
  });

  it('never hides whether the delivery got through, what it is or where it went', async () => {
    const { outcome } = await attempted({ connection: telling, exchange: answer(200, { body: token }) });
    expect(outcome).toMatchObject({ result: 'delivered', http_status: 200, request: { url: 'https://example.com/' } });
  });
});
