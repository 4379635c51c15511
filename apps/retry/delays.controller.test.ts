// The pump on a clock of its own: nothing leaves early or late, long waits hop from tier to tier, a stop gives everything back.
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { retriesTopic, retryTiers, type Delivery, type Retry, type RetryTier } from '@sluice/contracts';
import { tierFor } from '@sluice/delivery';
import { LetGoError, UnavailableError, type ConsumedRecord } from '@sluice/kafka';
import type { TraceContext } from '@sluice/telemetry';
import fc from 'fast-check';
import { DelaysController } from './delays.controller.ts';
import type { DeliveryLog } from './delivery-log.ts';

const startMs = Date.parse('2026-01-01T00:00:00Z');
const trace = {} as TraceContext;
const tierNamed = (name: string): RetryTier => retryTiers.find((tier) => tier.name === name) ?? retryTiers[0];

beforeEach(() => {
  jest.useFakeTimers({ now: startMs });
});
afterEach(() => {
  jest.useRealTimers();
});

interface Appended {
  to: 'deliveries' | RetryTier;
  id: string;
  atMs: number;
}

/** Remembers what was appended where and when; `fails` makes the next appends fail. */
class FakeDeliveryLog {
  readonly appended: Appended[] = [];
  readonly waiting: Retry[] = [];
  fails = false;

  deliver(delivery: Delivery): Promise<void> {
    return this.note('deliveries', delivery.id);
  }

  wait(tier: RetryTier, retry: Retry): Promise<void> {
    this.waiting.push(retry);
    return this.note(tier, retry.delivery.id);
  }

  private note(to: Appended['to'], id: string): Promise<void> {
    if (this.fails) return Promise.reject(new UnavailableError('the log is down'));
    this.appended.push({ to, id, atMs: Date.now() });
    return Promise.resolve();
  }
}

function pump() {
  const log = new FakeDeliveryLog();
  return { log, controller: new DelaysController(log as unknown as DeliveryLog) };
}

const retryOf = (id: string, dueAtMs: number, hop = 0): Retry => ({
  due_at: dueAtMs,
  cause: 'backoff',
  decided_at: startMs,
  hop,
  delivery: { id, connection_id: 'c', connector: 'webhook' } as Delivery,
});

/** A retry as it stands in the topic of a tier since `timestampMs`. */
const record = (tier: RetryTier, value: Retry, timestampMs = Date.now()): ConsumedRecord<Retry> => ({
  topic: retriesTopic(tier).name,
  partition: 0,
  offset: 0,
  key: 'c',
  timestampMs,
  headers: {},
  value,
  trace,
});

describe('a retry', () => {
  it('leaves at its due time, to the millisecond, and not one before', async () => {
    const { log, controller } = pump();
    const done = controller.onRetry(record(tierNamed('5s'), retryOf('d', startMs + 5_400)));
    await jest.advanceTimersByTimeAsync(5_399);
    expect(log.appended).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(log.appended).toEqual([{ to: 'deliveries', id: 'd', atMs: startMs + 5_400 }]);
    await done;
  });

  it('does not take along one that is due a millisecond later', async () => {
    const { log, controller } = pump();
    const all = [5_000, 5_001].map((waitMs) =>
      controller.onRetry(record(tierNamed('5s'), retryOf(String(waitMs), startMs + waitMs))),
    );
    await jest.advanceTimersByTimeAsync(6_000);
    await Promise.all(all);
    expect(log.appended.map(({ id, atMs }) => [id, atMs - startMs])).toEqual([
      ['5000', 5_000],
      ['5001', 5_001],
    ]);
  });

  it('that is overdue, as after a long standstill, leaves at once', async () => {
    const { log, controller } = pump();
    const done = controller.onRetry(record(tierNamed('1s'), retryOf('d', startMs - 60_000), startMs - 61_000));
    await jest.advanceTimersByTimeAsync(0);
    expect(log.appended).toEqual([{ to: 'deliveries', id: 'd', atMs: startMs }]);
    await done;
  });

  it('leaves in due order, whatever the order in which retries came and the tiers they came from', async () => {
    const waits = fc.array(fc.integer({ min: 1, max: 6_000 }), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(waits, async (waitsMs) => {
        jest.setSystemTime(startMs);
        const { log, controller } = pump();
        const all = waitsMs.map((waitMs, at) =>
          controller.onRetry(record(tierNamed(at % 2 ? '1s' : '5s'), retryOf(String(waitMs), startMs + waitMs))),
        );
        // Those in the short tier that are due after it is over hop; what is delivered is delivered on time.
        await jest.advanceTimersByTimeAsync(6_000);
        await Promise.all(all);
        const delivered = log.appended.filter(({ to }) => to === 'deliveries');
        for (const { id, atMs } of delivered) expect(atMs).toBe(startMs + Number(id));
        expect(delivered.map(({ id }) => Number(id))).toEqual(
          delivered.map(({ id }) => Number(id)).sort((a, b) => a - b),
        );
        expect(log.appended).toHaveLength(waitsMs.length);
      }),
      { numRuns: 30 },
    );
  });

  it('whose append fails rejects with what went wrong, so that the record is not lost', async () => {
    const { log, controller } = pump();
    log.fails = true;
    const done = controller.onRetry(record(tierNamed('1s'), retryOf('d', startMs + 1_000)));
    const refused = expect(done).rejects.toBeInstanceOf(UnavailableError);
    await jest.advanceTimersByTimeAsync(1_000);
    await refused;
  });
});

