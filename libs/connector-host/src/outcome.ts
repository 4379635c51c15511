// Tells what became of one attempt: nothing sent and why, or what was sent, what came back and what that means.
import { hash } from 'node:crypto';
import type { Classification, HttpRequest, OutcomeCode } from '@sluice/connector-kit';
import type { AttemptErrorCode, Delivery, Outcome, Result } from '@sluice/contracts';
import type { OpenConnection } from './connections.ts';
import type { Exchange } from './http-client.ts';
import { shownHeaders, shownUrl } from './redact.ts';

/** The members of an outcome that are known before anything is tried. */
export type Head = Omit<
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

export interface Started {
  readonly connection: OpenConnection | undefined;
  readonly startedAtMs: number;
  readonly traceId: string | null;
  readonly spanId: string | null;
}

export function headOf(delivery: Delivery, { connection, startedAtMs, traceId, spanId }: Started): Head {
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
    trace_id: traceId,
    span_id: spanId,
  };
}

/** Why nothing was sent. */
export interface Refusal {
  readonly result: Exclude<Result, 'delivered'>;
  readonly outcomeCode: OutcomeCode;
  readonly code: AttemptErrorCode;
  readonly message: string;
}

export function refused(head: Head, delivery: Delivery, { result, outcomeCode, code, message }: Refusal): Outcome {
  return {
    ...head,
    result,
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

export interface Made {
  readonly request: HttpRequest;
  /** What came of it, with secrets struck out. */
  readonly exchange: Exchange;
  readonly classification: Classification;
}

export function told(head: Head, delivery: Delivery, { request, exchange, classification }: Made): Outcome {
  const { timing } = exchange;
  const answer = exchange.kind === 'answer' ? exchange : undefined;
  return {
    ...head,
    result: classification.result,
    outcome_code: classification.code,
    retry_at: classification.retryAtMs ?? null,
    connect_ms: timing.connectMs,
    ttfb_ms: timing.ttfbMs,
    total_ms: timing.totalMs,
    http_status: answer?.response.status ?? null,
    error: errorOf(exchange, classification),
    request: {
      method: request.method,
      url: shownUrl(request.url),
      headers: shownHeaders(request.headers, request.secretHeaders),
      body_bytes: Buffer.byteLength(request.body),
      body_sha256: hash('sha256', request.body),
    },
    response: answer
      ? {
          status: answer.response.status,
          headers: shownHeaders(answer.response.headers, ['set-cookie']),
          body: answer.response.body,
          truncated: answer.truncated,
        }
      : null,
    delivery: classification.result === 'delivered' ? null : delivery,
  };
}

function errorOf(exchange: Exchange, classification: Classification): Outcome['error'] {
  if (classification.result === 'delivered') return null;
  if (exchange.kind === 'failure') return { layer: exchange.layer, code: exchange.code, message: exchange.message };
  if (classification.code === 'internal_error') {
    return { layer: 'internal', code: 'answer_not_classified', message: classification.message };
  }
  return { layer: 'http', code: `http_${exchange.response.status}`, message: classification.message };
}
