// One event per Idempotency-Key, over requests, replicas and deaths, with a log in memory that tells everybody later what was appended.
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ApiError } from '@sluice/api';
import type { IdempotencyClaim } from '@sluice/contracts';
import { UnavailableError, type Append } from '@sluice/kafka';
import { Claims, type ClaimRequest, type Stamp } from './claims.ts';

const startMs = Date.parse('2026-01-01T00:00:00Z');

beforeEach(() => {
  jest.useFakeTimers({ now: startMs });
});
afterEach(() => {
  jest.useRealTimers();
});

/** The claims topic: appends are confirmed at once and come back to every replica a moment later, in one order. */
class ClaimLog {
  readonly records: IdempotencyClaim[] = [];
  private readonly replicas: Claims[] = [];
  /** Refuses appends. */
  isDown = false;
  /** Nothing comes back to anybody. */
  isSilent = false;

  replica(): Claims {
    const claims = new Claims((append) => this.append(append));
    for (const record of this.records) claims.feed().apply(record.key, record);
    this.replicas.push(claims);
    return claims;
  }

  private async append({ key, value }: Append<IdempotencyClaim>): Promise<void> {
    await Promise.resolve();
    if (this.isDown) throw new UnavailableError('the log is down');
    if (value === null || key !== value.key) throw new Error('a claim is keyed by its key');
    const record = { ...value };
    this.records.push(record);
    if (this.isSilent) return;
    setTimeout(() => this.replicas.forEach((replica) => replica.feed().apply(record.key, { ...record })), 5);
  }
}

const request = (over: Partial<ClaimRequest> = {}): ClaimRequest => ({
  workspace: 'w1',
  idempotencyKey: 'order-1',
  body: '{"a":1}',
  nowMs: Date.now(),
  ...over,
});

/** What was appended to `events`, and the function that appends it. */
function events() {
  const stamps: Stamp[] = [];
  const append = async (stamp: Stamp): Promise<void> => {
    await Promise.resolve();
    stamps.push(stamp);
  };
  return { stamps, append };
}

async function settled<T>(promise: Promise<T>): Promise<T | string> {
  const outcome = promise.catch((error: unknown) => {
    if (error instanceof ApiError) return `${error.status} ${error.code}`;
    return error instanceof Error ? error.name : 'thrown';
  });
  await jest.runAllTimersAsync();
  return outcome;
}

describe('an Idempotency-Key', () => {
  it('is held from the moment its claim is known, by its workspace only', async () => {
    const claims = new ClaimLog().replica();
    const { append } = events();
    expect(claims.isHeld(request())).toBe(false);
    await settled(claims.once(request(), append));
    expect(claims.isHeld(request())).toBe(true);
    expect(claims.isHeld(request({ workspace: 'w2' }))).toBe(false);
    expect(claims.isHeld(request({ idempotencyKey: 'order-2' }))).toBe(false);
  });

  it('makes one event of a thousand equal requests at once, and gives all of them its stamp', async () => {
    const log = new ClaimLog();
    const claims = log.replica();
    const { stamps, append } = events();
    const answers = Promise.all(Array.from({ length: 1_000 }, () => claims.once(request(), append)));
    const all = (await settled(answers)) as Stamp[];
    expect(stamps).toHaveLength(1);
    expect(all).toHaveLength(1_000);
    for (const stamp of all) expect(stamp).toEqual(stamps[0]);
    expect(log.records.map(({ appended }) => appended)).toEqual([false, true]);
  });

  it('makes one event of two replicas that are asked at once, whoever of them was first in the log', async () => {
    const log = new ClaimLog();
    const [one, two] = [log.replica(), log.replica()];
    const { stamps, append } = events();
    const [first, second] = (await settled(
      Promise.all([one.once(request(), append), two.once(request(), append)]),
    )) as Stamp[];
    expect(stamps).toHaveLength(1);
    expect(second).toEqual(first);
    expect(first?.id).toBe(log.records[0]?.event_id);
  });

  it('answers a later request from what is known, on this replica, on another and on one that starts afterwards', async () => {
    const log = new ClaimLog();
    const [one, two] = [log.replica(), log.replica()];
    const { stamps, append } = events();
    const first = await settled(one.once(request(), append));
    await jest.advanceTimersByTimeAsync(3_600_000);
    const known = log.records.length;
    for (const replica of [one, two, log.replica()]) {
      expect(await settled(replica.once(request(), append))).toEqual(first);
    }
    expect(stamps).toEqual([first]);
    expect(log.records).toHaveLength(known);
  });

  it('is another in another workspace', async () => {
    const claims = new ClaimLog().replica();
    const { stamps, append } = events();
    await settled(claims.once(request(), append));
    await settled(claims.once(request({ workspace: 'w2' }), append));
    expect(new Set(stamps.map(({ id }) => id)).size).toBe(2);
  });

  it('is free again after 24 hours', async () => {
    const claims = new ClaimLog().replica();
    const { stamps, append } = events();
    await settled(claims.once(request(), append));
    await jest.advanceTimersByTimeAsync(24 * 3_600_000);
    await settled(claims.once(request({ body: 'other' }), append));
    expect(new Set(stamps.map(({ id }) => id)).size).toBe(2);
  });
});

