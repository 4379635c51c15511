// What a process tells about itself: traces and log lines.
export { startClientSpan, startServerSpan, type ClientSpan, type ServerSpan } from './http-spans.ts';
export { spanIdOf, traceIdOf } from './ids.ts';
export { createLog, type Log } from './log.ts';
export { startTracing, type Tracing } from './tracing.ts';
/** What a span is part of; handed on from record to record. */
export type { Context as TraceContext } from '@opentelemetry/api';
