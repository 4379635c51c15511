// Makes attempts: each in the lane of its connection, with the connection as it stands now and a span around the request.
import type { Connector } from '@sluice/connector-kit';
import type { Delivery, Outcome } from '@sluice/contracts';
import { KeyLanes } from '@sluice/kafka';
import { spanIdOf, startClientSpan, traceIdOf, type TraceContext } from '@sluice/telemetry';
import { attempt } from './attempt.ts';
import type { Config } from './config.ts';
import type { Connections } from './connections.ts';
import { HttpClient } from './http-client.ts';

export class Attempts<M> {
  private readonly connector: Connector<M>;
  private readonly connections: Connections;
  private readonly lanes: KeyLanes;
  private readonly http: HttpClient;

  constructor(connector: Connector<M>, connections: Connections, config: Config) {
    this.connector = connector;
    this.connections = connections;
    this.lanes = new KeyLanes({ perKey: config.CONNECTION_CONCURRENCY, total: config.PROCESS_CONCURRENCY });
    // Connections of several workspaces may lead to one origin; a slow one of them must not use up its sockets.
    this.http = new HttpClient(config.CONNECTION_CONCURRENCY * 4);
  }

  /** The outcome of one attempt; never rejects for anything the destination does. */
  run(delivery: Delivery, trace: TraceContext): Promise<Outcome> {
    return this.lanes.run(delivery.connection_id, () => this.attempt(delivery, trace));
  }

  private async attempt(delivery: Delivery, trace: TraceContext): Promise<Outcome> {
    const connection = await this.connections.atLeast(delivery.connection_id, delivery.connection_version);
    return attempt(delivery, {
      connector: this.connector,
      connection,
      send: this.tracedSend(delivery, trace),
      nowMs: Date.now,
      traceId: traceIdOf(trace),
      spanId: spanIdOf(trace),
    });
  }

  private tracedSend(delivery: Delivery, trace: TraceContext): HttpClient['send'] {
    return async (request, timeoutMs) => {
      const span = startClientSpan(request.method, trace);
      const exchange = await this.http.send(request, timeoutMs);
      const status = exchange.kind === 'answer' ? exchange.response.status : 0;
      span.end(
        {
          'http.request.method': request.method,
          'http.response.status_code': status,
          'delivery.id': delivery.id,
          'delivery.attempt': delivery.attempt,
        },
        status < 200 || status >= 300,
      );
      return exchange;
    };
  }
}
