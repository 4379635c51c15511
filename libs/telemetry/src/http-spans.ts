// The spans of HTTP: of a request that comes in (the beginning of a trace, or the continuation of the caller's), and of one that goes out.
import {
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Context,
} from '@opentelemetry/api';

const tracer = trace.getTracer('sluice.http');

export interface ServerSpan {
  /** What happens because of the request names this as its parent. */
  context: Context;
  end: (status: number) => void;
}

/** @param name method and route, "POST /api/v1/events" */
export function startServerSpan(name: string, headers: Record<string, unknown>): ServerSpan {
  const parent = propagation.extract(ROOT_CONTEXT, headers);
  const span = tracer.startSpan(name, { kind: SpanKind.SERVER }, parent);
  return {
    context: trace.setSpan(parent, span),
    end: (status) => {
      if (span.isRecording()) span.setAttribute('http.response.status_code', status);
      if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    },
  };
}

export interface ClientSpan {
  end: (attributes: Record<string, string | number>, failed: boolean) => void;
}

const unrecorded: ClientSpan = { end: () => undefined };

/** The span of a request that goes out; none in a trace that nobody records. */
export function startClientSpan(name: string, parent: Context): ClientSpan {
  const parentSpan = trace.getSpanContext(parent);
  if (parentSpan && (parentSpan.traceFlags & TraceFlags.SAMPLED) === 0) return unrecorded;
  const span = tracer.startSpan(name, { kind: SpanKind.CLIENT }, parent);
  return {
    end: (attributes, failed) => {
      if (span.isRecording()) span.setAttributes(attributes);
      if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    },
  };
}
