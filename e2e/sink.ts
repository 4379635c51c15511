// The outside world of a story: a destination that remembers every request and answers as it is told.
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { until, type UntilOptions } from './until.ts';

export interface SinkRequest {
  readonly atMs: number;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface SinkAnswer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly afterMs?: number;
}

type Script = (request: SinkRequest, count: number) => SinkAnswer;

const ok: SinkAnswer = { status: 200, body: 'ok' };

export class Sink {
  readonly #server: Server = createServer((request, response) => void this.#take(request, response));
  readonly #requests = new Map<string, SinkRequest[]>();
  readonly #scripts = new Map<string, Script>();
  #base = '';

  static async start(): Promise<Sink> {
    const sink = new Sink();
    await new Promise<void>((resolve) => sink.#server.listen(0, '127.0.0.1', resolve));
    sink.#base = `http://127.0.0.1:${(sink.#server.address() as AddressInfo).port}`;
    return sink;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  url(path: string): string {
    return `${this.#base}${path}`;
  }

  /** How requests to a path are answered from now on: one answer each, the last one for ever; or by a function. */
  answers(path: string, ...script: (number | SinkAnswer)[] | [Script]): void {
    const [first] = script;
    if (typeof first === 'function') return void this.#scripts.set(path, first);
    const answers = (script as (number | SinkAnswer)[]).map((each) =>
      typeof each === 'number' ? { status: each } : each,
    );
    let answered = 0;
    this.#scripts.set(path, () => answers[Math.min(answered++, answers.length - 1)] ?? ok);
  }

  requests(path: string): readonly SinkRequest[] {
    return this.#requests.get(path) ?? [];
  }

  /** Waits until a path has had this many requests. */
  received(path: string, count: number, options?: UntilOptions): Promise<readonly SinkRequest[]> {
    return until(
      `${path} had ${count} requests (it has had ${this.requests(path).length})`,
      () => this.requests(path).length >= count && this.requests(path),
      options,
    );
  }

  async #take(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
    const { method = '', url: path = '', headers } = incoming;
    const request = { atMs: Date.now(), method, path, headers, body: Buffer.concat(chunks).toString('utf8') };
    const seen = this.#requests.get(path) ?? [];
    seen.push(request);
    this.#requests.set(path, seen);
    const answer = this.#scripts.get(path)?.(request, seen.length) ?? ok;
    const send = () => response.writeHead(answer.status, answer.headers).end(answer.body ?? '');
    if (answer.afterMs === undefined) send();
    else setTimeout(send, answer.afterMs);
  }
}
