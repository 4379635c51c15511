// An attempt with an access token: once more with another when the vendor says that it is too old, and never a third time.
import { describe, expect, it } from '@jest/globals';
import { byStatus, classified, type Access } from '@sluice/connector-kit';
import type { AccessAnswer } from './access-tokens.ts';
import { answer, attempted, connection, connector, delivery, failure, type Case } from '../testing/attempted.ts';

/** A vendor that calls a token too old by 401. */
const expiring: typeof connector = {
  ...connector,
  classify: (response, nowMs) =>
    response.status === 401 ? classified('auth_expired', 'the token has expired') : byStatus(response, nowMs),
};

const token = (name: string): AccessAnswer => ({ access: { token: `${name}-canary`, baseUrl: null } });

/** Tokens given one after the other, and which one was called stale each time. */
function tokens(...answers: AccessAnswer[]) {
  const stale: (string | undefined)[] = [];
  const access = (_connection: unknown, refused?: Access): AccessAnswer => {
    stale.push(refused?.token);
    return answers[stale.length - 1] ?? { problem: 'asked once too often', isDead: false };
  };
  return { stale, access };
}

async function attemptedWith(given: Case, ...answers: AccessAnswer[]) {
  const { stale, access } = tokens(...answers);
  const { sent, outcome } = await attempted({ connector: expiring, ...given, access });
  return { stale, sentWith: sent.map(({ headers }) => headers.authorization), outcome };
}

describe('an attempt with an access token', () => {
  it('asks for one and sends it', async () => {
    const { stale, sentWith, outcome } = await attemptedWith({}, token('first'));
    expect(stale).toEqual([undefined]);
    expect(sentWith).toEqual(['Bearer first-canary']);
    expect(outcome.result).toBe('delivered');
  });

  it('that is too old is made once more with another', async () => {
    const exchanges = [answer(401), answer(200)];
    const { stale, sentWith, outcome } = await attemptedWith({ exchanges }, token('first'), token('second'));
    expect(stale).toEqual([undefined, 'first-canary']);
    expect(sentWith).toEqual(['Bearer first-canary', 'Bearer second-canary']);
    expect(outcome).toMatchObject({ result: 'delivered', http_status: 200, error: null, attempt: 2 });
  });

  it('tells what came of the second request, whatever it is', async () => {
    const exchanges = [answer(401), answer(503)];
    const { outcome } = await attemptedWith({ exchanges }, token('first'), token('second'));
    expect(outcome).toMatchObject({ result: 'retryable', http_status: 503, error: { code: 'http_503' } });
  });

  it('that is too old although it is new stops the connection', async () => {
    const { sentWith, outcome } = await attemptedWith(
      { exchange: answer(401) },
      token('first'),
      token('second'),
      token('third'),
    );
    expect(sentWith).toHaveLength(2);
    expect(outcome).toMatchObject({
      result: 'retryable',
      outcome_code: 'auth_failed',
      http_status: 401,
      error: { layer: 'http', code: 'credentials_dead', message: 'the token has expired' },
      delivery: delivery(),
    });
  });

  it('asks for no other for any other failure', async () => {
    for (const exchange of [answer(403), answer(500), failure()]) {
      const { stale } = await attemptedWith({ exchange }, token('first'), token('second'));
      expect(stale).toHaveLength(1);
    }
  });

  it('shows none, also when the vendor repeats it', async () => {
    const exchanges = [answer(401), answer(403, { body: 'you sent second-canary, Bearer second-canary' })];
    const { outcome } = await attemptedWith({ exchanges }, token('first'), token('second'));
    expect(outcome.response?.body).toBe('you sent [redacted], [redacted]');
    expect(JSON.stringify(outcome)).not.toContain('canary');
  });
});

describe('an attempt for which there is no access token', () => {
  const expired = { exchange: answer(401) };

  it.each<[string, boolean, string]>([
    ['ever again stops the connection', true, 'credentials_dead'],
    ['now is made again', false, 'access_unavailable'],
  ])('%s', async (_what, isDead, code) => {
    const problem = 'the refresh token was revoked';
    const { sentWith, outcome } = await attemptedWith({}, { problem, isDead });
    expect(sentWith).toEqual([]);
    expect(outcome).toMatchObject({
      result: 'retryable',
      outcome_code: 'auth_failed',
      error: { layer: 'internal', code, message: problem },
      request: null,
      delivery: delivery(),
    });
  });

  it.each<[string, boolean, string]>([
    ['ever again', true, 'credentials_dead'],
    ['now', false, 'access_unavailable'],
  ])('to replace the old one, %s', async (_what, isDead, code) => {
    const { sentWith, outcome } = await attemptedWith(expired, token('first'), { problem: 'm', isDead });
    expect(sentWith).toHaveLength(1);
    expect(outcome).toMatchObject({ result: 'retryable', error: { code } });
  });

  it('says why without the secrets of the connection', async () => {
    const { outcome } = await attemptedWith({}, { problem: 'canary was refused', isDead: true });
    expect(outcome.error?.message).toBe('[redacted] was refused');
  });

  it('asks for none where it cannot be sent anyway', async () => {
    for (const given of [{ connection: connection({ active: false }) }, { delivery: { action: 'other' } }]) {
      expect((await attemptedWith(given, token('first'))).stale).toEqual([]);
    }
  });
});

describe('an attempt with a key that stays', () => {
  it('is made once: there is no other key', async () => {
    const { stale, sentWith, outcome } = await attemptedWith({ exchange: answer(401) }, { access: undefined });
    expect(stale).toEqual([undefined]);
    expect(sentWith).toEqual(['Bearer canary']);
    expect(outcome).toMatchObject({ result: 'retryable', http_status: 401, error: { code: 'credentials_dead' } });
  });
});
