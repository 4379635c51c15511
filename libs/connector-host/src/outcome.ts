// Tells what became of one attempt: nothing sent and why, or what was sent, what came back and what that means.
import { hash } from 'node:crypto';
import type { OutcomeCode } from '@sluice/connector-kit';
import type { AttemptErrorCode, Delivery, Outcome, Result } from '@sluice/contracts';
import type { Exchange } from '@sluice/outbound';
import type { OpenConnection } from './connections.ts';
import { hiddenHeaders, shownHeaders, shownUrl, struckOut } from './redact.ts';
import type { Settled } from './settle.ts';
import type { Verdict } from './verdict.ts';

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

export interface Made extends Settled {
  readonly verdict: Verdict;
  /** Texts that must not be kept or shown. */
  readonly secrets: readonly string[];
}

/** Bytes of an answer's body that are kept; the connector may have read more. */
const keptBody = 20 * 1024;

export function told(head: Head, delivery: Delivery, made: Made): Outcome {
  const { request, classification, verdict, secrets } = made;
  const exchange = withoutSecrets(made.exchange, secrets);
  const { timing } = exchange;
  const answer = exchange.kind === 'answer' ? exchange : undefined;
  return {
    ...head,
    result: verdict.result,
    outcome_code: classification.code,
    retry_at: classification.retryAtMs ?? null,
    connect_ms: timing.connectMs,
    ttfb_ms: timing.ttfbMs,
    total_ms: timing.totalMs,
    http_status: answer?.response.status ?? null,
    error: errorOf(exchange, made),
    request: {
      method: request.method,
      url: struckOut(shownUrl(request.url), secrets),
      headers: shownHeaders(request.headers, hiddenHeaders(request)),
      body_bytes: Buffer.byteLength(request.body),
      body_sha256: hash('sha256', request.body),
    },
    response: answer
      ? {
          status: answer.response.status,
          headers: shownHeaders(answer.response.headers, ['set-cookie']),
          ...kept(answer),
        }
      : null,
    delivery: verdict.result === 'delivered' ? null : delivery,
  };
}

type Answered = Extract<Exchange, { kind: 'answer' }>;

function kept({ response: { body }, truncated }: Answered): { body: string; truncated: boolean } {
  // A character takes a byte at least: most answers are short enough at a glance.
  if (body.length <= keptBody / 4) return { body, truncated };
  const bytes = Buffer.from(body);
  if (bytes.length <= keptBody) return { body, truncated };
  return { body: bytes.subarray(0, keptBody).toString('utf8'), truncated: true };
}

function withoutSecrets(exchange: Exchange, secrets: readonly string[]): Exchange {
  if (exchange.kind === 'failure') return { ...exchange, message: struckOut(exchange.message, secrets) };
  const { response } = exchange;
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headers)) headers[name] = struckOut(value, secrets);
  return { ...exchange, response: { ...response, headers, body: struckOut(response.body, secrets) } };
}

function errorOf(exchange: Exchange, { classification, verdict, secrets }: Made): Outcome['error'] {
  if (verdict.result === 'delivered') return null;
  const message = struckOut(classification.message, secrets);
  if (exchange.kind === 'failure') {
    const { layer, code } = exchange;
    return { layer, code: verdict.errorCode ?? code, message: exchange.message };
  }
  if (classification.code === 'internal_error') {
    return { layer: 'internal', code: verdict.errorCode ?? 'answer_not_classified', message };
  }
  return { layer: 'http', code: verdict.errorCode ?? `http_${exchange.response.status}`, message };
}
