// Plays work through lanes and keeps its own, naive book of what is in flight and why; throws where the lanes break a rule.
import { strict as assert } from 'node:assert';
import {
  breakerState,
  defaultLaneCaps,
  Lanes,
  type Breaker,
  type Ended,
  type LaneCaps,
  type LanePolicy,
  type Started,
  type Work,
} from '../src/index.ts';

export interface Known {
  workspace: string;
  policy: LanePolicy;
}

type Numbered = Work<number>;
type Attempt = Started<number>;

/** What the book says of one connection. */
class Account {
  starts: number[] = [];
  isUnproven = false;
  isDiverted = false;
  throttledUntilMs = 0;
  bears = Infinity;
  breaker: Breaker | undefined;
  /** The latest of each key that was started, and that was spilled. */
  lastOfKey = { started: new Map<string | undefined, number>(), spilled: new Map<string | undefined, number>() };
}

export class Referee {
  readonly running = new Set<Attempt>();
  readonly waiting = new Map<number, { work: Numbered; sinceMs: number }>();
  readonly spilled: number[] = [];
  readonly started: number[] = [];
  added = 0;
  /** Whether the process has no time. */
  isBusy = false;
  nowMs = 1_700_000_000_000;
  readonly lanes: Lanes<number>;
  private readonly slow = new Set<Attempt>();
  private readonly accounts = new Map<string, Account>();
  private readonly caps: LaneCaps;
  private readonly known: Readonly<Record<string, Known>>;

  constructor(known: Readonly<Record<string, Known>>, process: number, caps: Partial<LaneCaps> = {}) {
    this.known = known;
    this.caps = { ...defaultLaneCaps, process, ...caps };
    this.lanes = new Lanes(
      (connection) => this.policy(connection),
      this.caps,
      () => this.isBusy,
    );
  }

  add(connection: string, over: Partial<Numbered> = {}): void {
    const work = { workspace: this.workspace(connection), connection, item: this.added++, ...over };
    this.waiting.set(work.item, { work, sinceMs: this.nowMs });
    this.lanes.add(work, this.nowMs);
  }

  /** Nothing may happen before the time that the lanes named. */
  pass(ms: number): void {
    this.settle();
    const nextAtMs = this.lanes.nextAtMs ?? Infinity;
    this.nowMs += ms;
    const happened = this.settle();
    if (this.nowMs < nextAtMs) assert.equal(happened, 0, 'something happened before nextAtMs');
  }

  finish(attempt: Attempt, ended: Ended): void {
    const account = this.account(attempt.work.connection);
    const tookMs = this.nowMs - attempt.startedAtMs;
    this.running.delete(attempt);
    this.slow.delete(attempt);
    if (ended.retryAtMs) account.throttledUntilMs = Math.max(account.throttledUntilMs, ended.retryAtMs);
    if (ended.kind === 'failed' || ended.kind === 'timeout') account.isUnproven = true;
    if (ended.kind === 'throttled') account.bears = 1;
    if (ended.kind === 'ok') account.bears *= 2;
    if (ended.kind === 'ok' && tookMs <= this.caps.suspectAfterMs) account.isUnproven = false;
    const change = this.lanes.finish(attempt, ended, this.nowMs);
    if (change) account.breaker = change === 'closed' ? undefined : change;
    const isFault = ended.kind !== 'ok' && ended.kind !== 'unsent';
    if (isFault && this.policy(attempt.work.connection).order === 'strict') account.isDiverted = true;
  }

  rejoin(connection: string): void {
    this.account(connection).isDiverted = false;
    this.lanes.rejoin(connection, this.nowMs);
  }

  /** What the host does after anything happened. Returns how much came out. */
  settle(): number {
    let happened = 0;
    for (const attempt of this.lanes.cut(this.nowMs)) happened += this.onCut(attempt);
    this.onAge();
    for (const { work } of this.lanes.spill(this.nowMs)) happened += this.onSpilled(work);
    for (const { sinceMs } of this.waiting.values())
      assert.ok(this.nowMs - sinceMs < this.caps.holdMs, 'held too long');
    for (let next = this.lanes.take(this.nowMs); next; next = this.lanes.take(this.nowMs))
      happened += this.onStart(next);
    assert.ok(this.slow.size <= this.caps.process / 4, 'slow pool overfull');
    this.compareStats();
    return happened;
  }

  private onCut(attempt: Attempt): number {
    assert.ok(this.nowMs - attempt.startedAtMs >= this.caps.suspectAfterMs, 'cut early');
    assert.ok(this.running.delete(attempt) && !this.slow.has(attempt), 'cut what was not running, or slow');
    const account = this.account(attempt.work.connection);
    account.isUnproven = true;
    if (this.policy(attempt.work.connection).order !== 'unordered') account.isDiverted = true;
    return 1;
  }

