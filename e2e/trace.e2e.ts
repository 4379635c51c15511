// One event is one trace, from the request that brought it to the last attempt.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { facts, isOver, quickPolicy, Sink, until, Workspace } from './harness.ts';
import type { CollectedSpan } from './span-collector.ts';

describe('a trace', () => {
  let sink: Sink;
  let workspace: Workspace;
  beforeAll(async () => {
    sink = await Sink.start();
    workspace = await Workspace.create('trace');
  });
  afterAll(() => sink.stop());

  it('holds every hop of an event whose second attempt succeeds, each a child of the one before', async () => {
    sink.answers('/traced', 503, 200);
    const connection = await workspace.connection(sink.url('/traced'), { policy: quickPolicy(3, 100) });
    await workspace.rule(connection, 'lead.created');
    const id = await workspace.emit('lead.created', { a: 1 });
    const event = await workspace.event(id, isOver);
    expect(event.rule_events[0]?.trace_id).toBe(event.trace_id);

    const names = [
      'POST /api/v1/events',
      'send events',
      'process events',
      'send deliveries.webhook',
      'process deliveries.webhook',
      'POST',
      'send outcomes',
      'process outcomes',
      'send retries.1s',
      'process retries.1s',
    ];
    const spans = await until('all spans have come', async () => {
      const response = await fetch(`${facts.spans}/traces/${event.trace_id}`);
      const found = (await response.json()) as CollectedSpan[];
      const attempts = found.filter(({ name }) => name === 'POST').length;
      return names.every((name) => found.some((span) => span.name === name)) && attempts === 2 && found;
    });
    const byId = new Map(spans.map((span) => [span.spanId, span]));
    const roots = spans.filter(({ parentSpanId }) => !parentSpanId || !byId.has(parentSpanId));
    expect(roots.map(({ name }) => name)).toEqual(['POST /api/v1/events']);
    const lastAttempt = spans.filter(({ name }) => name === 'POST').at(-1);
    const path: string[] = [];
    for (let span = lastAttempt; span; span = byId.get(span.parentSpanId ?? '')) path.unshift(span.name);
    expect(path[0]).toBe('POST /api/v1/events');
    expect(new Set(spans.map(({ service }) => service))).toEqual(
      new Set(['sluice-ingest', 'sluice-router', 'sluice-connector-webhook', 'sluice-retry', 'sluice-tracker']),
    );
    expect(lastAttempt?.attributes).toMatchObject({ 'delivery.id': event.rule_events[0]?.id });
  });
});
