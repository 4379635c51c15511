// What it means to attempt a delivery: build, send, classify, and tell it as an outcome. Everything that can go wrong is an outcome too.
import { createHash } from 'node:crypto';
import type { Classification, Connector, HttpRequest, OutcomeCode } from '@sluice/connector-kit';
import type { Delivery, Outcome } from '@sluice/contracts';
import type { OpenConnection } from './connections.ts';
import type { Exchange } from './http-client.ts';
import { secretTexts, shownHeaders, shownUrl, struckOut } from './redact.ts';

export interface AttemptParts<M> {
  connector: Connector<M>;
  connection: OpenConnection | undefined;
  send: (request: HttpRequest, timeoutMs: number) => Promise<Exchange>;
  /** Of the span that makes this attempt. */
  traceId: string | null;
  spanId: string | null;
  nowMs: () => number;
}

/** Makes one attempt. Never throws. */
export async function attempt<M>(delivery: Delivery, parts: AttemptParts<M>): Promise<Outcome> {
  const startedAtMs = parts.nowMs();
  const head = { ...headOf(delivery, parts.connection, startedAtMs), trace_id: parts.traceId, span_id: parts.spanId };
  if (!parts.connection)
    return refused(head, delivery, { code: 'connection_deleted', message: 'the connection no longer exists' });
  if (!parts.connection.active)
    return refused(head, delivery, { code: 'connection_inactive', message: 'the connection is switched off' });
  const built = build(delivery, parts.connection, { ...parts, nowMs: startedAtMs });
  if ('problem' in built)
    return refused(head, delivery, { code: built.code, message: built.problem, outcomeCode: built.outcomeCode });
  const exchange = await parts.send(built.request, parts.connection.timeoutMs);
  return told({
    head,
    delivery,
    request: built.request,
    exchange: withoutSecrets(exchange, secretsOf(built.request, parts.connection)),
    classification: classify(parts.connector, exchange, parts.nowMs()),
  });
}

type Head = Omit<
  Outcome,
  | 'result'
  | 'outcome_code'
  | 'retry_at'
  | 'connect_ms'
  | 'ttfb_ms'
  | 'total_ms'
  | 'http_status'
  | 'error'
  | 'request'
  | 'response'
  | 'delivery'
>;

function headOf(
  delivery: Delivery,
  connection: OpenConnection | undefined,
  startedAtMs: number,
): Omit<Head, 'trace_id' | 'span_id'> {
  return {
    delivery_id: delivery.id,
    event_id: delivery.event_id,
    workspace: delivery.workspace,
    event: delivery.event,
    rule_id: delivery.rule_id,
    rule_version: delivery.rule_version,
    connection_id: delivery.connection_id,
    connection_version: connection?.version ?? delivery.connection_version,
    mapping_version: delivery.mapping_version,
    connector: delivery.connector,
    action: delivery.action,
    attempt: delivery.attempt,
    trigger: delivery.trigger,
    replay_id: delivery.replay_id,
    started_at: startedAtMs,
    queued_ms: Math.max(0, startedAtMs - delivery.queued_at),
  };
}

interface Refusal {
  code: string;
  message: string;
  outcomeCode?: OutcomeCode;
}

/** Nothing was sent. */
function refused(head: Head, delivery: Delivery, { code, message, outcomeCode = 'internal_error' }: Refusal): Outcome {
  return {
    ...head,
    result: 'rejected',
    outcome_code: outcomeCode,
    retry_at: null,
    connect_ms: null,
    ttfb_ms: null,
    total_ms: 0,
    http_status: null,
    error: { layer: outcomeCode === 'mapping_error' ? 'mapping' : 'internal', code, message },
    request: null,
    response: null,
    delivery,
  };
}

type Built = { request: HttpRequest } | { problem: string; code: string; outcomeCode: OutcomeCode };

function build<M>(
  delivery: Delivery,
  connection: OpenConnection,
  { connector, nowMs }: { connector: Connector<M>; nowMs: number },
): Built {
  const action = connector.actions[delivery.action];
  if (!action) {
    return {
      problem: `the connector has no action ${delivery.action}`,
      code: 'action_unknown',
      outcomeCode: 'internal_error',
    };
  }
  const metadata = connector.metadata.safeParse(connection.metadata);
  if (!metadata.success) {
    const member = metadata.error.issues[0]?.path.join('.') ?? '';
    return {
      problem: `the connection's ${member} is not usable`,
      code: 'metadata_invalid',
      outcomeCode: 'internal_error',
    };
  }
  try {
    return { request: action.build({ delivery, metadata: metadata.data, nowMs }) };
  } catch (error) {
    return {
      problem: error instanceof Error ? error.message : String(error),
      code: 'request_not_built',
      outcomeCode: 'mapping_error',
    };
  }
}

function classify<M>(connector: Connector<M>, exchange: Exchange, nowMs: number): Classification {
  if (exchange.kind === 'answer') return connector.classify(exchange.response, nowMs);
  const code = exchange.layer === 'timeout' ? 'timeout' : 'network_error';
  return { result: 'retryable', code, message: exchange.message };
}

interface Telling {
  head: Head;
  delivery: Delivery;
  request: HttpRequest;
  exchange: Exchange;
  classification: Classification;
}

function told({ head, delivery, request, exchange, classification }: Telling): Outcome {
  const { timing } = exchange;
  return {
    ...head,
    result: classification.result,
    outcome_code: classification.code,
    retry_at: classification.retryAtMs ?? null,
    connect_ms: timing.connectMs,
    ttfb_ms: timing.ttfbMs,
    total_ms: timing.totalMs,
    http_status: exchange.kind === 'answer' ? exchange.response.status : null,
    error: errorOf(exchange, classification),
    request: {
      method: request.method,
      url: shownUrl(request.url),
      headers: shownHeaders(request.headers, request.secretHeaders),
      body_bytes: Buffer.byteLength(request.body),
      body_sha256: createHash('sha256').update(request.body).digest('hex'),
    },
    response:
      exchange.kind === 'answer'
        ? {
            status: exchange.response.status,
            headers: shownHeaders(exchange.response.headers, ['set-cookie']),
            body: exchange.response.body,
            truncated: exchange.truncated,
          }
        : null,
    delivery: classification.result === 'delivered' ? null : delivery,
  };
}

/** What was sent as a proof, whole and without its scheme ("Bearer"), besides the credentials themselves. */
function secretsOf(request: HttpRequest, connection: OpenConnection): string[] {
  const sent = request.secretHeaders.flatMap((name) => request.headers[name] ?? []);
  return [...connection.secrets, ...secretTexts(sent.flatMap((value) => [value, value.replace(/^\S+ /, '')]))];
}

function withoutSecrets(exchange: Exchange, secrets: readonly string[]): Exchange {
  if (exchange.kind === 'failure') return { ...exchange, message: struckOut(exchange.message, secrets) };
  const { response } = exchange;
  const headers = Object.entries(response.headers).map(([name, value]) => [name, struckOut(value, secrets)]);
  const body = struckOut(response.body, secrets);
  return {
    ...exchange,
    response: { ...response, headers: Object.fromEntries(headers) as Record<string, string>, body },
  };
}

function errorOf(exchange: Exchange, classification: Classification): Outcome['error'] {
  if (classification.result === 'delivered') return null;
  if (exchange.kind === 'failure') return { layer: exchange.layer, code: exchange.code, message: exchange.message };
  return { layer: 'http', code: `http_${exchange.response.status}`, message: classification.message };
}
