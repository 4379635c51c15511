// W3C trace context always; spans recorded and sent by OTLP only when somebody listens.
import { propagation, trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { PRODUCT_SLUG } from '@sluice/contracts';

export interface TracingSettings {
  service: string;
  /** Base URL of an OTLP/HTTP receiver; without one ids are still made and handed on, and nothing is recorded. */
  otlpUrl: string | undefined;
  /** Share of traces to record, 0 to 1. */
  ratio: number;
}

export interface Tracing {
  /** Sends what is recorded. */
  stop: () => Promise<void>;
}

/** Contexts are handed on as arguments, from record to record; no context manager is registered. */
export function startTracing({ service, otlpUrl, ratio }: TracingSettings): Tracing {
  const exporter = otlpUrl ? new OTLPTraceExporter({ url: `${otlpUrl.replace(/\/$/, '')}/v1/traces` }) : undefined;
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': `${PRODUCT_SLUG}-${service}` }),
    sampler: exporter ? new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }) : new AlwaysOffSampler(),
    spanProcessors: exporter
      ? [new BatchSpanProcessor({ exporter, maxQueueSize: 8_192, scheduledDelayMillis: 1_000 })]
      : [],
  });
  trace.setGlobalTracerProvider(provider);
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  return { stop: () => provider.shutdown() };
}
