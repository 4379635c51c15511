// The ids of a trace context, as people look them up.
import { trace, type Context } from '@opentelemetry/api';

/** 32 hex digits, or null outside a trace. */
export const traceIdOf = (context: Context): string | null => trace.getSpanContext(context)?.traceId ?? null;

/** 16 hex digits, or null outside a span. */
export const spanIdOf = (context: Context): string | null => trace.getSpanContext(context)?.spanId ?? null;
