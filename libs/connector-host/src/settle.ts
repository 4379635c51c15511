// Sends a request and reads what comes back, up to four requests where one answer leads to the next. Never throws.
import { classified, type Classification, type HttpRequest, type Reading } from '@sluice/connector-kit';
import type { Exchange } from '@sluice/outbound';

/** Requests for one delivery at most: whoever needs more goes in circles. */
const requestsMax = 4;

export type Send = (request: HttpRequest) => Promise<Exchange>;
export type Read = (response: HttpResponse, nowMs: number) => Reading;
type HttpResponse = Extract<Exchange, { kind: 'answer' }>['response'];

/** What came of a delivery: the last request, its answer, and what that means. */
export interface Settled {
  request: HttpRequest;
  exchange: Exchange;
  classification: Classification;
}

export async function settle(first: HttpRequest, read: Read, { send, nowMs }: { send: Send; nowMs: () => number }) {
  let step: { then: HttpRequest; read: Read } = { then: first, read };
  for (let requests = 1; ; requests++) {
    const request = step.then;
    const exchange = await send(request);
    const reading = readingOf(exchange, step.read, { nowMs: nowMs(), isFirst: requests === 1 });
    if (!('then' in reading)) return { request, exchange, classification: reading } satisfies Settled;
    if (requests === requestsMax) {
      const classification = classified('permanent', `not settled by ${requestsMax} requests`);
      return { request, exchange, classification } satisfies Settled;
    }
    step = reading;
  }
}

function readingOf(exchange: Exchange, read: Read, { nowMs, isFirst }: { nowMs: number; isFirst: boolean }): Reading {
  if (exchange.kind === 'failure') {
    const failure = failureOf(exchange);
    // What was done by the requests before stands, whatever becomes of this one.
    return failure.class === 'retry' && !isFirst ? { ...failure, class: 'unknown' } : failure;
  }
  try {
    return read(exchange.response, nowMs);
  } catch (error) {
    return misread(error);
  }
}

/** A mistake in the connector: what the answer meant is not known. */
export function misread(error: unknown): Classification {
  const message = `reading the answer: ${error instanceof Error ? error.message : String(error)}`;
  return { class: 'unknown', code: 'internal_error', message };
}

/** No answer. Whether it may have been done hangs on whether the request went out. */
export function failureOf(failure: Extract<Exchange, { kind: 'failure' }>): Classification {
  const { layer, code, message, timing } = failure;
  const outcomeCode = layer === 'timeout' ? 'timeout' : 'network_error';
  if (code === 'address_forbidden' || code === 'url_unreadable')
    return { class: 'permanent', code: outcomeCode, message };
  return { class: timing.connectMs === null ? 'retry' : 'unknown', code: outcomeCode, message };
}
