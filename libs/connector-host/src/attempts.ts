// Makes attempts: with the connection as it stands now and a span around each request; several in one where the vendor takes batches.
import type { Connector } from '@sluice/connector-kit';
import type { Delivery, Outcome } from '@sluice/contracts';
import { defaultLaneCaps } from '@sluice/delivery';
import { KeyLanes } from '@sluice/kafka';
import { OutboundClient, outboundPolicy } from '@sluice/outbound';
import { spanIdOf, startClientSpan, traceIdOf, type TraceContext } from '@sluice/telemetry';
import type { AccessTokens } from './access-tokens.ts';
import { attemptTogether } from './attempt-batch.ts';
import { attempt, type AttemptParts } from './attempt.ts';
import type { Config } from './config.ts';
import type { Connections, OpenConnection } from './connections.ts';
import { GroupCommit } from './group-commit.ts';
import { built, prepare, withAccess } from './prepare.ts';
import type { Send } from './settle.ts';

/** Bytes of an answer that are read for a connector that does not say how many. */
const answerBytes = 256 * 1024;
/** Answers to batches and questions are lists. */
const longAnswerBytes = 1024 * 1024;
/** Requests of one connection at a time, where the vendor names no number. */
const requestsPerConnection = 64;
/** Batches of one group at a time: below it nothing waits. */
const batchesAtATime = 4;

interface Asked {
  delivery: Delivery;
  trace: TraceContext;
  /** Ends the attempt, unless it shares a request with others. */
  signal: AbortSignal;
}

export interface AttemptsParts<M> {
  connector: Connector<M>;
  connections: Connections;
  accessTokens: AccessTokens;
}

export class Attempts<M> {
  private readonly connector: Connector<M>;
  private readonly connections: Connections;
  private readonly accessTokens: AccessTokens;
  /** Of connectors that take batches: it is requests that their vendors count, not deliveries. */
  private readonly requests: KeyLanes;
  readonly hasBatches: boolean;
  private readonly groups: GroupCommit<Asked, Outcome>;
  private readonly http: OutboundClient;

  constructor({ connector, connections, accessTokens }: AttemptsParts<M>, config: Config) {
    this.connector = connector;
    this.connections = connections;
    this.accessTokens = accessTokens;
    this.hasBatches = Object.values(connector.actions).some(({ batch }) => batch !== undefined);
    const perKey = connector.limits?.concurrency ?? requestsPerConnection;
    this.requests = new KeyLanes({ perKey, total: config.PROCESS_CONCURRENCY });
    this.groups = new GroupCommit((asked) => this.together(asked));
    // As many sockets as attempts: a slow connection must not use up another's.
    this.http = new OutboundClient(outboundPolicy(config), { connectionsPerOrigin: defaultLaneCaps.process });
  }

  /** The outcome of one attempt; never rejects for anything the destination does. */
  async run(asked: Asked): Promise<Outcome> {
    if (!this.hasBatches) return this.alone(asked);
    const { delivery } = asked;
    const key = await this.groupOf(delivery);
    if (key === undefined) return this.requests.run(delivery.connection_id, () => this.alone(asked));
    const batch = this.connector.actions[delivery.action]?.batch;
    return this.groups.add(key, asked, { running: batchesAtATime, items: batch?.max ?? 1 });
  }

  /** Sends what is not a delivery: a test, a question for choices. */
  send(connection: OpenConnection): Send {
    return (request) =>
      this.http.send(request, connection.policy.timeout_ms, {
        keepBytes: longAnswerBytes,
        sharer: connection.id,
      });
  }

  /** Deliveries that may share a request have the same group; undefined for those that go alone. */
  private async groupOf(delivery: Delivery): Promise<string | undefined> {
    const action = this.connector.actions[delivery.action];
    if (!action?.batch) return undefined;
    const { key: keyOf } = action.batch;
    const group = [delivery.connection_id, delivery.action];
    // Nothing of the delivery itself matters: it is looked at once, when its request is built.
    if (!keyOf) return JSON.stringify(group);
    const connection = await this.connectionOf(delivery);
    const prepared = prepare(delivery, { connector: this.connector, connection, nowMs: Date.now() });
    if (!('call' in prepared)) return undefined;
    const key = built(() => keyOf(withAccess(prepared, undefined)));
    return 'request' in key ? JSON.stringify([...group, key.request]) : undefined;
  }

  private async alone(asked: Asked): Promise<Outcome> {
    return attempt(asked.delivery, this.parts(asked, await this.connectionOf(asked.delivery)));
  }

  private async together(asked: readonly Asked[]): Promise<Outcome[]> {
    const [first] = asked;
    const batch = first && this.connector.actions[first.delivery.action]?.batch;
    if (!first || !batch) return [];
    // As all of them know it at least.
    const newest = asked.reduce((a, b) => (b.delivery.connection_version > a.delivery.connection_version ? b : a));
    const connection = await this.connectionOf(newest.delivery);
    const byDelivery = new Map(asked.map((each) => [each.delivery, each]));
    // One of them being cut must not end the others.
    const { signal } = new AbortController();
    return this.requests.run(first.delivery.connection_id, () =>
      attemptTogether({
        deliveries: asked.map(({ delivery }) => delivery),
        batch,
        parts: (delivery) => this.parts({ ...(byDelivery.get(delivery) ?? first), delivery, signal }, connection),
      }),
    );
  }

  private connectionOf({ connection_id, connection_version }: Delivery): Promise<OpenConnection | undefined> {
    return this.connections.atLeast(connection_id, connection_version);
  }

  private parts(asked: Asked, connection: OpenConnection | undefined): AttemptParts<M> {
    return {
      connector: this.connector,
      connection,
      access: (of, stale) => this.accessTokens.of(of, stale),
      send: this.tracedSend(asked, connection),
      nowMs: Date.now,
      traceId: traceIdOf(asked.trace),
      spanId: spanIdOf(asked.trace),
    };
  }

  private tracedSend({ delivery, trace, signal }: Asked, connection: OpenConnection | undefined): Send {
    const action = this.connector.actions[delivery.action];
    const timeoutMs = connection?.policy.timeout_ms ?? 0;
    const keepBytes = action?.batch ? longAnswerBytes : (this.connector.answerBytes ?? answerBytes);
    return async (request) => {
      const span = startClientSpan(request.method, trace);
      const exchange = await this.http.send(request, timeoutMs, {
        keepBytes,
        signal,
        sharer: delivery.connection_id,
      });
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
