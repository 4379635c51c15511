// Takes everything that happened and has it written; a record is done when it stands in Postgres.
import { Controller, Inject } from '@nestjs/common';
import { connectorSlugs } from '@sluice/catalog';
import {
  deadLettersTopic,
  parkedTopic,
  retriesTopic,
  retryTiers,
  topics,
  type DeadLetter,
  type Event,
  type FanOut,
  type Outcome,
  type Parked,
  type Release,
  type Replay,
  type Retry,
} from '@sluice/contracts';
import type { ConsumedRecord } from '@sluice/kafka';
import { Consumes } from '@sluice/service';
import { traceIdOf } from '@sluice/telemetry';
import { HistoryWriter } from './history-writer.ts';
import {
  projectDeadLetter,
  projectEvent,
  projectFanOut,
  projectOutcome,
  projectParked,
  projectRelease,
  projectReplay,
  projectRetry,
} from './project.ts';

@Controller()
export class HistoryController {
  private readonly history: HistoryWriter;

  constructor(@Inject(HistoryWriter) history: HistoryWriter) {
    this.history = history;
  }

  @Consumes(topics.events)
  onEvent({ value, trace }: ConsumedRecord<Event>): Promise<void> {
    return this.history.add(projectEvent(value, traceIdOf(trace)));
  }

  @Consumes(topics.fanOuts)
  onFanOut({ value, trace }: ConsumedRecord<FanOut>): Promise<void> {
    return this.history.add(projectFanOut(value, traceIdOf(trace)));
  }

  @Consumes(topics.outcomes, topics.failedOutcomes)
  onOutcome({ value }: ConsumedRecord<Outcome>): Promise<void> {
    return this.history.add(projectOutcome(value));
  }

  @Consumes(...retryTiers.map(retriesTopic))
  onRetry({ value }: ConsumedRecord<Retry>): Promise<void> {
    return this.history.add(projectRetry(value));
  }

  @Consumes(topics.replays)
  onReplay({ value }: ConsumedRecord<Replay>): Promise<void> {
    return this.history.add(projectReplay(value));
  }

  @Consumes(...connectorSlugs.map(parkedTopic))
  onParked({ value }: ConsumedRecord<Parked>): Promise<void> {
    return this.history.add(projectParked(value));
  }

  @Consumes(topics.releases)
  onRelease({ value }: ConsumedRecord<Release>): Promise<void> {
    return this.history.add(projectRelease(value));
  }

  @Consumes(...connectorSlugs.map(deadLettersTopic))
  onDeadLetter({ value }: ConsumedRecord<DeadLetter>): Promise<void> {
    return this.history.add(projectDeadLetter(value));
  }
}
