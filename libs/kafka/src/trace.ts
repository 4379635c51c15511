// Spans at the Kafka seam: one when a record is appended, one while it is handled, and W3C trace context in the headers between them.
// By hand, because a batch consumer that hands records off ends an instrumentation library's spans at once (docs/adr/0007).
import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Context,
  type Span,
} from '@opentelemetry/api';
import { messageOf } from './errors.ts';
import type { RawRecord } from './record.ts';

const tracer = trace.getTracer('sluice.kafka');

/** The span of an append, and the headers that carry its context. */
export function startSend(topic: string, parent: Context | undefined): { span: Span; headers: Record<string, string> } {
  const parentContext = parent ?? context.active();
  const unrecorded = unrecordedIn(parentContext);
  if (unrecorded) return { span: unrecorded, headers: headersOf(parentContext) };
  const span = tracer.startSpan(`send ${topic}`, { kind: SpanKind.PRODUCER }, parentContext);
  if (span.isRecording()) {
    span.setAttributes({
      'messaging.system': 'kafka',
      'messaging.operation.name': 'send',
      'messaging.operation.type': 'send',
      'messaging.destination.name': topic,
    });
  }
  return { span, headers: headersOf(trace.setSpan(parentContext, span)) };
}

function headersOf(of: Context): Record<string, string> {
  const headers: Record<string, string> = {};
  propagation.inject(of, headers);
  return headers;
}

/** The span of a trace that nobody records stands for all that would follow it: making one for each hop is a tenth of the hop's cost. */
function unrecordedIn(parent: Context): Span | undefined {
  const span = trace.getSpanContext(parent);
  return span && (span.traceFlags & TraceFlags.SAMPLED) === 0 ? trace.getSpan(parent) : undefined;
}

/** The span of handling one record, child of whoever appended it. */
export function startProcess(record: RawRecord, group: string): { span: Span; trace: Context } {
  const parent = propagation.extract(ROOT_CONTEXT, record.headers);
  const unrecorded = unrecordedIn(parent);
  if (unrecorded) return { span: unrecorded, trace: parent };
  const span = tracer.startSpan(`process ${record.topic}`, { kind: SpanKind.CONSUMER }, parent);
  if (span.isRecording()) {
    span.setAttributes({
      'messaging.system': 'kafka',
      'messaging.operation.name': 'process',
      'messaging.operation.type': 'process',
      'messaging.destination.name': record.topic,
      'messaging.destination.partition.id': String(record.partition),
      'messaging.kafka.offset': record.offset,
      'messaging.consumer.group.name': group,
    });
  }
  return { span, trace: trace.setSpan(parent, span) };
}

/** Ends a span, marked as failed when there is an error. */
export function endSpan(span: Span, error?: unknown): void {
  if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: messageOf(error) });
  span.end();
}
