// The hostile destinations do what they say: over sockets, in this process.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connect, type Socket } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { canaryPath, harmNames, HostileServer } from './hostile.ts';
import { holdsWithin } from './wait.ts';

let server: HostileServer;
let port: number;
beforeEach(async () => {
  server = new HostileServer();
  port = await server.start();
});
afterEach(() => server.stop());

interface Call {
  readonly socket: Socket;
  readonly text: () => string;
  readonly bytes: () => Buffer;
  readonly ended: Promise<string>;
}

function call(path: string): Call {
  const chunks: Buffer[] = [];
  const socket = connect(port, '127.0.0.1', () =>
    socket.write(`POST ${path} HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\n{}`),
  );
  const ended = new Promise<string>((resolve) => {
    socket.on('end', () => resolve('end')).on('error', ({ code }: NodeJS.ErrnoException) => resolve(code ?? ''));
  });
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  const bytes = () => Buffer.concat(chunks);
  return { socket, bytes, text: () => bytes().toString('latin1'), ended };
}

describe('a hostile destination', () => {
  it('never ends its body, as fast as it is read', async () => {
    const { socket, bytes } = call('/endless-body/1');
    expect(await holdsWithin(10_000, () => bytes().length > 4_000_000)).toBe(true);
    socket.destroy();
    expect(await holdsWithin(10_000, () => server.heard.open.length === 0)).toBe(true);
  });

  it.each([
    ['slow-body', /\r\n\r\nxx+$/],
    ['slow-head', /OK\r\nconnection: close\r\nx-slow: xx+$/],
  ])('goes on byte by byte: %s', async (harm, wanted) => {
    const { socket, text } = call(`/${harm}/1`);
    expect(await holdsWithin(10_000, () => wanted.test(text()))).toBe(true);
    expect(server.heard).toMatchObject({ open: [`/${harm}/1`], requests: { [`/${harm}/1`]: 1 } });
    socket.destroy();
  });

  it('answers with a megabyte that is a gigabyte', async () => {
    const { bytes, ended } = call('/gzip-bomb/1');
    expect(await ended).toBe('end');
    const body = bytes().subarray(bytes().indexOf('\r\n\r\n') + 4);
    expect(body.length).toBeLessThan(2_000_000);
    expect(() => gunzipSync(body, { maxOutputLength: 2 ** 29 })).toThrow('larger');
  });

  it('answers with a head of a megabyte', async () => {
    const { text, ended } = call('/large-head/1');
    await ended;
    expect(text().length).toBeGreaterThan(1_000_000);
    expect(text().endsWith('x\r\n\r\n')).toBe(true);
  });

  it('resets the connection', async () => expect(await call('/reset/1').ended).toBe('ECONNRESET'));

  it('says nothing, and tells how long it was waited for', async () => {
    const { socket, bytes } = call('/silence/1');
    expect(await holdsWithin(10_000, () => server.heard.longestMs > 300)).toBe(true);
    expect(bytes().length).toBe(0);
    socket.destroy();
  });

  it('is one of seven', () => expect(harmNames).toHaveLength(7));
});

describe('a redirect', () => {
  it('leads to the canary, which counts who follows, and where he came in', async () => {
    for (const n of [0, 1, 2, 3]) await (await fetch(`http://127.0.0.1:${port}/redirect/307/${n}`)).text();
    expect(server.heard.requests[canaryPath]).toBe(4);
    const connections = Object.values(server.heard.connections).reduce((sum, count) => sum + count, 0);
    expect(connections).toBeGreaterThanOrEqual(4);
  });

  it('has the status that was asked for', async () => {
    const { status } = await fetch(`http://127.0.0.1:${port}/redirect/304/1`, { redirect: 'manual' });
    expect(status).toBe(304);
  });
});
