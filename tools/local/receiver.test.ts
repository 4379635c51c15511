// Proves what the demo destination remembers and answers.
import { describe, expect, it } from '@jest/globals';
import { Receiver, type ReceivedRequest } from './receiver.ts';

const request = (path: string, body = ''): ReceivedRequest => ({
  at: '2026-01-01T00:00:00Z',
  method: 'POST',
  path,
  headers: {},
  body,
});

describe('the receiver', () => {
  it('lists the newest first, of one path where asked', () => {
    const receiver = new Receiver();
    for (const [path, body] of [
      ['/a', '1'],
      ['/b', '2'],
      ['/a', '3'],
    ] as const)
      expect(receiver.take(request(path, body))).toBe(200);
    expect(receiver.list().map(({ body }) => body)).toEqual(['3', '2', '1']);
    expect(receiver.list({ path: '/a', limit: 1 }).map(({ body }) => body)).toEqual(['3']);
  });

  it('answers the statuses of a path in turn and the last one for ever, each name by itself', () => {
    const receiver = new Receiver();
    const answers = (name: string): number => receiver.take(request(`/answers/503,429,200/${name}`));
    expect([answers('x'), answers('x'), answers('y'), answers('x'), answers('x')]).toEqual([503, 429, 503, 200, 200]);
    receiver.forget();
    expect(answers('x')).toBe(503);
  });

  it('keeps the last thousand', () => {
    const receiver = new Receiver();
    for (let index = 0; index < 1001; index += 1) receiver.take(request('/a', String(index)));
    const all = receiver.list({ limit: 5000 });
    expect([all.length, all.at(-1)?.body]).toEqual([1000, '1']);
  });
});
