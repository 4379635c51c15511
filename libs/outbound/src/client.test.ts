// The client against real servers: what was sent, what came back, and how much of it is kept.
import { afterEach, describe, expect, it } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { client, closeAll, http, request, tcp } from '../testing/destinations.ts';
import { outboundLimits, type Exchange } from './exchange.ts';

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

describe('an exchange that is cut', () => {
  it('hangs up, and tells a deadline from a stop', async () => {
    const hungUp = Promise.withResolvers<void>();
    const { url } = await http((_incoming, answer) => void answer.on('close', hungUp.resolve));
    const stop = new AbortController();
    const stopped = client().send(request(url), 2_000, { signal: stop.signal });
    const late = client().send(request(url), 2_000, { signal: AbortSignal.timeout(40) });
    expect(await late).toMatchObject({ kind: 'failure', layer: 'timeout', code: 'timed_out' });
    stop.abort();
    expect(await stopped).toMatchObject({ kind: 'failure', layer: 'tcp', code: 'connection_lost' });
    await hungUp.promise;
  });

  it('before it began is never sent', async () => {
    const { url, connections } = await http((_incoming, answer) => answer.end('ok'));
    const same = client();
    const cut = await same.send(request(url), 2_000, { signal: AbortSignal.abort() });
    expect(cut).toMatchObject({ kind: 'failure', timing: { connectMs: null } });
    expect(connections()).toBe(0);
  });
});

describe('sockets', () => {
  it('are shared by whoever calls the same origin, so that thousands need no more than are in use', async () => {
    const { url, connections } = await http((_incoming, answer) => answer.end('ok'));
    const same = client();
    for (let sharer = 0; sharer < 1_000; sharer++) {
      answerOf(await same.send(request(url), 2_000, { sharer: `connection ${sharer}` }));
      await new Promise(setImmediate);
    }
    expect(connections()).toBeLessThanOrEqual(32);
  });

  it('are as many as there are requests under way', async () => {
    const answers: (() => void)[] = [];
    const { url, connections } = await http((_incoming, answer) => {
      answers.push(() => answer.end('ok'));
      if (answers.length === 200) answers.forEach((each) => each());
    });
    const same = client(200);
    const sent = Array.from({ length: 200 }, () => same.send(request(url), 2_000, { sharer: 'one' }));
    for (const exchange of await Promise.all(sent)) answerOf(exchange);
    expect(connections()).toBe(200);
  });
});

describe('a body', () => {
  it.each([
    [100_000, 100_000, false],
    [1_024 * 1_024 + 1, 2 ** 30, true],
  ])('of %i bytes is kept up to what is asked for, and never more than 1 MB', async (bytes, keepBytes, truncated) => {
    const { url } = await http((_incoming, answer) => answer.end('x'.repeat(bytes)));
    const exchange = answerOf(await client().send(request(url), 2_000, { keepBytes }));
    const kept = Math.min(bytes, outboundLimits.keptBodyMax);
    expect([exchange.response.body.length, exchange.truncated]).toEqual([kept, truncated]);
  });

  it('that is compressed is not asked for, and never unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(10_000_000));
    const asked: unknown[] = [];
    const { url } = await http((incoming, answer) => {
      asked.push(incoming.headers['accept-encoding']);
      answer.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
    });
    const { response } = answerOf(await send(url));
    expect(asked).toEqual([undefined]);
    expect(Buffer.byteLength(response.body)).toBeLessThan(outboundLimits.keptBody * 3);
    expect(response.headers['content-encoding']).toBe('gzip');
  });

  it.each([
    [outboundLimits.keptBody, false],
    [outboundLimits.keptBody + 1, true],
    [outboundLimits.readBody, true],
  ])('of %i bytes is kept up to the limit; truncated: %j', async (bytes, truncated) => {
    const { url } = await http((_incoming, answer) => answer.end('x'.repeat(bytes)));
    const exchange = answerOf(await send(url));
    expect([exchange.response.body.length, exchange.truncated]).toEqual([outboundLimits.keptBody, truncated]);
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
    expect([response.status, response.body.length, truncated]).toEqual([503, outboundLimits.keptBody, true]);
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
