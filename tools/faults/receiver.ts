// The destination of a run, in a process of its own: records every request in a file and behaves per path. Told what to do by its parent.
import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { isEntryPoint } from '../local/entry.ts';
import { replyOf, type Behaviour } from './behaviour.ts';
import { lineOf, type Received } from './received.ts';

export type Order =
  | { readonly order: 'behave'; readonly path: string; readonly behaviour: Behaviour }
  | { readonly order: 'flush'; readonly id: number };

export type Report =
  | { readonly report: 'listening'; readonly port: number }
  | { readonly report: 'flushed'; readonly id: number; readonly requests: number };

const flushEveryMs = 100;
const ok: Behaviour = { kind: 'ok' };

class RecordingServer {
  readonly #file: number;
  readonly #behaviours = new Map<string, Behaviour>();
  readonly #counts = new Map<string, number>();
  readonly #connections = new WeakMap<Socket, number>();
  #connectionCount = 0;
  #lines: string[] = [];
  #requests = 0;

  constructor(file: string) {
    this.#file = openSync(file, 'w');
  }

  behave(path: string, behaviour: Behaviour): void {
    this.#behaviours.set(path, behaviour);
  }

  flush(): number {
    if (this.#lines.length > 0) writeSync(this.#file, this.#lines.join(''));
    this.#lines = [];
    return this.#requests;
  }

  close(): void {
    this.flush();
    closeSync(this.#file);
  }

  take(request: IncomingMessage, response: ServerResponse): void {
    const hash = createHash('sha256');
    request.on('data', (chunk: Buffer) => hash.update(chunk));
    // A sender that was killed midway has made no request.
    request.on('end', () => this.#answer(request, response, hash.digest('base64url').slice(0, 22)));
  }

  #answer({ url: path = '/', headers, socket }: IncomingMessage, response: ServerResponse, bodyHash: string): void {
    const atMs = Date.now();
    const id = String(headers['webhook-id'] ?? '');
    const behaviour = this.#behaviours.get(path) ?? ok;
    const reply = replyOf(behaviour, behaviour.kind === 'status' ? this.#countOf(`${path} ${id}`) : 1, atMs);
    const attempt = Number(headers['x-sluice-attempt'] ?? 0);
    const status = reply.status ?? 0;
    const { untilMs } = reply;
    this.#note({ atMs, path, id, bodyHash, attempt, status, connection: this.#connectionOf(socket), untilMs });
    if (reply.status === null) return;
    const send = (): unknown =>
      response
        .writeHead(status, reply.retryAfter === undefined ? {} : { 'retry-after': reply.retryAfter })
        .end('received');
    if (reply.afterMs > 0) setTimeout(send, reply.afterMs);
    else send();
  }

  #note(received: Received): void {
    this.#requests++;
    this.#lines.push(lineOf(received));
  }

  #countOf(key: string): number {
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    return count;
  }

  #connectionOf(socket: Socket): number {
    const known = this.#connections.get(socket) ?? ++this.#connectionCount;
    this.#connections.set(socket, known);
    return known;
  }
}

function run(file: string): void {
  const recording = new RecordingServer(file);
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => recording.take(request, response));
  const tell = (report: Report): void => void process.send?.(report);
  server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () =>
    tell({ report: 'listening', port: (server.address() as AddressInfo).port }),
  );
  setInterval(() => recording.flush(), flushEveryMs);
  process.on('message', (order: Order) => {
    if (order.order === 'behave') recording.behave(order.path, order.behaviour);
    else tell({ report: 'flushed', id: order.id, requests: recording.flush() });
  });
  // Its parent is gone, and with it the only one who reads what was recorded.
  process.on('disconnect', () => {
    recording.close();
    process.exit(0);
  });
}

if (isEntryPoint(import.meta.url)) run(process.argv[2] ?? '');
