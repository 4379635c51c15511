// Sends one request: connections kept alive, no redirects, everything bounded (time, headers, body), every ending told apart.
import type { HttpRequest, HttpResponse } from '@sluice/connector-kit';
import type { AttemptErrorCode } from '@sluice/contracts';
import { Agent, type Dispatcher } from 'undici';

/** Bounds on what a destination may do to us. Bytes; milliseconds. */
export const httpLimits = { keptBody: 20 * 1024, readBody: 64 * 1024, headers: 16 * 1024, connectMs: 5_000 } as const;

export interface Timing {
  /** Until the request went out; null when it never did. */
  connectMs: number | null;
  /** Until the answer's head was there. */
  ttfbMs: number | null;
  totalMs: number;
}

export type Exchange =
  | { kind: 'answer'; response: HttpResponse; truncated: boolean; timing: Timing }
  | {
      kind: 'failure';
      layer: Layer;
      code: AttemptErrorCode;
      message: string;
      timing: Timing;
    };

type Layer = 'dns' | 'tcp' | 'tls' | 'http' | 'timeout';

export class HttpClient {
  private readonly agent: Agent;

  constructor(connectionsPerOrigin: number) {
    this.agent = new Agent({
      connections: connectionsPerOrigin,
      pipelining: 1,
      keepAliveTimeout: 30_000,
      keepAliveMaxTimeout: 120_000,
      maxHeaderSize: httpLimits.headers,
      connect: { timeout: httpLimits.connectMs },
    });
  }

  /** Never throws and never rejects: what went wrong is a value. */
  send(request: HttpRequest, timeoutMs: number): Promise<Exchange> {
    return new Promise((resolve) => {
      const handler = new ExchangeHandler(timeoutMs, resolve);
      try {
        const url = new URL(request.url);
        this.agent.dispatch(
          {
            origin: url.origin,
            path: url.pathname + url.search,
            method: request.method,
            headers: request.headers,
            body: request.body,
            headersTimeout: timeoutMs,
            bodyTimeout: timeoutMs,
          },
          handler,
        );
      } catch (error) {
        handler.onResponseError(undefined, error instanceof Error ? error : new Error(String(error)));
      }
    });
  }

  async close(): Promise<void> {
    await this.agent.close();
  }
}

/** Follows one exchange through undici's callbacks. */
class ExchangeHandler implements Dispatcher.DispatchHandler {
  private readonly resolve: (exchange: Exchange) => void;
  private readonly startedAt = performance.now();
  private readonly timer: NodeJS.Timeout;
  private controller: Dispatcher.DispatchController | undefined;
  private connectMs: number | null = null;
  private ttfbMs: number | null = null;
  private status = 0;
  private headers: Record<string, string> = {};
  private chunks: Buffer[] = [];
  private bodyBytes = 0;
  private ended = false;

  constructor(timeoutMs: number, resolve: (exchange: Exchange) => void) {
    this.resolve = resolve;
    this.timer = setTimeout(() => {
      this.fail('timeout', 'timed_out', `no complete answer within ${timeoutMs} ms`);
      this.controller?.abort(new Error('timeout'));
    }, timeoutMs);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    this.connectMs = this.elapsedMs();
    // Timed out while it waited for a connection.
    if (this.ended) controller.abort(new Error('timeout'));
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    // Informational answers are not the answer.
    if (status < 200) return;
    this.ttfbMs = this.elapsedMs();
    this.status = status;
    for (const [name, value] of Object.entries(headers)) {
      if (value !== undefined) this.headers[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
    }
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.ended) return;
    this.bodyBytes += chunk.length;
    if (this.bodyBytes <= httpLimits.keptBody + chunk.length) this.chunks.push(chunk);
    if (this.bodyBytes <= httpLimits.readBody) return;
    // The status is known and more than enough was read; the rest is not worth waiting for.
    this.finish();
    controller.abort(new Error('the answer is longer than is read'));
  }

  onResponseEnd(): void {
    this.finish();
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    const { layer, code, message } = explain(error);
    this.fail(layer, code, message);
  }

  private finish(): void {
    const all = Buffer.concat(this.chunks);
    const body = all.subarray(0, httpLimits.keptBody).toString('utf8');
    const truncated = this.bodyBytes > httpLimits.keptBody;
    this.end({
      kind: 'answer',
      response: { status: this.status, headers: this.headers, body },
      truncated,
      timing: this.timing(),
    });
  }

  private fail(layer: Layer, code: AttemptErrorCode, message: string): void {
    this.end({ kind: 'failure', layer, code, message, timing: this.timing() });
  }

  private end(exchange: Exchange): void {
    if (this.ended) return;
    this.ended = true;
    clearTimeout(this.timer);
    this.chunks = [];
    this.resolve(exchange);
  }

  private timing(): Timing {
    return { connectMs: this.connectMs, ttfbMs: this.ttfbMs, totalMs: this.elapsedMs() };
  }

  private elapsedMs(): number {
    return Math.round((performance.now() - this.startedAt) * 100) / 100;
  }
}

interface Explanation {
  layer: Layer;
  code: AttemptErrorCode;
  message: string;
}

/** What an error of the client or the system means, in a sentence that says nothing of our own network. */
function explain(error: Error): Explanation {
  const raw = 'code' in error ? String(error.code) : error.name;
  if (raw === 'ERR_INVALID_URL') return { layer: 'http', code: 'url_unreadable', message: 'the URL cannot be read' };
  if (raw === 'ENOTFOUND' || raw === 'EAI_AGAIN') {
    return { layer: 'dns', code: 'dns_failed', message: 'the host name could not be resolved' };
  }
  if (raw === 'UND_ERR_CONNECT_TIMEOUT') {
    return { layer: 'timeout', code: 'connect_failed', message: 'no connection could be made in time' };
  }
  if (raw.startsWith('UND_ERR') && raw.includes('TIMEOUT')) {
    return { layer: 'timeout', code: 'timed_out', message: 'the destination took too long' };
  }
  if (raw.startsWith('ERR_TLS') || raw.includes('CERT') || raw.includes('SSL') || raw.includes('SELF_SIGNED')) {
    return { layer: 'tls', code: 'tls_failed', message: `the TLS connection failed (${raw})` };
  }
  if (/^(ECONNREFUSED|EHOST|ENET|EADDR|ETIMEDOUT)/.test(raw)) {
    return { layer: 'tcp', code: 'connect_failed', message: `the connection failed (${raw})` };
  }
  if (/^(ECONN|EPIPE)/.test(raw) || raw === 'UND_ERR_SOCKET') {
    return { layer: 'tcp', code: 'connection_lost', message: `the connection broke (${raw})` };
  }
  return {
    layer: 'http',
    code: 'answer_unreadable',
    message: `the answer could not be read (${raw}: ${error.message.slice(0, 200)})`,
  };
}