  private onAge(): void {
    for (const attempt of this.running) {
      if (this.slow.has(attempt) || this.nowMs - attempt.startedAtMs < this.caps.suspectAfterMs) continue;
      this.slow.add(attempt);
      this.account(attempt.work.connection).isUnproven = true;
    }
  }

  private onSpilled({ item, connection, isLow, orderKey }: Numbered): number {
    assert.ok(this.waiting.delete(item), `spilled twice, or what was not waiting: ${item}`);
    this.spilled.push(item);
    const account = this.account(connection);
    const { order } = this.policy(connection);
    if (order === 'unordered') return 1;
    account.isDiverted = true;
    if (!isLow)
      mustBeInOrder(account.lastOfKey.spilled, item, order === 'key' ? (orderKey ?? `of ${item}`) : undefined);
    return 1;
  }

  private onStart(attempt: Attempt): number {
    const { work } = attempt;
    assert.ok(this.waiting.delete(work.item), `started twice: ${work.item}`);
    this.mayStart(work);
    const account = this.account(work.connection);
    assert.equal(attempt.isProbe, breakerState(account.breaker, this.nowMs) === 'half_open', 'is a probe, or is not');
    if (account.isUnproven || account.breaker) this.slow.add(attempt);
    this.running.add(attempt);
    this.started.push(work.item);
    account.starts.push(this.nowMs);
    this.mustKeepRate(work.connection);
    return 1;
  }

  private mayStart({ connection, isLow, orderKey, item }: Numbered): void {
    const account = this.account(connection);
    const { concurrency = Infinity, order } = this.policy(connection);
    const all = [...this.running];
    const own = all.filter(({ work }) => work.connection === connection);
    const ofWorkspace = all.filter(({ work }) => work.workspace === this.workspace(connection));
    const { process } = this.caps;
    const isContended = all.length >= process * 0.75;
    assert.ok(all.length < process, 'process overfull');
    assert.ok(own.length < concurrency, 'connection overfull');
    assert.ok(own.length < account.bears, 'more than it has borne since it was throttled');
    assert.ok(ofWorkspace.length < process / 4 || !isContended, 'workspace took more than its share under contention');
    if (account.isUnproven || account.breaker) assert.equal(own.length, 0, 'unproven, and more than one at a time');
    assert.ok(this.nowMs >= account.throttledUntilMs, 'started while throttled');
    assert.notEqual(breakerState(account.breaker, this.nowMs), 'open', 'started while the breaker is open');
    if (isLow) this.mayStartLow(connection, isContended);
    if (order === 'unordered') return;
    if (order === 'strict') assert.equal(own.length, 0, 'strict, and more than one at a time');
    if (order === 'key' && orderKey !== undefined)
      assert.ok(!own.some(({ work }) => work.orderKey === orderKey), 'two of a key at once');
    assert.ok(isLow || !account.isDiverted, 'overtook what was spilled');
    mustBeInOrder(account.lastOfKey.started, item, order === 'key' ? (orderKey ?? `of ${item}`) : undefined);
  }

  private mayStartLow(connection: string, isContended: boolean): void {
    const low = [...this.running].filter(({ work }) => work.isLow).length;
    assert.ok(low < Math.floor(this.caps.process / 5) || !isContended, 'too much low work under contention');
    if (this.policy(connection).order !== 'unordered') return;
    const live = [...this.waiting.values()].filter(({ work }) => work.connection === connection && !work.isLow);
    assert.equal(live.length, 0, 'low before live work of the same lane');
  }

  private mustKeepRate(connection: string): void {
    const { rate } = this.policy(connection);
    if (!rate) return;
    const recent = this.account(connection).starts.filter((atMs) => atMs > this.nowMs - rate.perMs);
    assert.ok(recent.length <= rate.count, 'rate exceeded');
  }

  private compareStats(): void {
    const { waiting, inFlight, slow, low } = this.lanes.stats;
    const lows = [...this.running].filter(({ work }) => work.isLow).length;
    const own = { waiting: this.waiting.size, inFlight: this.running.size, slow: this.slow.size, low: lows };
    assert.deepEqual({ waiting, inFlight, slow, low }, own);
  }

  private policy(connection: string): LanePolicy {
    return this.known[connection]?.policy ?? { order: 'unordered' };
  }

  private workspace(connection: string): string {
    return this.known[connection]?.workspace ?? 'workspace';
  }

  private account(connection: string): Account {
    const account = this.accounts.get(connection) ?? new Account();
    this.accounts.set(connection, account);
    return account;
  }
}

function mustBeInOrder(lastOfKey: Map<string | undefined, number>, item: number, key: string | undefined): void {
  assert.ok(item > (lastOfKey.get(key) ?? -1), `order of ${key ?? 'all'} inverted`);
  lastOfKey.set(key, item);
}
