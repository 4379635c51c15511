// A record's way through Nest: to its handler as it is, and whatever the handler throws back to the event log as that same object.
import 'reflect-metadata';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Module, type INestMicroservice, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { deadLettersTopic, topics } from '@sluice/contracts';
import {
  LetGoError,
  PoisonError,
  UnavailableError,
  type ConsumedRecord,
  type EventLog,
  type Subscription,
} from '@sluice/kafka';
import { Consumes } from './consumes.ts';
import { KafkaTransport, type SubscriptionTuning } from './kafka-transport.ts';

const record = (topic: string, over: Partial<ConsumedRecord> = {}): ConsumedRecord =>
  ({
    topic,
    partition: 0,
    offset: 7,
    key: 'k',
    timestampMs: 1,
    headers: {},
    value: {},
    trace: {},
    ...over,
  }) as ConsumedRecord;

/** What the handlers below were given, and what they do with it. */
const seen: { name: string; record: ConsumedRecord }[] = [];
let handling: (record: ConsumedRecord) => unknown = () => undefined;

@Controller()
class FirstController {
  private readonly name = 'first';

  @Consumes(topics.events, topics.fanOuts)
  onEvent(given: ConsumedRecord): unknown {
    seen.push({ name: this.name, record: given });
    return handling(given);
  }

  @Consumes(deadLettersTopic('webhook'))
  async onDeadLetter(given: ConsumedRecord): Promise<void> {
    seen.push({ name: this.name, record: given });
    await handling(given);
  }
}

@Controller()
class SecondController {
  @Consumes(topics.outcomes)
  onOutcome(given: ConsumedRecord): unknown {
    seen.push({ name: 'second', record: given });
    return handling(given);
  }
}

@Module({ controllers: [FirstController, SecondController] })
class TwoControllers {}

@Module({})
class NoControllers {}

/** The event log's one call that the transport makes. */
class FakeEventLog {
  readonly subscriptions: Subscription[] = [];
  refuses: Error | undefined;

  subscribe(subscription: Subscription): Promise<void> {
    if (this.refuses) return Promise.reject(this.refuses);
    this.subscriptions.push(subscription);
    return Promise.resolve();
  }
}

const running: INestMicroservice[] = [];
afterEach(async () => {
  for (const app of running.splice(0)) await app.close();
  seen.length = 0;
  handling = () => undefined;
});

async function boot(module: Type = TwoControllers, tuning: SubscriptionTuning = {}, eventLog = new FakeEventLog()) {
  const strategy = new KafkaTransport({ eventLog: eventLog as unknown as EventLog, group: 'sluice-test', ...tuning });
  const app = await NestFactory.createMicroservice(module, { strategy, logger: false, abortOnError: false });
  running.push(app);
  await app.listen();
  const [subscription] = eventLog.subscriptions;
  return {
    eventLog,
    subscription,
    handle: (given: ConsumedRecord) => subscription?.handle(given) ?? Promise.reject(new Error('not subscribed')),
  };
}

describe('the transport', () => {
  it('subscribes once, to every topic of every controller, each with its schema, in one group', async () => {
    const tuning = { window: { records: 5, bytes: 6 }, stallMs: () => 7 };
    const { eventLog, subscription } = await boot(TwoControllers, tuning);
    expect(eventLog.subscriptions).toHaveLength(1);
    expect(subscription).toMatchObject({ group: 'sluice-test', ...tuning });
    expect(subscription?.topics).toEqual({
      events: 'Event',
      'fan-outs': 'FanOut',
      'dead-letters.webhook': 'DeadLetter',
      outcomes: 'Outcome',
    });
  });

  it('subscribes to nothing when there is nothing to consume', async () => {
    expect((await boot(NoControllers)).eventLog.subscriptions).toEqual([]);
  });

  it('does not come up when the log cannot be subscribed to', async () => {
    const eventLog = new FakeEventLog();
    eventLog.refuses = new UnavailableError('no broker');
    await expect(boot(TwoControllers, {}, eventLog)).rejects.toBe(eventLog.refuses);
  });

  it('gives each record, the object itself, to the handler of its topic and no other', async () => {
    const { handle } = await boot();
    const records = ['events', 'outcomes', 'dead-letters.webhook', 'fan-outs'].map((topic) => record(topic));
    for (const each of records) await handle(each);
    expect(seen.map(({ name }) => name)).toEqual(['first', 'second', 'first', 'first']);
    seen.forEach((call, index) => expect(call.record).toBe(records[index]));
  });

  it('refuses a record of a topic that nobody consumes', async () => {
    const { handle } = await boot();
    await expect(handle(record('rules'))).rejects.toThrow('no handler for topic rules');
  });

  it('is done with a record only when its handler is', async () => {
    const { handle } = await boot();
    const finished = Promise.withResolvers<void>();
    handling = () => finished.promise;
    let done = false;
    const handled = handle(record('events')).then(() => (done = true));
    await new Promise(setImmediate);
    expect([seen.length, done]).toEqual([1, false]);
    finished.resolve();
    await handled;
    expect(done).toBe(true);
  });

  it('has many records in hand at once', async () => {
    const { handle } = await boot();
    const finished = Promise.withResolvers<void>();
    handling = () => finished.promise;
    const all = Array.from({ length: 200 }, () => handle(record('events')));
    await new Promise(setImmediate);
    expect(seen).toHaveLength(200);
    finished.resolve();
    await Promise.all(all);
  });
});

describe('an error of a handler', () => {
  const errors = [
    new UnavailableError('the log is down'),
    new PoisonError('event_invalid', 'payload must be an object'),
    new LetGoError('the process stops'),
    new TypeError('cannot read properties of undefined'),
    new RangeError('maximum call stack size exceeded'),
    Object.assign(new Error('duplicate key'), { code: '23505' }),
  ];

  it.each(errors)('reaches the event log as that same object, thrown at once: %s', async (error) => {
    const { handle } = await boot();
    handling = () => {
      throw error;
    };
    await expect(handle(record('events'))).rejects.toBe(error);
  });

  it.each(errors)('reaches the event log as that same object, as a rejection later: %s', async (error) => {
    const { handle } = await boot();
    handling = async () => {
      await new Promise(setImmediate);
      throw error;
    };
    for (const topic of ['events', 'dead-letters.webhook', 'outcomes'])
      await expect(handle(record(topic))).rejects.toBe(error);
  });

  it.each(['a text', null, undefined, { status: 'error' }])(
    'reaches it even when it is no error: %j',
    async (thrown) => {
      const { handle } = await boot();
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- that is the case
      handling = () => Promise.reject(thrown);
      const outcome = await handle(record('events')).then(
        () => 'handled',
        (error: unknown) => ({ error }),
      );
      expect(outcome).toEqual({ error: thrown });
    },
  );

  it('says nothing against the records around it', async () => {
    const { handle } = await boot();
    handling = ({ offset }) => {
      if (offset === 2) throw new PoisonError('event_invalid', 'the second');
    };
    const all = await Promise.allSettled([1, 2, 3].map((offset) => handle(record('events', { offset }))));
    expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });
});
