// The client against destinations that are slow, broken or hostile: whatever they do comes back as a value, in time.
import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Socket } from 'node:net';
import { client, closeAll, http, request, tcp } from '../testing/destinations.ts';
import { outboundLimits, type Exchange } from './exchange.ts';

afterEach(closeAll);

const send = (url: string, timeoutMs = 2_000): Promise<Exchange> => client().send(request(url), timeoutMs);

describe('a destination that takes too long', () => {
  const isTimedOut = (exchange: Exchange, afterMs: number) => {
    expect(exchange).toMatchObject({
      kind: 'failure',
      layer: 'timeout',
      message: `no complete answer within ${afterMs} ms`,
    });
    expect(exchange.timing.totalMs).toBeGreaterThanOrEqual(afterMs - 2);
    expect(exchange.timing.totalMs).toBeLessThan(afterMs + 1_000);
  };

  it('to shake hands is given up, and the request never went out', async () => {
    const { port } = await tcp(() => undefined);
    const exchange = await send(`https://127.0.0.1:${port}/`, 60);
    isTimedOut(exchange, 60);
    expect(exchange.timing).toMatchObject({ connectMs: null, ttfbMs: null });
  });

  it('to answer is given up and hung up on', async () => {
    const hungUp = Promise.withResolvers<void>();
    const { url } = await http((_incoming, answer) => void answer.on('close', hungUp.resolve));
    const exchange = await send(url, 60);
    isTimedOut(exchange, 60);
    expect(exchange.timing.ttfbMs).toBeNull();
    await hungUp.promise;
  });

  it('to send its headers, byte by byte, is given up', async () => {
    const { url } = await tcp((socket) => {
      const head = 'HTTP/1.1 200 OK\r\nx-slow: ';
      socket.write(head);
      const drip = setInterval(() => socket.write('x'), 5);
      socket.on('close', () => clearInterval(drip));
    });
    isTimedOut(await send(url, 60), 60);
  });

  it('to send its body, byte by byte, is given up and hung up on although its status is known', async () => {
    const hungUp = Promise.withResolvers<void>();
    const { url } = await http((_incoming, answer) => {
      answer.writeHead(200);
      const drip = setInterval(() => answer.write('x'), 5);
      answer.on('close', () => {
        clearInterval(drip);
        hungUp.resolve();
      });
    });
    const exchange = await send(url, 60);
    isTimedOut(exchange, 60);
    expect(exchange.timing.ttfbMs).toBeGreaterThan(0);
    await hungUp.promise;
  });

  it('holds up what waits for its socket no longer than that may take, and what gave up waiting is never sent', async () => {
    const seen: string[] = [];
    const { url } = await http((incoming, answer) => {
      seen.push(String(incoming.headers['x-number']));
      setTimeout(() => answer.end('ok'), 80);
    });
    const only = client(1);
    const [first, second] = await Promise.all([
      only.send(request(url, { headers: { 'x-number': '1' } }), 2_000),
      only.send(request(url, { headers: { 'x-number': '2' } }), 30),
    ]);
    expect(first.kind).toBe('answer');
    isTimedOut(second, 30);
    expect(second.timing.connectMs).toBeNull();
    await only.send(request(url, { headers: { 'x-number': '3' } }), 2_000);
    expect(seen).toEqual(['1', '3']);
  });

  it('costs the next request to it nothing but a new socket', async () => {
    let calls = 0;
    const { url } = await http((_incoming, answer) => void (++calls > 1 && answer.end('ok')));
    const only = client(1);
    isTimedOut(await only.send(request(url), 40), 40);
    expect(await only.send(request(url), 2_000)).toMatchObject({ kind: 'answer' });
  });
});

describe('a destination that misbehaves', () => {
  it.each([
    ['hangs up at once', (socket: Socket) => void socket.destroy(), 'tcp'],
    ['resets the connection', (socket: Socket) => void socket.resetAndDestroy(), 'tcp'],
    [
      'resets it in the midst of its headers',
      (socket: Socket) => void socket.write('HTTP/1.1 200', () => socket.resetAndDestroy()),
      'tcp',
    ],
    ['says nothing and ends', (socket: Socket) => void socket.end(), 'tcp'],
    ['speaks no HTTP', (socket: Socket) => void socket.end('220 mail.example.com ESMTP\r\n'), 'http'],
    [
      'has a header line without a colon',
      (socket: Socket) => void socket.end('HTTP/1.1 200 OK\r\nnonsense\r\n\r\n'),
      'http',
    ],
    [
      'has two lengths',
      (socket: Socket) => void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'),
      'http',
    ],
    [
      'has a header beyond the limit',
      (socket: Socket) => void socket.end(`HTTP/1.1 200 OK\r\nx-a: ${'x'.repeat(outboundLimits.headers)}\r\n\r\n`),
      'http',
    ],
    [
      'has a megabyte of headers',
      (socket: Socket) => void socket.end(`HTTP/1.1 200 OK\r\n${'x-a: b\r\n'.repeat(130_000)}\r\n`),
      'http',
    ],
  ])('is told apart: one that %s', async (_what, answer, layer) => {
    const { url } = await tcp(answer);
    expect(await send(url)).toMatchObject({ kind: 'failure', layer, timing: { ttfbMs: null } });
  });

  it('is told apart: one that is not there', async () => {
    const { url, port, close } = await http((_incoming, answer) => answer.end());
    await close();
    const exchange = await send(url);
    expect(exchange).toMatchObject({
      kind: 'failure',
      layer: 'tcp',
      code: 'connect_failed',
      timing: { connectMs: null },
    });
    // Where it is in our network is nobody's business.
    expect(JSON.stringify(exchange)).not.toContain(String(port));
  });

  it('is told apart: one that speaks no TLS', async () => {
    const { port } = await http((_incoming, answer) => answer.end());
    expect(await send(`https://127.0.0.1:${port}/`)).toMatchObject({ kind: 'failure', layer: 'tls' });
  });

  it('may answer any bytes whatever', async () => {
    let bytes = Buffer.alloc(0);
    const { url } = await tcp((socket) => void socket.end(bytes));
    const start = fc.constantFrom(
      '',
      'HTTP/1.1 200 OK\r\n',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n',
      'HTTP/1.1 204\r\n\r\n',
    );
    await fc.assert(
      fc.asyncProperty(start, fc.uint8Array({ maxLength: 200 }), async (head, rest) => {
        bytes = Buffer.concat([Buffer.from(head), rest]);
        expect((await send(url)).kind).toMatch(/^(answer|failure)$/);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a request that cannot be sent', () => {
  it.each([
    ['no URL', request('nonsense')],
    ['a URL without a host', request('http://[::')],
    ['another scheme', request('ftp://127.0.0.1/')],
    ['a line break in a header', request('http://127.0.0.1:9/', { headers: { 'x-a': 'a\r\nb: c' } })],
    ['a header name with a space', request('http://127.0.0.1:9/', { headers: { 'x a': 'a' } })],
    ['a length that is not its own', request('http://127.0.0.1:9/', { headers: { 'content-length': '99' } })],
  ])('comes back as a failure: %s', async (_what, bad) => {
    expect(await client().send(bad, 500)).toMatchObject({ kind: 'failure', timing: { ttfbMs: null } });
  });
});
