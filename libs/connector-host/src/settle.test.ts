// Settling a request: one answer may lead to the next request, four at most, and whatever goes wrong is a classification.
import { describe, expect, it } from '@jest/globals';
import { byStatus, classified, delivered, type HttpRequest } from '@sluice/connector-kit';
import type { Exchange } from '@sluice/outbound';
import { answer, destination, failure, notSent, nowMs } from '../testing/attempted.ts';
import { settle, type Read } from './settle.ts';

const request = (name: string): HttpRequest => ({
  method: 'POST',
  url: `https://example.com/${name}`,
  headers: {},
  body: name,
  secretHeaders: [],
});

/** The names of the requests that were made, and what came of it. */
async function settled(exchanges: readonly Exchange[], read: Read) {
  const { sent, send } = destination(exchanges);
  const result = await settle(request('first'), read, { send, nowMs: () => nowMs });
  return { sent: sent.map(({ body }) => body), ...result };
}

/** Whatever comes back, `name` follows; its answer is read by `read`. */
const leadingTo =
  (name: string, read: Read): Read =>
  () => ({ then: request(name), why: 'step', read });

describe('settling a request', () => {
  it('takes one request where its answer says all', async () => {
    const exchange = answer(200, { body: 'done' });
    const given = await settled([exchange], byStatus);
    expect(given).toEqual({ sent: ['first'], request: request('first'), exchange, classification: delivered });
  });

  it('tells the connector what came back, and when', async () => {
    const asked: unknown[] = [];
    await settled([answer(202, { headers: { a: 'b' }, body: 'x' })], (...call) => {
      asked.push(...call);
      return delivered;
    });
    expect(asked).toEqual([{ status: 202, headers: { a: 'b' }, body: 'x' }, nowMs]);
  });

  it('takes the next request where an answer leads to one, and tells of the last', async () => {
    const last = answer(429);
    const given = await settled([answer(409), last], leadingTo('second', byStatus));
    expect(given).toMatchObject({ sent: ['first', 'second'], request: request('second'), exchange: last });
    expect(given.classification.class).toBe('throttle');
  });

  it('has each answer read by the request it belongs to', async () => {
    const read = leadingTo('second', ({ status }, at) =>
      status === 202 ? leadingTo('third', byStatus)({ status, headers: {}, body: '' }, at) : classified('gone', 'no'),
    );
    const given = await settled([answer(410), answer(202), answer(200)], read);
    expect(given).toMatchObject({ sent: ['first', 'second', 'third'], classification: delivered });
  });

  it('makes four requests', async () => {
    const read = leadingTo('second', leadingTo('third', leadingTo('fourth', byStatus)));
    const given = await settled([answer(200)], read);
    expect(given).toMatchObject({ sent: ['first', 'second', 'third', 'fourth'], classification: delivered });
  });

  it('makes no fifth one: whoever needs it goes in circles', async () => {
    const circle: Read = () => ({ then: request('again'), why: 'conflict', read: circle });
    const given = await settled([answer(409)], circle);
    expect(given).toMatchObject({
      sent: ['first', 'again', 'again', 'again'],
      classification: { class: 'permanent', message: 'not settled by 4 requests' },
    });
  });
});

describe('a request without an answer', () => {
  const unread: Read = () => {
    throw new Error('there is nothing to read');
  };

  it('that never went out may be made again', async () => {
    const { classification } = await settled([failure({ timing: notSent, message: 'm' })], unread);
    expect(classification).toEqual({ class: 'retry', code: 'network_error', message: 'm' });
  });

  it('that went out may have been done', async () => {
    const { classification } = await settled([failure({ message: 'm' })], unread);
    expect(classification).toEqual({ class: 'unknown', code: 'network_error', message: 'm' });
  });

  it('in time says that, whether or not it went out', async () => {
    const late = { layer: 'timeout', code: 'timed_out' } as const;
    const before = await settled([failure({ ...late, timing: notSent })], unread);
    expect(before.classification).toMatchObject({ class: 'retry', code: 'timeout' });
    const after = await settled([failure(late)], unread);
    expect(after.classification).toMatchObject({ class: 'unknown', code: 'timeout' });
  });

  it.each(['address_forbidden', 'url_unreadable'] as const)('because of %s will never have one', async (code) => {
    const { classification } = await settled([failure({ layer: 'internal', code, timing: notSent })], unread);
    expect(classification.class).toBe('permanent');
  });

  it('ends it, also when it is not the first', async () => {
    const lost = failure();
    const given = await settled([answer(409), lost], leadingTo('second', unread));
    expect(given).toMatchObject({ sent: ['first', 'second'], exchange: lost, classification: { class: 'unknown' } });
  });
});

describe('a connector that stumbles over an answer', () => {
  it.each<[string, unknown, string]>([
    ['an error', new Error('no such member'), 'no such member'],
    ['anything else', 'no such member', 'no such member'],
    ['nothing', undefined, 'undefined'],
  ])('by throwing %s leaves open what it meant', async (_what, thrown, said) => {
    const { classification } = await settled([answer(200)], () => {
      throw thrown;
    });
    expect(classification).toEqual({
      class: 'unknown',
      code: 'internal_error',
      message: `reading the answer: ${said}`,
    });
  });
});
