// Destinations that mean harm, in a process of their own: what each does to its caller stands in the path. Counts what it hears.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { isEntryPoint } from '../local/entry.ts';

export interface Heard {
  /** How many connections came, by the address of this machine that they came to. */
  readonly connections: Readonly<Record<string, number>>;
  /** How many requests came, by path. */
  readonly requests: Readonly<Record<string, number>>;
  /** Of connections that are done harm: the paths of those still open, and how long the longest of all has lasted. */
  readonly open: readonly string[];
  readonly longestMs: number;
}

const megabyte = 1024 * 1024;
const dripEveryMs = 100;
const beginning = 'HTTP/1.1 200 OK\r\nconnection: close\r\n';
const chunk = Buffer.alloc(64 * 1024, 'x');
/** A gigabyte once unpacked: gzip files one after the other are one. */
const bomb = Buffer.concat(Array<Buffer>(64).fill(gzipSync(Buffer.alloc(16 * megabyte))));

function drip(socket: Socket, begun: string): void {
  socket.write(begun);
  const timer = setInterval(() => socket.write('x'), dripEveryMs);
  socket.on('close', () => clearInterval(timer));
}

function flood(socket: Socket): void {
  const more = (error?: Error | null): void => {
    if (!error) socket.write(chunk, more);
  };
  socket.write(`${beginning}\r\n`, more);
}

/** What is done to a connection once its request is in, by the first part of the path. */
const harms: Readonly<Record<string, (socket: Socket) => void>> = {
  'slow-body': (socket) => drip(socket, `${beginning}\r\n`),
  'slow-head': (socket) => drip(socket, `${beginning}x-slow: `),
  silence: () => undefined,
  'endless-body': flood,
  'gzip-bomb': (socket) => {
    socket.write(`${beginning}content-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`);
    socket.end(bomb);
  },
  'large-head': (socket) => socket.end(`${beginning}x-large: ${'x'.repeat(megabyte)}\r\n\r\n`),
  reset: (socket) => socket.resetAndDestroy(),
};
export const harmNames = Object.keys(harms);

/** How often a connection may fail: with the next failure its breaker opens, and what is left for it is parked. */
export const beforeBreaker = 4;

export const canaryPath = '/canary';
/** The ways to say where the canary is; `/redirect/<status>/<n>` takes them in turn. */
const canaryUrls = (port: number): string[] => [
  `http://127.0.0.1:${port}${canaryPath}`,
  `http://localhost:${port}${canaryPath}`,
  `//127.0.0.1:${port}${canaryPath}`,
  canaryPath,
];

export class HostileServer {
  readonly #connections: Record<string, number> = {};
  readonly #requests: Record<string, number> = {};
  readonly #harmed = new Map<Socket, { path: string; sinceMs: number }>();
  readonly #server = createServer((request, response) => {
    request.resume().on('end', () => this.#answer(request, response));
  });
  #longestMs = 0;

  /** On every address of this machine, so that it hears whoever goes astray. */
  async start(): Promise<number> {
    this.#server.on('connection', (socket: Socket) => {
      const address = (socket.localAddress ?? '').replace('::ffff:', '');
      this.#connections[address] = (this.#connections[address] ?? 0) + 1;
      socket.on('error', () => undefined);
    });
    this.#server.listen({ port: 0, backlog: 4_096 });
    await once(this.#server, 'listening');
    return this.#port;
  }

  get heard(): Heard {
    const lasting = [...this.#harmed.values()].map(({ sinceMs }) => Date.now() - sinceMs);
    return {
      connections: this.#connections,
      requests: this.#requests,
      open: [...this.#harmed.values()].map(({ path }) => path),
      longestMs: Math.max(this.#longestMs, ...lasting),
    };
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  get #port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  #answer({ url: path = '/', socket }: IncomingMessage, response: ServerResponse): void {
    this.#requests[path] = (this.#requests[path] ?? 0) + 1;
    const [, what = '', status, n] = path.split('/');
    const harm = harms[what];
    if (harm !== undefined) {
      this.#watch(socket, path);
      return harm(socket);
    }
    if (what !== 'redirect') return void response.writeHead(200, { connection: 'close' }).end();
    const urls = canaryUrls(this.#port);
    response.writeHead(Number(status), { location: urls[Number(n) % urls.length] }).end();
  }

  #watch(socket: Socket, path: string): void {
    const sinceMs = Date.now();
    this.#harmed.set(socket, { path, sinceMs });
    socket.on('close', () => {
      this.#harmed.delete(socket);
      this.#longestMs = Math.max(this.#longestMs, Date.now() - sinceMs);
    });
  }
}

const answerLimitMs = 10_000;

/** The process from outside. */
export class Hostile {
  readonly port: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  static async start(): Promise<Hostile> {
    const child = fork(new URL(import.meta.url), { execArgv: ['--disable-warning=ExperimentalWarning'] });
    return new Hostile(child, await told<number>(child));
  }

  url(path: string): string {
    return `http://127.0.0.1:${this.port}${path}`;
  }

  async heard(): Promise<Heard> {
    const heard = told<Heard>(this.#child);
    this.#child.send('tell');
    return heard;
  }

  stop(): void {
    this.#child.disconnect();
  }
}

async function told<T>(child: ChildProcess): Promise<T> {
  const [message] = (await once(child, 'message', { signal: AbortSignal.timeout(answerLimitMs) })) as [T];
  return message;
}

async function run(): Promise<void> {
  const server = new HostileServer();
  process.send?.(await server.start());
  process.on('message', () => process.send?.(server.heard));
  process.on('disconnect', () => process.exit(0));
}

if (isEntryPoint(import.meta.url)) await run();
