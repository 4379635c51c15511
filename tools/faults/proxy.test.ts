// Proves that the proxy passes every byte on whatever it does to the network, and what it does.
import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { piecesOf, TcpProxy, type Toxic } from './proxy.ts';

describe('pieces', () => {
  it('make the whole again, whatever the toxic', () => {
    const toxic = fc.constantFrom<(Toxic | undefined)[]>(
      undefined,
      { kind: 'latency', delayMs: 5 },
      { kind: 'bandwidth', bytesPerSecond: 100 },
      { kind: 'slicer', bytes: 3, delayMs: 1 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), toxic, (bytes, each) => {
        const pieces = piecesOf(Buffer.from(bytes), each).map(({ piece }) => piece);
        expect(Buffer.concat(pieces)).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it('wait by their size where the band is narrow', () => {
    expect(piecesOf(Buffer.alloc(50), { kind: 'bandwidth', bytesPerSecond: 100 })[0]?.waitMs).toBe(500);
  });
});

describe('a proxy', () => {
  let server: Server;
  let proxy: TcpProxy;
  afterEach(() => {
    proxy.stop();
    server.close();
  });

  const portBytes = (port: number) => Buffer.from([0, 0, port >> 8, port & 255]);
  const targetPort = () => (server.address() as AddressInfo).port;

  /** A server that tells everybody its address, as a broker does, and a proxy before it. */
  async function between(isBroker: boolean): Promise<void> {
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.end(Buffer.concat([Buffer.from('127.0.0.1'), portBytes(targetPort())]));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    proxy = await TcpProxy.start(targetPort(), { isBroker });
  }

  async function toldPort(): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for await (const chunk of connect(proxy.port, '127.0.0.1')) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).subarray(9);
  }

  it('is not there without a toxic, refuses while down, resets while told to, and is well again', async () => {
    await between(false);
    expect(await toldPort()).toEqual(portBytes(targetPort()));
    for (const kind of ['down', 'reset'] as const) {
      await proxy.set({ kind });
      await expect(toldPort()).rejects.toThrow();
      await proxy.set(undefined);
      expect(await toldPort()).toEqual(portBytes(targetPort()));
    }
    await proxy.set({ kind: 'slicer', bytes: 20, delayMs: 1 });
    expect(await toldPort()).toEqual(portBytes(targetPort()));
  });

  it('gives its own address where a broker gives its', async () => {
    await between(true);
    expect(await toldPort()).toEqual(portBytes(proxy.port));
  });
});
