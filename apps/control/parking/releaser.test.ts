// The releaser on a clock of its own: what is taken out is in the log before it is gone, and comes back when it is not.
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { firstAttempt, type Delivery, type Release } from '@sluice/contracts';
import type { Lot, Taken } from '@sluice/persistence';
import type { DataSource } from 'typeorm';
import { Releaser } from './releaser.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** A database that holds one lot, and a log; what happens is noted in order. */
function world(over: Partial<Lot> = {}) {
  const made = {
    steps: [] as string[],
    released: [] as Release[],
    warned: [] as object[],
    parked: 100,
    isLocked: false,
    logFails: false,
    decided: true,
  };
  const lot = (): Lot => ({
    connection_id: 'c',
    workspace_id: 'w',
    newest_at_ms: 0,
    newest_reason: 'held_too_long',
    oldest_began_at_ms: Date.now(),
    first_parked_at_ms: 0,
    first_not_before_at_ms: null,
    active: true,
    version: 3,
    policy: {},
    ...over,
  });
  const take = (count: number): Taken[] =>
    Array.from({ length: Math.min(count, made.parked) }, (_, at) => {
      const delivery = { ...firstAttempt, id: `d${at}`, connection_version: 1 } as unknown as Delivery;
      return { connection_id: 'c', id: String(at), event_id: 'e', rule_id: 'r', delivery };
    });
  const query = (text: string, values: unknown[] = []): unknown => {
    if (text.includes('pg_try_advisory_lock')) return [{ locked: !made.isLocked }];
    if (text.includes('recursive lots')) return made.parked > 0 ? [lot()] : [];
    if (text.includes('delete from parked_deliveries')) return [take((values[1] as number[])[0] ?? 0), 0];
    if (text.includes('select distinct r.connection_id')) return made.decided ? [] : [{ connection_id: 'c' }];
    return [];
  };
  const runner = {
    isTransactionActive: true,
    query: (text: string, values?: unknown[]) => Promise.resolve(query(text, values)),
    startTransaction: () => Promise.resolve(void made.steps.push('begin')),
    commitTransaction: () => Promise.resolve(void made.steps.push('commit')),
    rollbackTransaction: () => Promise.resolve(void made.steps.push('rollback')),
    release: () => Promise.resolve(void made.steps.push('let go')),
  };
  const eventLog = {
    openToWrite: () => Promise.resolve(),
    append: (_topic: unknown, { value }: { value: unknown }) => {
      if (made.logFails) return Promise.reject(new Error('Kafka is away'));
      made.released.push(value as Release);
      return Promise.resolve(void (made.steps.at(-1) === 'append' || made.steps.push('append')));
    },
  };
  const releaser = new Releaser(
    { createQueryRunner: () => runner } as unknown as DataSource,
    eventLog,
    { of: () => undefined },
    { look: () => Promise.resolve() },
    { info: () => undefined, warn: (fields: object) => void made.warned.push(fields) },
  );
  releaser.onApplicationBootstrap();
  return Object.assign(made, { releaser });
}

describe('the releaser', () => {
  it('appends what it takes out before it commits, with its place, as work that gives way, by the newest version', async () => {
    const { steps, released, releaser } = world();
    await jest.advanceTimersByTimeAsync(1_000);
    expect(steps).toEqual(['begin', 'append', 'commit']);
    expect(released).toHaveLength(10);
    expect(released[3]).toMatchObject({
      is_expired: false,
      delivery: { id: 'd3', parking_id: '3', is_low: true, connection_version: 3 },
    });
    await releaser.onModuleDestroy();
    expect(steps.at(-1)).toBe('let go');
    expect(jest.getTimerCount()).toBe(0);
  });

  it('takes nothing out that the log does not take; tries again, from the beginning', async () => {
    const away = world();
    await jest.advanceTimersByTimeAsync(2_000);
    away.logFails = true;
    await jest.advanceTimersByTimeAsync(2_000);
    expect(away.steps.slice(-6)).toEqual(['begin', 'rollback', 'let go', 'begin', 'rollback', 'let go']);
    expect(away.warned[0]).toMatchObject({ event: 'release.delayed', error: 'Kafka is away' });
    away.logFails = false;
    const before = away.released.length;
    await jest.advanceTimersByTimeAsync(1_000);
    expect([before, away.released.length]).toEqual([30, 40]);
    await away.releaser.onModuleDestroy();
  });

  it('does nothing while another process is at it', async () => {
    const other = world();
    other.isLocked = true;
    await jest.advanceTimersByTimeAsync(3_000);
    expect([other.released.length, other.warned.length]).toEqual([0, 0]);
    await other.releaser.onModuleDestroy();
  });

  it('gives up what has expired before anything else', async () => {
    const old = world({ oldest_began_at_ms: 0, active: false });
    await jest.advanceTimersByTimeAsync(1_000);
    expect(old.released).toHaveLength(100);
    expect(old.released.every(({ is_expired }) => is_expired)).toBe(true);
    await old.releaser.onModuleDestroy();
  });

  it('releases the next batch of an ordered connection when the last one is decided', async () => {
    const ordered = world({ policy: { order: 'strict' } });
    await jest.advanceTimersByTimeAsync(1_000);
    ordered.decided = false;
    await jest.advanceTimersByTimeAsync(3_000);
    expect(ordered.released).toHaveLength(50);
    ordered.decided = true;
    await jest.advanceTimersByTimeAsync(1_000);
    expect(ordered.released).toHaveLength(100);
    await ordered.releaser.onModuleDestroy();
  });
});
