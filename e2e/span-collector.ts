// Takes the spans that services send by OTLP/HTTP and shows those of one trace: GET /traces/<id>.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface CollectedSpan {
  readonly service: string;
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

interface OtlpAttribute {
  key: string;
  value: Record<string, unknown>;
}
interface OtlpRequest {
  resourceSpans?: {
    resource?: { attributes?: OtlpAttribute[] };
    scopeSpans?: {
      spans?: { name: string; traceId: string; spanId: string; parentSpanId?: string; attributes?: OtlpAttribute[] }[];
    }[];
  }[];
}

/** Traces kept; load stories make many that nobody asks for. */
const tracesMax = 20_000;

export class SpanCollector {
  readonly #traces = new Map<string, CollectedSpan[]>();
  readonly #server: Server = createServer((request, response) => {
    this.#answer(request, response).catch(() => response.writeHead(400).end());
  });

  /** Answers with the base URL to give to exporters. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, id] = /^\/traces\/([0-9a-f]{32})$/.exec(request.url ?? '') ?? [];
    if (request.method === 'GET' && id !== undefined) {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(this.#traces.get(id) ?? []));
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    this.#take(JSON.parse(Buffer.concat(chunks).toString('utf8')) as OtlpRequest);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  }

  #take({ resourceSpans = [] }: OtlpRequest): void {
    for (const { resource, scopeSpans = [] } of resourceSpans) {
      const service = String(asRecord(resource?.attributes)['service.name']);
      for (const { spans = [] } of scopeSpans) {
        for (const { attributes, ...span } of spans) this.#keep({ ...span, service, attributes: asRecord(attributes) });
      }
    }
  }

  #keep(span: CollectedSpan): void {
    const trace = this.#traces.get(span.traceId) ?? [];
    trace.push(span);
    this.#traces.set(span.traceId, trace);
    if (this.#traces.size <= tracesMax) return;
    for (const oldest of this.#traces.keys()) {
      this.#traces.delete(oldest);
      return;
    }
  }
}

function asRecord(attributes: readonly OtlpAttribute[] = []): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
