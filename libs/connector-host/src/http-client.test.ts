// The HTTP client against real servers: what was sent, what came back, and how much of it is kept.
import { afterEach, describe, expect, it } from '@jest/globals';
import { client, closeAll, http, request, tcp } from '../testing/destinations.ts';
import { httpLimits, type Exchange } from './http-client.ts';

afterEach(closeAll);

const send = (url: string, timeoutMs = 2_000): Promise<Exchange> => client().send(request(url), timeoutMs);

function answerOf(exchange: Exchange) {
  if (exchange.kind !== 'answer') throw new Error(`no answer: ${exchange.code} ${exchange.message}`);
  return exchange;
}

describe('an exchange', () => {
  it('sends the request as it was built and tells the answer with its timing', async () => {
    const seen: unknown[] = [];
    const { url } = await http((incoming, answer) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        seen.push([incoming.method, incoming.url, incoming.headers['x-a'], Buffer.concat(chunks).toString()]);
        answer.writeHead(201, { 'X-Reply': ['a', 'b'], 'retry-after': '5' }).end('größe');
      });
    });
    const exchange = await client().send(request(url, { method: 'PUT', headers: { 'x-a': 'b' }, body: 'é' }), 2_000);
    expect(seen).toEqual([['PUT', '/hook?a=1', 'b', 'é']]);
    const { response, truncated, timing } = answerOf(exchange);
    expect([truncated, response.status, response.body]).toEqual([false, 201, 'größe']);
    expect(response.headers).toMatchObject({ 'x-reply': 'a, b', 'retry-after': '5' });
    expect(timing.connectMs).toBeGreaterThan(0);
    expect(timing.ttfbMs).toBeGreaterThanOrEqual(timing.connectMs ?? Infinity);
    expect(timing.totalMs).toBeGreaterThanOrEqual(timing.ttfbMs ?? Infinity);
  });

  it('uses one socket for one request after another', async () => {
    const { url, connections } = await http((_incoming, answer) => answer.end('ok'));
    const same = client();
    for (let round = 0; round < 5; round++) {
      answerOf(await same.send(request(url), 2_000));
      // The socket is free once the client is done with the answer, a moment after we have it.
      await new Promise(setImmediate);
    }
    expect(connections()).toBe(1);
  });

  it('uses no more sockets to one origin than it may, and answers all', async () => {
    const { url, connections } = await http((_incoming, answer) => void setTimeout(() => answer.end('ok'), 2));
    const same = client(3);
    const all = await Promise.all(Array.from({ length: 30 }, () => same.send(request(url), 2_000)));
    expect(all.filter(({ kind }) => kind === 'answer')).toHaveLength(30);
    expect(connections()).toBe(3);
  });

  it('does not take an informational answer for the answer', async () => {
    const { url } = await tcp((socket) => {
      socket.end('HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
    });
    expect(answerOf(await send(url)).response).toEqual({ status: 200, headers: { 'content-length': '2' }, body: 'ok' });
  });

  it.each([301, 302, 303, 307, 308])('does not follow a redirect: %i', async (status) => {
    const followed = await http((_incoming, answer) => answer.end('canary'));
    const { url } = await http((_incoming, answer) => answer.writeHead(status, { location: followed.url }).end());
    expect(answerOf(await send(url)).response).toMatchObject({ status, body: '', headers: { location: followed.url } });
    expect(followed.connections()).toBe(0);
  });
});

describe('a body', () => {
  it.each([
    [httpLimits.keptBody, false],
    [httpLimits.keptBody + 1, true],
    [httpLimits.readBody, true],
  ])('of %i bytes is kept up to the limit; truncated: %j', async (bytes, truncated) => {
    const { url } = await http((_incoming, answer) => answer.end('x'.repeat(bytes)));
    const exchange = answerOf(await send(url));
    expect([exchange.response.body.length, exchange.truncated]).toEqual([httpLimits.keptBody, truncated]);
  });

  it('without end is cut: the status counts, and the destination is hung up on', async () => {
    let sent = 0;
    const hungUp = Promise.withResolvers<void>();
    const { url } = await http((_incoming, answer) => {
      answer.writeHead(503);
      answer.on('close', hungUp.resolve);
      const more = () => {
        while (!answer.destroyed && answer.write(Buffer.alloc(16 * 1024, 120))) sent += 16 * 1024;
        if (!answer.destroyed) answer.once('drain', more);
      };
      more();
    });
    const { response, truncated } = answerOf(await send(url));
    expect([response.status, response.body.length, truncated]).toEqual([503, httpLimits.keptBody, true]);
    await hungUp.promise;
    expect(sent).toBeLessThan(32 * 1024 * 1024);
  });

  it('that is cut off before its end is no answer', async () => {
    const { url } = await http((_incoming, answer) => {
      answer.writeHead(200, { 'content-length': '100' });
      answer.write('half', () => answer.destroy());
    });
    expect(await send(url)).toMatchObject({ kind: 'failure', layer: 'tcp' });
  });

  it('of bytes that are no text is still told', async () => {
    const { url } = await http((_incoming, answer) => answer.end(Buffer.from([0xff, 0, 0xc3])));
    expect(answerOf(await send(url)).response.body).toBe('\uFFFD\0\uFFFD');
  });
});
