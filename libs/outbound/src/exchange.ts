// One exchange: what it may end as, and the following of it through undici's callbacks.
import type { AttemptErrorCode } from '@sluice/contracts';
import type { Dispatcher } from 'undici';
import { explain, type Explanation, type Layer } from './explain.ts';

/** Bounds on what a destination may do to us. Bytes; milliseconds. */
export const outboundLimits = {
  keptBody: 20 * 1024,
  keptBodyMax: 1024 * 1024,
  readBody: 64 * 1024,
  headers: 16 * 1024,
  connectMs: 5_000,
} as const;

/** An answer, read up to a limit, and as it came: nothing is decompressed, and nothing asks for compression. */
export interface OutboundResponse {
  status: number;
  /** Lower-case names. */
  headers: Record<string, string>;
  body: string;
}

export interface Timing {
  /** Until the request went out; null when it never did. */
  connectMs: number | null;
  /** Until the answer's head was there. */
  ttfbMs: number | null;
  totalMs: number;
}

export type Exchange =
  | { kind: 'answer'; response: OutboundResponse; truncated: boolean; timing: Timing }
  | { kind: 'failure'; layer: Layer; code: AttemptErrorCode; message: string; timing: Timing };

export interface ExchangeParts {
  readonly timeoutMs: number;
  readonly keepBytes: number;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (exchange: Exchange) => void;
}

export class ExchangeHandler implements Dispatcher.DispatchHandler {
  private readonly parts: ExchangeParts;
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

  constructor(parts: ExchangeParts) {
    this.parts = parts;
    const { timeoutMs, signal } = parts;
    const message = `no complete answer within ${timeoutMs} ms`;
    this.timer = setTimeout(() => this.cut({ layer: 'timeout', code: 'timed_out', message }), timeoutMs);
    signal?.addEventListener('abort', this.onAbort);
    if (signal?.aborted) this.onAbort();
  }

  get hasEnded(): boolean {
    return this.ended;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    this.connectMs = this.elapsedMs();
    // Cut while it waited for a connection.
    if (this.ended) controller.abort(new Error('cut'));
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
    if (this.bodyBytes <= this.parts.keepBytes + chunk.length) this.chunks.push(chunk);
    if (this.bodyBytes <= Math.max(this.parts.keepBytes, outboundLimits.readBody)) return;
    // The status is known and more than enough was read; the rest is not worth waiting for.
    this.finish();
    controller.abort(new Error('the answer is longer than is read'));
  }

  onResponseEnd(): void {
    this.finish();
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    this.fail(explain(error));
  }

  private finish(): void {
    const all = Buffer.concat(this.chunks);
    const body = all.subarray(0, this.parts.keepBytes).toString('utf8');
    const truncated = this.bodyBytes > this.parts.keepBytes;
    this.end({
      kind: 'answer',
      response: { status: this.status, headers: this.headers, body },
      truncated,
      timing: this.timing(),
    });
  }

  /** Ends it without an answer. */
  fail(why: Explanation): void {
    this.end({ kind: 'failure', ...why, timing: this.timing() });
  }

  private readonly onAbort = (): void => {
    const isLate = (this.parts.signal?.reason as Error | undefined)?.name === 'TimeoutError';
    if (isLate) this.cut({ layer: 'timeout', code: 'timed_out', message: 'no complete answer within the time left' });
    else this.cut({ layer: 'tcp', code: 'connection_lost', message: 'the attempt was cut off on our side' });
  };

  private cut(why: Explanation): void {
    this.fail(why);
    this.controller?.abort(new Error('cut'));
  }

  private end(exchange: Exchange): void {
    if (this.ended) return;
    this.ended = true;
    clearTimeout(this.timer);
    this.parts.signal?.removeEventListener('abort', this.onAbort);
    this.chunks = [];
    this.parts.resolve(exchange);
  }

  private timing(): Timing {
    return { connectMs: this.connectMs, ttfbMs: this.ttfbMs, totalMs: this.elapsedMs() };
  }

  private elapsedMs(): number {
    return Math.round((performance.now() - this.startedAt) * 100) / 100;
  }
}
