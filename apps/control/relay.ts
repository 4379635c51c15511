// Publishes what was decided in Postgres, configuration and replays, in the order in which it was committed.
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { topics, type Topic } from '@sluice/contracts';
import { messageOf, type EventLog } from '@sluice/kafka';
import { Publications, type PublicationLease } from '@sluice/persistence';
import { EVENT_LOG, LOG } from '@sluice/service';
import type { Log } from '@sluice/telemetry';
import type { DataSource } from 'typeorm';
import { DATABASE } from './tokens.ts';

/** Milliseconds: how often to look for what another process left behind, and how long an answer waits for its own change to be out. */
const timing = { lookAgainMs: 1_000, answerWaitsMs: 1_000 } as const;
const batchSize = 500;

const topicByName = new Map<string, Topic>(
  [topics.workspaces, topics.accessKeys, topics.connections, topics.rules, topics.eventTypes, topics.replays].map(
    (topic) => [topic.name, topic],
  ),
);

@Injectable()
export class Relay implements OnModuleInit, OnModuleDestroy {
  private readonly publications: Publications;
  private readonly eventLog: EventLog;
  private readonly log: Log;
  private running: Promise<void> | undefined;
  private next: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(@Inject(DATABASE) database: DataSource, @Inject(EVENT_LOG) eventLog: EventLog, @Inject(LOG) log: Log) {
    this.publications = new Publications(database);
    this.eventLog = eventLog;
    this.log = log;
  }

  async onModuleInit(): Promise<void> {
    await this.eventLog.openToWrite([...topicByName.values()]);
    this.timer = setInterval(() => void this.run(), timing.lookAgainMs);
    await this.run();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  /** Publishes what is committed. Resolves when it is out, or after a moment: it stays noted and is published later. */
  async publish(): Promise<void> {
    const moment = new Promise<void>((resolve) => setTimeout(resolve, timing.answerWaitsMs).unref());
    await Promise.race([this.run(), moment]);
  }

  /** One run at a time. One that is under way may have looked before the newest change was committed: another follows it. */
  private run(): Promise<void> {
    if (!this.running) {
      this.running = this.publishAll().finally(() => (this.running = undefined));
      return this.running;
    }
    this.next ??= this.running.then(() => {
      this.next = undefined;
      return this.run();
    });
    return this.next;
  }

  private async publishAll(): Promise<void> {
    try {
      await this.publications.whileAlone((lease) => this.drain(lease));
    } catch (error) {
      this.log.warn({ event: 'publication.delayed', error: messageOf(error) });
    }
  }

  private async drain(lease: PublicationLease): Promise<void> {
    for (;;) {
      const changes = await lease.next(batchSize);
      if (changes.length === 0) return;
      await Promise.all(
        changes.map(({ topic: name, key, value }) => {
          const topic = topicByName.get(name);
          if (!topic) throw new Error(`no topic ${name}`);
          return this.eventLog.append(topic, { key, value });
        }),
      );
      await lease.done(changes);
    }
  }
}
