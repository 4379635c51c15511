// A TCP proxy that makes a network bad on purpose: slow, narrow, chopped, reset or away. Stands between a service and what it talks to.
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export type Toxic =
  /** Each piece comes so much later. */
  | { readonly kind: 'latency'; readonly delayMs: number }
  | { readonly kind: 'bandwidth'; readonly bytesPerSecond: number }
  /** Pieces of so many bytes, with a pause after each. */
  | { readonly kind: 'slicer'; readonly bytes: number; readonly delayMs: number }
  /** Every connection is reset, and each new one. */
  | { readonly kind: 'reset' }
  /** Nobody listens. */
  | { readonly kind: 'down' };

const host = '127.0.0.1';

export class TcpProxy {
  readonly port: number;
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  readonly #targetPort: number;
  readonly #rewrites: readonly [from: Buffer, to: Buffer] | undefined;
  #toxic: Toxic | undefined;

  private constructor(options: { server: Server; port: number; targetPort: number; isBroker: boolean }) {
    this.#server = options.server;
    this.port = options.port;
    this.#targetPort = options.targetPort;
    this.#rewrites = options.isBroker ? [address(options.targetPort), address(options.port)] : undefined;
    this.#server.on('connection', (socket) => this.#connected(socket));
  }

  /** A broker tells its clients its own address; through the proxy that becomes the proxy's. */
  static async start(targetPort: number, { isBroker = false } = {}): Promise<TcpProxy> {
    const server = createServer();
    server.listen(0, host);
    await once(server, 'listening');
    return new TcpProxy({ server, port: (server.address() as AddressInfo).port, targetPort, isBroker });
  }

  /** From now on; undefined: as if it were not there. */
  async set(toxic: Toxic | undefined): Promise<void> {
    this.#toxic = toxic;
    if (toxic?.kind === 'down') this.#server.close();
    if (toxic?.kind === 'down' || toxic?.kind === 'reset') this.#resetAll();
    if (toxic?.kind === 'down' || this.#server.listening) return;
    this.#server.listen(this.port, host);
    await once(this.#server, 'listening');
  }

  stop(): void {
    this.#server.close();
    this.#resetAll();
  }

  #resetAll(): void {
    for (const socket of this.#open) socket.resetAndDestroy();
  }

  #connected(client: Socket): void {
    if (this.#toxic?.kind === 'reset') return void client.resetAndDestroy();
    const target = connect(this.#targetPort, host);
    for (const socket of [client, target]) {
      this.#open.add(socket);
      socket.setNoDelay(true);
      socket.on('close', () => this.#open.delete(socket));
      // A reader that ends by it destroys the other side.
      socket.on('error', () => undefined);
    }
    void this.#pump(client, target);
    void this.#pump(target, client);
  }

  async #pump(from: Socket, to: Socket): Promise<void> {
    try {
      for await (const chunk of from as AsyncIterable<Buffer>) {
        for (const { piece, waitMs } of piecesOf(this.#rewritten(chunk), this.#toxic)) {
          if (waitMs > 0) await sleep(waitMs);
          if (to.destroyed) return void from.destroy();
          if (!to.write(piece)) await Promise.race([once(to, 'drain'), once(to, 'close')]);
        }
      }
      to.end();
    } catch {
      // One side was reset, and so is the other.
      to.destroy();
    }
  }

  /** Answers that hold an address are small and come in one piece; what the pattern does not meet passes as it is. */
  #rewritten(chunk: Buffer): Buffer {
    if (this.#rewrites === undefined) return chunk;
    const [from, to] = this.#rewrites;
    for (let at = chunk.indexOf(from); at >= 0; at = chunk.indexOf(from, at + to.length)) to.copy(chunk, at);
    return chunk;
  }
}

/** As Kafka's protocol writes it: the host's text, then the port. */
function address(port: number): Buffer {
  const bytes = Buffer.concat([Buffer.from(host), Buffer.alloc(4)]);
  bytes.writeInt32BE(port, host.length);
  return bytes;
}

interface Piece {
  readonly piece: Buffer;
  readonly waitMs: number;
}

export function piecesOf(chunk: Buffer, toxic: Toxic | undefined): Piece[] {
  switch (toxic?.kind) {
    case 'latency':
      return [{ piece: chunk, waitMs: toxic.delayMs }];
    case 'bandwidth':
      return [{ piece: chunk, waitMs: (chunk.length * 1_000) / toxic.bytesPerSecond }];
    case 'slicer': {
      const { bytes, delayMs } = toxic;
      return Array.from({ length: Math.ceil(chunk.length / bytes) }, (_, index) => ({
        piece: chunk.subarray(index * bytes, (index + 1) * bytes),
        waitMs: delayMs,
      }));
    }
    case 'reset':
    case 'down':
    case undefined:
      return [{ piece: chunk, waitMs: 0 }];
  }
}
