// What it means to attempt a delivery: build, send, classify, and tell it as an outcome. Everything that can go wrong is an outcome too.
import type { Action, Classification, Connector, HttpRequest } from '@sluice/connector-kit';
import type { Delivery, Outcome } from '@sluice/contracts';
import type { OpenConnection } from './connections.ts';
import type { Exchange } from './http-client.ts';
import { headOf, refused, told, type Refusal } from './outcome.ts';
import { secretTexts, struckOut } from './redact.ts';

export interface AttemptParts<M> {
  connector: Connector<M>;
  connection: OpenConnection | undefined;
  send: (request: HttpRequest, timeoutMs: number) => Promise<Exchange>;
  /** Of the span that makes this attempt. */
  traceId: string | null;
  spanId: string | null;
  nowMs: () => number;
}

/** Makes one attempt. Never throws, whatever the connector or the destination does. */
export async function attempt<M>(delivery: Delivery, parts: AttemptParts<M>): Promise<Outcome> {
  const { connector, connection, traceId, spanId } = parts;
  const startedAtMs = parts.nowMs();
  const head = headOf(delivery, { connection, startedAtMs, traceId, spanId });
  const built = buildRequest(delivery, { connector, connection, nowMs: startedAtMs });
  if (!('request' in built)) {
    const message = struckOut(built.message, connection?.secrets ?? []);
    return refused(head, delivery, { ...built, message });
  }
  const { request, timeoutMs } = built;
  const raw = await parts.send(request, timeoutMs);
  const secrets = secretsOf(request, connection);
  const classification = classify(connector, raw, parts.nowMs());
  return told(head, delivery, {
    request,
    exchange: withoutSecrets(raw, secrets),
    classification: { ...classification, message: struckOut(classification.message, secrets) },
  });
}

interface BuildParts<M> {
  connector: Connector<M>;
  connection: OpenConnection | undefined;
  nowMs: number;
}

/** The request of a delivery, or why there is none. */
export function buildRequest<M>(
  delivery: Delivery,
  { connector, connection, nowMs }: BuildParts<M>,
): { request: HttpRequest; timeoutMs: number } | Refusal {
  const rejected = { result: 'rejected', outcomeCode: 'internal_error' } as const;
  if (!connection) return { ...rejected, code: 'connection_deleted', message: 'the connection no longer exists' };
  if (!connection.active)
    return { ...rejected, code: 'connection_inactive', message: 'the connection is switched off' };
  if (connection.isSealed) {
    const message = "the connection's credentials do not open with the keys of this installation";
    return { result: 'retryable', outcomeCode: 'internal_error', code: 'credentials_unreadable', message };
  }
  if (delivery.mapping_error) {
    const { field, message } = delivery.mapping_error;
    const where = field === '' ? '' : `${field}: `;
    return { result: 'rejected', outcomeCode: 'mapping_error', code: 'mapping_failed', message: `${where}${message}` };
  }
  const action = actionOf(connector, delivery.action);
  if (!action)
    return { ...rejected, code: 'action_unknown', message: `the connector has no action ${delivery.action}` };
  const metadata = connector.metadata.safeParse(connection.metadata);
  if (!metadata.success) {
    const member = metadata.error.issues[0]?.path.join('.') || 'metadata';
    return { ...rejected, code: 'metadata_invalid', message: `the connection's ${member} is not usable` };
  }
  try {
    return { request: action.build({ delivery, metadata: metadata.data, nowMs }), timeoutMs: connection.timeoutMs };
  } catch (error) {
    return { result: 'rejected', outcomeCode: 'mapping_error', code: 'request_not_built', message: textOf(error) };
  }
}

const actionOf = <M>({ actions }: Connector<M>, name: string): Action<M> | undefined =>
  Object.hasOwn(actions, name) ? actions[name] : undefined;

function classify<M>(connector: Connector<M>, exchange: Exchange, nowMs: number): Classification {
  if (exchange.kind === 'failure') {
    const code = exchange.layer === 'timeout' ? 'timeout' : 'network_error';
    const result = exchange.code === 'address_forbidden' ? 'rejected' : 'retryable';
    return { result, code, message: exchange.message };
  }
  try {
    return connector.classify(exchange.response, nowMs);
  } catch (error) {
    // A mistake in the connector: what the answer meant is not known, and at-least-once is what is promised.
    return { result: 'retryable', code: 'internal_error', message: `reading the answer: ${textOf(error)}` };
  }
}

/** What was sent as a proof, whole and without its scheme ("Bearer"), besides the credentials themselves. */
export function secretsOf(request: HttpRequest, connection: OpenConnection | undefined): string[] {
  const sent = request.secretHeaders.flatMap((name) => request.headers[name] ?? []);
  return [...(connection?.secrets ?? []), ...secretTexts(sent.flatMap((value) => [value, value.replace(/^\S+ /, '')]))];
}

function withoutSecrets(exchange: Exchange, secrets: readonly string[]): Exchange {
  if (exchange.kind === 'failure') return { ...exchange, message: struckOut(exchange.message, secrets) };
  const { response } = exchange;
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headers)) headers[name] = struckOut(value, secrets);
  return { ...exchange, response: { ...response, headers, body: struckOut(response.body, secrets) } };
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