describe('a long wait', () => {
  it('goes on to the tier that fits what is left when its own is over, one hop counted', async () => {
    const { log, controller } = pump();
    const retry = retryOf('d', startMs + 700_000);
    const done = controller.onRetry(record(tierNamed('30s'), retry));
    await jest.advanceTimersByTimeAsync(29_999);
    expect(log.appended).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(log.appended).toEqual([{ to: tierNamed('10m'), id: 'd', atMs: startMs + 30_000 }]);
    expect(log.waiting).toEqual([{ ...retry, hop: 1 }]);
    await done;
  });

  it('of any length ends exactly when it is due, over however many hops', async () => {
    for (const waitMs of [1, 999, 1_000, 8_000, 59_000, 3_700_000, 86_400_000]) {
      jest.setSystemTime(startMs);
      const { log, controller } = pump();
      let tier = tierFor(waitMs);
      let retry = retryOf('d', startMs + waitMs);
      for (let isDelivered = false; !isDelivered;) {
        const done = controller.onRetry(record(tier, retry));
        await jest.runAllTimersAsync();
        await done;
        const [to, next] = [log.appended.at(-1)?.to, log.waiting.at(-1)];
        if (to !== 'deliveries' && to && next) [tier, retry] = [to, next];
        else isDelivered = true;
        expect(log.appended.length).toBeLessThanOrEqual(32);
      }
      expect(log.appended.at(-1)?.atMs).toBe(startMs + waitMs);
      expect(retry.hop).toBe(log.appended.length - 1);
    }
  });
});

describe('a clock', () => {
  it('that is set forward lets go of what is due within ten seconds', async () => {
    const { log, controller } = pump();
    const done = controller.onRetry(record(tierNamed('2h'), retryOf('d', startMs + 7_200_000)));
    jest.setSystemTime(startMs + 7_200_000);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(log.appended).toHaveLength(1);
    await done;
  });

  it('that is set back keeps what is held until it is due by it', async () => {
    const { log, controller } = pump();
    const done = controller.onRetry(record(tierNamed('5s'), retryOf('d', startMs + 5_000)));
    jest.setSystemTime(startMs - 20_000);
    await jest.advanceTimersByTimeAsync(24_999);
    expect(log.appended).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(log.appended).toEqual([{ to: 'deliveries', id: 'd', atMs: startMs + 5_000 }]);
    await done;
  });
});

describe('a stop', () => {
  it('gives everything held back unhandled, and what comes after it too; nothing is appended and no timer is left', async () => {
    const { log, controller } = pump();
    const held = [1_000, 3_000, 2_000].map((waitMs) =>
      controller.onRetry(record(tierNamed('1s'), retryOf('d', startMs + waitMs))),
    );
    const settled = Promise.allSettled(held);
    controller.onModuleDestroy();
    expect(jest.getTimerCount()).toBe(0);
    const outcomes = [
      ...(await settled),
      ...(await Promise.allSettled([controller.onRetry(record(tierNamed('1s'), retryOf('d', startMs)))])),
    ];
    expect(outcomes).toHaveLength(4);
    for (const outcome of outcomes) {
      expect(outcome.status === 'rejected' && outcome.reason).toBeInstanceOf(LetGoError);
    }
    await jest.advanceTimersByTimeAsync(10_000);
    expect(log.appended).toEqual([]);
  });
});
