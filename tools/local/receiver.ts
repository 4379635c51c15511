// A destination to try deliveries on: remembers the last 1,000 requests, shows them, and fails on request.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { isEntryPoint } from './entry.ts';

const keptMax = 1000;
const bodyBytesMax = 1_000_000;

const help = `The local receiver: a destination to try deliveries on.

POST, PUT, PATCH <any path>    is remembered and answered 200
POST /answers/503,503,200/<x>  is answered 503, 503, then 200 for ever, for each <x> by itself
GET /requests?path=&limit=     what came in, newest first
DELETE /requests               forgets everything
`;

export interface ReceivedRequest {
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export class Receiver {
  #requests: ReceivedRequest[] = [];
  readonly #answered = new Map<string, number>();

  /** Remembers a request and says which status answers it. */
  take(request: ReceivedRequest): number {
    this.#requests.push(request);
    if (this.#requests.length > keptMax) this.#requests.shift();
    const statuses = /^\/answers\/(\d{3}(?:,\d{3})*)\/./.exec(request.path)?.[1]?.split(',').map(Number);
    if (statuses === undefined) return 200;
    const count = this.#answered.get(request.path) ?? 0;
    this.#answered.set(request.path, count + 1);
    return statuses[Math.min(count, statuses.length - 1)] ?? 200;
  }

  list(filter: { readonly path?: string | null; readonly limit?: number } = {}): ReceivedRequest[] {
    const { path, limit = 100 } = filter;
    return this.#requests
      .filter((request) => !path || request.path === path)
      .slice(-Math.max(1, limit))
      .reverse();
  }

  forget(): void {
    this.#requests = [];
    this.#answered.clear();
  }
}

async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= bodyBytesMax) chunks.push(chunk);
  }
  return bytes > bodyBytesMax ? undefined : Buffer.concat(chunks).toString('utf8');
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  const isText = typeof body === 'string';
  response.writeHead(status, { 'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json' });
  response.end(isText ? body : `${JSON.stringify(body, null, 2)}\n`);
}

async function handle(receiver: Receiver, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname: path, searchParams } = new URL(request.url ?? '/', 'http://receiver');
  const body = await bodyOf(request);
  const { method = 'GET', headers } = request;
  if (path === '/requests') {
    if (method === 'DELETE') receiver.forget();
    const limit = Number(searchParams.get('limit') ?? 100);
    return answer(
      response,
      200,
      receiver.list({ path: searchParams.get('path'), limit: Number.isInteger(limit) ? limit : 100 }),
    );
  }
  if (!['POST', 'PUT', 'PATCH'].includes(method)) return answer(response, path === '/' ? 200 : 404, help);
  if (body === undefined) return answer(response, 413, { received: false, why: `more than ${bodyBytesMax} bytes` });
  const status = receiver.take({ at: new Date().toISOString(), method, path, headers, body });
  answer(response, status, { received: true });
}

export function receive(port: number, host = '127.0.0.1'): void {
  const receiver = new Receiver();
  const server = createServer((request, response) => {
    handle(receiver, request, response).catch(() => response.destroy());
  });
  server.listen(port, host);
  process.once('SIGTERM', () => {
    server.close();
    server.closeAllConnections();
  });
}

if (isEntryPoint(import.meta.url)) receive(Number(process.env['PORT'] ?? 3009));