describe('an Idempotency-Key with another body', () => {
  it('is refused while the first request is under way, and the first goes on', async () => {
    const claims = new ClaimLog().replica();
    const { stamps, append } = events();
    const first = claims.once(request(), append);
    expect(await settled(claims.once(request({ body: '{"a":2}' }), append))).toBe('422 idempotency_key_reused');
    await expect(first).resolves.toEqual(stamps[0]);
    expect(stamps).toHaveLength(1);
  });

  it('is refused afterwards, on every replica', async () => {
    const log = new ClaimLog();
    const [one, two] = [log.replica(), log.replica()];
    const { stamps, append } = events();
    await settled(one.once(request(), append));
    for (const replica of [one, two]) {
      expect(await settled(replica.once(request({ body: '{"a":2}' }), append))).toBe('422 idempotency_key_reused');
    }
    expect(stamps).toHaveLength(1);
  });

  it('is refused to whoever comes second in the log when two replicas are asked at once', async () => {
    const log = new ClaimLog();
    const [one, two] = [log.replica(), log.replica()];
    const { stamps, append } = events();
    const answers = await settled(
      Promise.allSettled([one.once(request(), append), two.once(request({ body: '{"a":2}' }), append)]),
    );
    expect(answers).toMatchObject([{ status: 'fulfilled' }, { status: 'rejected', reason: { status: 422 } }]);
    expect(stamps).toHaveLength(1);
  });
});

describe('a claim whose owner', () => {
  it('died is taken over by another replica: the same event, by the same id and time', async () => {
    const log = new ClaimLog();
    const [dead, alive] = [log.replica(), log.replica()];
    void dead.once(request(), () => new Promise(() => undefined));
    await jest.advanceTimersByTimeAsync(100);
    const { stamps, append } = events();
    const stamp = await settled(alive.once(request(), append));
    expect(stamps).toEqual([stamp]);
    expect(stamp).toEqual({ id: log.records[0]?.event_id, createdAtMs: startMs });
    expect(log.records.at(-1)).toMatchObject({ event_id: log.records[0]?.event_id, appended: true });
  });

  it('could not append its event is taken over by the next request, by the same id', async () => {
    const log = new ClaimLog();
    const claims = log.replica();
    const { stamps, append } = events();
    const refuses = () => Promise.reject(new UnavailableError('not confirmed'));
    expect(await settled(claims.once(request(), refuses))).toBe('UnavailableError');
    const stamp = await settled(claims.once(request(), append));
    expect(stamps).toEqual([stamp]);
    expect(stamp).toMatchObject({ id: log.records[0]?.event_id });
  });

  it('is only slow is waited for, and its event is not appended twice', async () => {
    const log = new ClaimLog();
    const [slow, other] = [log.replica(), log.replica()];
    const { stamps, append } = events();
    const slowly = async (stamp: Stamp) => {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      await append(stamp);
    };
    const first = slow.once(request(), slowly);
    await jest.advanceTimersByTimeAsync(100);
    expect(await settled(other.once(request(), append))).toEqual(await first);
    expect(stamps).toHaveLength(1);
  });
});

describe('a log that is away', () => {
  it('refuses the claim, appends no event, and holds nothing against the next request', async () => {
    const log = new ClaimLog();
    const claims = log.replica();
    const { stamps, append } = events();
    log.isDown = true;
    expect(await settled(claims.once(request(), append))).toBe('UnavailableError');
    expect(stamps).toEqual([]);
    log.isDown = false;
    await settled(claims.once(request(), append));
    expect(stamps).toHaveLength(1);
  });

  it('gives up within the 4 s a caller has when the claim does not come back', async () => {
    const log = new ClaimLog();
    log.isSilent = true;
    const { stamps, append } = events();
    const answer = settled(log.replica().once(request(), append));
    expect(await answer).toBe('UnavailableError');
    expect(stamps).toEqual([]);
    expect(Date.now() - startMs).toBeLessThan(4_000);
  });

  it('may lose the mark that the event was appended: the answer stands', async () => {
    const log = new ClaimLog();
    const claims = log.replica();
    const { stamps, append } = events();
    const thenDown = async (stamp: Stamp) => {
      await append(stamp);
      log.isDown = true;
    };
    expect(await settled(claims.once(request(), thenDown))).toEqual(stamps[0]);
  });
});
