// Takes events, routes them, appends the deliveries and what was decided; done when all of it stands in the log.
import { Controller, Inject } from '@nestjs/common';
import { deliveriesTopic, readEvent, topics, type Delivery, type Event, type Topic } from '@sluice/contracts';
import { PoisonError, type ConsumedRecord, type EventLog } from '@sluice/kafka';
import { Consumes, EVENT_LOG, LOG } from '@sluice/service';
import { traceIdOf, type Log } from '@sluice/telemetry';
import { fanOut, route } from './route.ts';
import { RuleCache } from './rule-cache.ts';

@Controller()
export class EventsController {
  private readonly eventLog: EventLog;
  private readonly log: Log;
  private readonly cache: RuleCache;
  private readonly deliveries = new Map<string, Promise<Topic>>();

  constructor(@Inject(EVENT_LOG) eventLog: EventLog, @Inject(LOG) log: Log, @Inject(RuleCache) cache: RuleCache) {
    this.eventLog = eventLog;
    this.log = log;
    this.cache = cache;
  }

  @Consumes(topics.events)
  async onEvent(record: ConsumedRecord<Event>): Promise<void> {
    const event = record.value;
    const read = readEvent(event);
    if ('problem' in read) throw new PoisonError('event_invalid', `${read.problem.param} ${read.problem.msg}`);
    // Only an event whose workspace is news waits; the others are appended in the order in which they came.
    if (!this.cache.knowsWorkspace(event.workspace) && !(await this.cache.hasWorkspace(event.workspace))) {
      throw new PoisonError('workspace_unknown', `no workspace ${event.workspace}`);
    }
    const nowMs = Date.now();
    const deliveries = route(event, this.cache, nowMs);
    await this.append(record, deliveries, nowMs);
    this.log.info({
      event: 'event.routed',
      event_id: event.id,
      workspace: event.workspace,
      event_type: event.event,
      deliveries: deliveries.length,
      lag_ms: nowMs - event.created_at,
      trace_id: traceIdOf(record.trace),
    });
  }

  private async append(
    { value: event, trace }: ConsumedRecord<Event>,
    deliveries: Delivery[],
    nowMs: number,
  ): Promise<void> {
    const appends = deliveries.map(async (delivery) => {
      const topic = await this.topicOf(delivery.connector);
      return this.eventLog.append(topic, { key: delivery.connection_id, value: delivery, trace });
    });
    appends.push(
      this.eventLog.append(topics.fanOuts, { key: event.id, value: fanOut(event, deliveries, nowMs), trace }),
    );
    await Promise.all(appends);
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
