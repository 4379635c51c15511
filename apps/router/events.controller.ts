// Takes events, routes them, appends the deliveries and what was decided; done when all of it stands in the log.
import { Controller, Inject } from '@nestjs/common';
import { acceptedHeader, deliveriesTopic, readEvent, topics, type Event, type Topic } from '@sluice/contracts';
import { ExpressionRunner, type ExpressionRequest, type ExpressionResult } from '@sluice/expressions';
import { KeyLanes, PoisonError, type ConsumedRecord, type EventLog } from '@sluice/kafka';
import { Consumes, EVENT_LOG, LOG } from '@sluice/service';
import { traceIdOf, type Log } from '@sluice/telemetry';
import { fanOut, mapInput, route, withMapped, type Routed, type Routing } from './route.ts';
import { RuleCache } from './rule-cache.ts';

type Payload = Record<string, unknown>;

/** How long an event waits for room among its workspace's expressions, and how often it asks. Milliseconds. */
const overloadedMaxMs = 30_000;
const overloadedPauseMs = 250;

@Controller()
export class EventsController {
  private readonly eventLog: EventLog;
  private readonly log: Log;
  private readonly cache: RuleCache;
  private readonly expressions: ExpressionRunner;
  private readonly deliveries = new Map<string, Promise<Topic>>();
  /** Events of one resource keep their order though one of them waits for an expression. */
  private readonly order = new KeyLanes({ perKey: 1, total: Infinity });

  constructor(
    @Inject(EVENT_LOG) eventLog: EventLog,
    @Inject(LOG) log: Log,
    @Inject(RuleCache) cache: RuleCache,
    @Inject(ExpressionRunner) expressions: ExpressionRunner,
  ) {
    this.eventLog = eventLog;
    this.log = log;
    this.cache = cache;
    this.expressions = expressions;
  }

  @Consumes(topics.events)
  async onEvent(record: ConsumedRecord<Event>): Promise<void> {
    const event = record.value;
    const payload = this.soundPayload(record);
    // Only an event whose workspace is news waits; the others are appended in the order in which they came.
    if (!this.cache.knowsWorkspace(event.workspace) && !(await this.cache.hasWorkspace(event.workspace))) {
      throw new PoisonError('workspace_unknown', `no workspace ${event.workspace}`);
    }
    this.mustFitItsType(record, payload);
    const nowMs = Date.now();
    const routing = route(event, payload, { configuration: this.cache, nowMs });
    await this.inOrder(record, routing, async () => {
      const mapped = { ...routing, routed: await this.mapped(event, payload, routing.routed) };
      await this.append(record, mapped, nowMs);
      this.note(record, mapped, nowMs);
    });
  }

  private soundPayload({ value: event }: ConsumedRecord<Event>): Payload {
    const read = readEvent(event);
    if ('problem' in read) throw new PoisonError('event_invalid', `${read.problem.param} ${read.problem.msg}`);
    return read.payload;
  }

  /** What ingest has accepted was checked there, by the types as they stood then; it is never refused afterwards. */
  private mustFitItsType({ value: event, headers }: ConsumedRecord<Event>, payload: Payload): void {
    if (headers[acceptedHeader] !== undefined) return;
    const { mode, problems } = this.cache.verdict(event, payload);
    const [first] = problems;
    if (mode === 'enforce' && first) throw new PoisonError('event_invalid', `${first.param} ${first.msg}`);
  }

  /** Runs the work at once, unless the event has a resource id whose earlier event is still waiting, or has to wait itself. */
  private inOrder({ key }: ConsumedRecord<Event>, { routed }: Routing, work: () => Promise<void>): Promise<void> {
    const waits = routed.some(({ expression }) => expression !== undefined);
    if (key === null || !(waits || this.order.has(key))) return work();
    return this.order.run(key, work);
  }

  /** Nothing to wait for where no rule has an expression. */
  private async mapped(event: Event, payload: Payload, routed: Routed[]): Promise<Routed[]> {
    if (routed.every(({ expression }) => expression === undefined)) return routed;
    const input = mapInput(event, payload);
    return Promise.all(
      routed.map(async (one) => {
        if (!one.expression) return one;
        const { key, text: expression } = one.expression;
        const result = await this.evaluated({ key, workspace: event.workspace, expression, input });
        return withMapped(one.delivery, mapResultOf(result));
      }),
    );
  }

  /** Too much at once says nothing against the event: it is asked again until there is room, or the time is up. */
  private async evaluated(request: ExpressionRequest): Promise<ExpressionResult> {
    const deadline = Date.now() + overloadedMaxMs;
    for (;;) {
      const result = await this.expressions.run(request);
      if (result.ok || result.code !== 'expression_overloaded' || Date.now() > deadline) return result;
      await new Promise((resolve) => setTimeout(resolve, overloadedPauseMs));
    }
  }

  private async append({ value: event, trace }: ConsumedRecord<Event>, routing: Routing, nowMs: number): Promise<void> {
    const appends = routing.routed.map(async ({ delivery }) => {
      const topic = await this.topicOf(delivery.connector);
      return this.eventLog.append(topic, { key: delivery.connection_id, value: delivery, trace });
    });
    appends.push(this.eventLog.append(topics.fanOuts, { key: event.id, value: fanOut(event, routing, nowMs), trace }));
    await Promise.all(appends);
  }

  private note({ value: event, trace }: ConsumedRecord<Event>, { routed, overflow }: Routing, nowMs: number): void {
    this.log.info({
      event: 'event.routed',
      event_id: event.id,
      workspace: event.workspace,
      event_type: event.event,
      deliveries: routed.length,
      ...(overflow > 0 ? { overflow } : {}),
      lag_ms: nowMs - event.created_at,
      trace_id: traceIdOf(trace),
    });
  }

  /** A connector's topic follows from its name; it is opened when its first delivery comes. */
  private topicOf(connector: string): Promise<Topic> {
    let opened = this.deliveries.get(connector);
    if (!opened) {
      const topic = deliveriesTopic(connector);
      opened = this.eventLog.openToWrite([topic]).then(() => topic);
      this.deliveries.set(connector, opened);
      opened.catch(() => this.deliveries.delete(connector));
    }
    return opened;
  }
}

/** What an expression made, as a mapping's result; its whole is the field at fault. */
const mapResultOf = (result: ExpressionResult) =>
  result.ok
    ? { ok: true as const, value: result.value, warnings: [] }
    : { ok: false as const, field: 'jsonata', message: `${result.message} (${result.code})` };
