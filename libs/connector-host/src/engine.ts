// Runs attempts in turns: every delivery ends with its outcome told, or parked. Which begins next is decided in libs/delivery.
import type { BreakerRecord, Delivery, Idempotency, Outcome, Parked } from '@sluice/contracts';
import {
  breakerState,
  decide,
  followUp,
  Lanes,
  type Breaker,
  type Ended,
  type LaneCaps,
  type Started,
} from '@sluice/delivery';
import type { TraceContext } from '@sluice/telemetry';
import type { OpenConnection } from './connections.ts';
import { lanePolicyOf } from './lane-policy.ts';

export interface Asked {
  delivery: Delivery;
  trace: TraceContext;
}

type ParkReason = 'breaker_open' | 'connection_inactive' | 'throttled' | 'held_too_long' | 'no_slot' | 'cut' | 'behind';

interface Placed extends Asked {
  /** Its place in the line of its connection. */
  parkingId: string;
}

interface Item extends Placed {
  abort: AbortController;
  isCut: boolean;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** Between two looks at a log that is away. Milliseconds. */
const behindAgainMs = 50;

export interface EngineParts {
  connector: string;
  caps: LaneCaps;
  /** Requests are counted elsewhere for connectors whose deliveries share requests. */
  hasBatches: boolean;
  idempotencyOf: (action: string) => Idempotency;
  connectionOf: (delivery: Delivery) => Promise<OpenConnection | undefined>;
  /** As it stands here now. */
  known: (connection: string) => OpenConnection | undefined;
  attempt: (asked: Asked, signal: AbortSignal) => Promise<Outcome>;
  tell: (outcome: Outcome, trace: TraceContext) => Promise<void>;
  park: (parked: Parked, trace: TraceContext) => Promise<void>;
  /** Null when there is nothing to remember any more. */
  remember: (connection: string, record: BreakerRecord | null) => Promise<void>;
  /** Whether what was told lately is not yet safe. */
  isBehind: () => boolean;
  /** Whether this process has all it can do. */
  isBusy: () => boolean;
  nowMs: () => number;
}

export class Engine {
  private readonly parts: EngineParts;
  private readonly lanes: Lanes<Item>;
  /** Ordered connection -> the last place of its line that was parked; until that one is done, everything else goes behind it. */
  private readonly divertedTo = new Map<string, string>();
  /** Connections of which only others' word is known, with their workspaces. */
  private readonly recalled = new Map<string, string>();
  private timer: NodeJS.Timeout | undefined;
  private timerAtMs = Infinity;

  constructor(parts: EngineParts) {
    this.parts = parts;
    const policyOf = (connection: string) => lanePolicyOf(parts.known(connection)?.policy, parts.hasBatches);
    this.lanes = new Lanes(policyOf, parts.caps, parts.isBusy);
  }

  /**
   * Resolves when the outcome of an attempt was told, or the delivery is parked.
   * @param from where the record is that asks for it; all of a connection are in one partition
   */
  async run(asked: Asked, from: { partition: number; offset: number }): Promise<void> {
    const { delivery } = asked;
    const parkingId = delivery.parking_id ?? parkingIdOf(from.offset, delivery.id);
    const connection = await this.parts.connectionOf(delivery);
    this.recalled.delete(delivery.connection_id);
    if (connection && !connection.active) return this.park({ ...asked, parkingId }, 'connection_inactive');
    return new Promise((resolve, reject) => {
      const item: Item = { ...asked, parkingId, abort: new AbortController(), isCut: false, resolve, reject };
      const { workspace, connection_id, resource_id, is_low: isLow } = delivery;
      const orderKey = resource_id ?? undefined;
      const held = { partition: from.partition, bytes: delivery.payload.length };
      this.lanes.add({ workspace, connection: connection_id, item, orderKey, isLow, ...held }, this.parts.nowMs());
      this.pump();
    });
  }

  /** What another process, or an earlier life of this one, has remembered. Who has had work of the connection knows better. */
  recall(id: string, record: BreakerRecord | null): void {
    if (record && record.connector !== this.parts.connector) return;
    const workspace = record?.workspace_id ?? this.recalled.get(id);
    if (workspace === undefined || (this.lanes.look(id) && !this.recalled.has(id))) return;
    const breaker = record ? (JSON.parse(record.memory) as Breaker | null) : null;
    const divertedTo = record?.diverted_to ?? null;
    if (record) this.recalled.set(id, workspace);
    else this.recalled.delete(id);
    if (divertedTo === null) this.divertedTo.delete(id);
    else this.divertedTo.set(id, divertedTo);
    const remembered = { workspace, connection: id, breaker: breaker ?? undefined, isDiverted: divertedTo !== null };
    this.lanes.remember(remembered, this.parts.nowMs());
  }

  get stats() {
    return this.lanes.stats;
  }

  /** Does everything there is to do now, and comes back when time alone brings more. */
  private pump(): void {
    const nowMs = this.parts.nowMs();
    for (const started of this.lanes.cut(nowMs)) this.cut(started);
    // What is done and cannot be written down is done again after a crash: nothing more is begun until it can be.
    if (this.parts.isBehind()) return this.comeBackAt(nowMs + behindAgainMs);
    for (const { work, hadNoSlot } of this.lanes.spill(nowMs)) {
      this.settle(work.item, this.park(work.item, hadNoSlot ? 'no_slot' : this.reasonOf(work.item)));
    }
    for (let started = this.lanes.take(nowMs); started; started = this.lanes.take(nowMs)) this.start(started);
    this.comeBackAt(this.lanes.nextAtMs);
  }

  /** Once too often costs less than a new timer with everything that begins or ends. */
  private comeBackAt(atMs: number | undefined): void {
    if (atMs === undefined || atMs >= this.timerAtMs) return;
    clearTimeout(this.timer);
    this.timerAtMs = atMs;
    const pump = () => {
      this.timerAtMs = Infinity;
      this.pump();
    };
    // A process that ends goes on with what it has in hand; the timer alone keeps none alive.
    this.timer = setTimeout(pump, Math.max(0, atMs - this.parts.nowMs())).unref();
  }

  private start(started: Started<Item>): void {
    const { item } = started.work;
    // It may have been switched off while this waited.
    if (this.parts.known(item.delivery.connection_id)?.active === false) {
      this.lanes.finish(started, { kind: 'unsent' }, this.parts.nowMs());
      return this.settle(item, this.park(item, 'connection_inactive'));
    }
    this.parts.attempt(item, item.abort.signal).then(
      (outcome) => this.ended(started, outcome),
      (error: unknown) => this.broken(started, error),
    );
  }

  private ended(started: Started<Item>, outcome: Outcome): void {
    const { item } = started.work;
    const nowMs = this.parts.nowMs();
    const ended = endedOf(outcome);
    const isSilent = (ended.kind === 'ok' || ended.kind === 'unsent') && this.isHeadOfLine(outcome);
    // Nothing is said against the destination; but what may not pass a failure has to hear of one.
    const change = this.lanes.finish(started, isSilent ? { kind: 'throttled', retryAtMs: nowMs } : ended, nowMs);
    // What was cut has been parked; its outcome is nobody's.
    if (!item.isCut) this.settle(item, this.tell(item, outcome, change !== undefined));
    this.pump();
  }

  /** The attempt could not even be made, which says nothing of the destination. */
  private broken(started: Started<Item>, error: unknown): void {
    const { item } = started.work;
    this.lanes.finish(started, { kind: 'unsent' }, this.parts.nowMs());
    if (!item.isCut) item.reject(error);
    this.pump();
  }

  private async tell(item: Item, outcome: Outcome, isChanged: boolean): Promise<void> {
    const { connection_id: id, workspace } = item.delivery;
    const again = this.strictRetry(item, outcome);
    // Begun before anything is waited for: what comes behind it can only be parked behind it.
    const parked = again && this.parts.park(again, item.trace);
    const isDiverted = this.isHeadOfLine(outcome) && this.divert(item);
    const remembered = isChanged || isDiverted ? this.remember(id, workspace) : undefined;
    if (parked !== undefined || remembered !== undefined) await Promise.all([parked, remembered]);
    await this.parts.tell(again ? { ...outcome, delivery: null } : this.inLine(outcome, item), item.trace);
    if (outcome.result !== 'retryable') await this.rejoined(item);
  }

  /** The slow pool has no room for it. What cannot be repeated goes on all the same: nothing is gained by not hearing of it. */
  private cut({ work: { item } }: Started<Item>): void {
    if (this.parts.idempotencyOf(item.delivery.action) === 'none') return;
    item.isCut = true;
    item.abort.abort();
    this.settle(item, this.park(item, 'cut'));
  }

  private settle(item: Item, work: Promise<void>): void {
    work.then(item.resolve, item.reject);
  }

  private async park(placed: Placed, reason: ParkReason): Promise<void> {
    const { delivery, parkingId, trace } = placed;
    const { connection_id: id, workspace } = delivery;
    if (this.isOrdered(id) && this.divert(placed)) await this.remember(id, workspace);
    const closedUntilMs = this.lanes.look(id)?.closedUntilMs ?? 0;
    await this.parts.park(
      {
        id: parkingId,
        reason,
        // A pause that the destination asked for ends at a known time; when a breaker closes is seen by its probes.
        not_before: reason === 'throttled' ? Math.ceil(closedUntilMs) : null,
        parked_at: this.parts.nowMs(),
        delivery: { ...delivery, parking_id: parkingId },
      },
      trace,
    );
  }

  /** What comes now of its connection goes behind it. Returns whether that is news. */
  private divert({ delivery: { connection_id: id, workspace }, parkingId }: Placed): boolean {
    if ((this.divertedTo.get(id) ?? '') >= parkingId) return false;
    this.divertedTo.set(id, parkingId);
    const { breaker } = this.lanes.look(id) ?? {};
    this.lanes.remember({ workspace, connection: id, breaker, isDiverted: true }, this.parts.nowMs());
    return true;
  }

  private reasonOf({ delivery: { connection_id } }: Item): ParkReason {
    const lane = this.lanes.look(connection_id);
    const nowMs = this.parts.nowMs();
    if (breakerState(lane?.breaker, nowMs) !== 'closed') return 'breaker_open';
    if (lane && lane.closedUntilMs > nowMs) return 'throttled';
    return lane?.isDiverted ? 'behind' : 'held_too_long';
  }

  /**
   * What failed, parked at its place to be tried again, where nothing may pass it. Were it left to retry, what came behind it could
   * be there, and go on, before it is.
   */
  private strictRetry({ delivery, parkingId }: Item, outcome: Outcome): Parked | undefined {
    const policy = this.parts.known(delivery.connection_id)?.policy;
    if (!policy || !outcome.delivery || !this.isHeadOfLine(outcome)) return undefined;
    const nowMs = this.parts.nowMs();
    const failed = { ...outcome.delivery, parking_id: parkingId };
    const decision = decide(policy, { outcome, delivery: failed, nowMs, random: Math.random() });
    if (decision.kind !== 'again') return undefined;
    const not_before = decision.dueAtMs;
    return { id: parkingId, reason: 'strict_retry', not_before, parked_at: nowMs, delivery: followUp(failed, outcome) };
  }

  /** A failure that retry follows up keeps its place. */
  private inLine(outcome: Outcome, { delivery, parkingId }: Item): Outcome {
    if (!outcome.delivery || !this.isOrdered(delivery.connection_id)) return outcome;
    return { ...outcome, delivery: { ...outcome.delivery, parking_id: parkingId } };
  }

  /** The last one of the line is done: what comes now is taken again. */
  private async rejoined({ delivery, parkingId }: Item): Promise<void> {
    const id = delivery.connection_id;
    if (!this.lanes.look(id)?.isDiverted || (this.divertedTo.get(id) ?? parkingId) !== parkingId) return;
    this.divertedTo.delete(id);
    this.lanes.rejoin(id, this.parts.nowMs());
    await this.remember(id, delivery.workspace);
  }

  private isOrdered(connection: string): boolean {
    return this.orderOf(connection) !== 'unordered';
  }

  /** Whether nothing may pass what is to be tried again. */
  private isHeadOfLine({ connection_id, result }: Outcome): boolean {
    return result === 'retryable' && this.orderOf(connection_id) === 'strict';
  }

  private orderOf(connection: string): string {
    return this.parts.known(connection)?.policy.order ?? 'unordered';
  }

  private async remember(id: string, workspace: string): Promise<void> {
    const breaker = this.lanes.look(id)?.breaker;
    const diverted_to = this.divertedTo.get(id) ?? null;
    const nowMs = this.parts.nowMs();
    const state = breakerState(breaker, nowMs);
    if (state === 'closed' && diverted_to === null) return this.parts.remember(id, null);
    await this.parts.remember(id, {
      connection_id: id,
      workspace_id: workspace,
      connector: this.parts.connector,
      state,
      reason: breaker?.reason ?? null,
      open_until: breaker?.openUntilMs ?? null,
      memory: JSON.stringify(breaker ?? null),
      diverted_to,
      at: nowMs,
    });
  }
}

/** Sixteen digits of offset, so that texts ascend as offsets do. */
const parkingIdOf = (offset: number, delivery: string): string => `${String(offset).padStart(16, '0')}-${delivery}`;

/** What an outcome says of the destination: one that refuses is well, whether it is asked again or not. */
function endedOf({ result, outcome_code, error, retry_at, request }: Outcome): Ended {
  if (request === null) return { kind: 'unsent' };
  const retryAtMs = retry_at ?? undefined;
  const isForGood = result !== 'retryable' && error?.code !== 'maybe_delivered';
  if (isForGood || refusals.has(outcome_code)) return { kind: 'ok', retryAtMs };
  if (outcome_code === 'rate_limited') return { kind: 'throttled', retryAtMs };
  return { kind: outcome_code === 'timeout' ? 'timeout' : 'failed', retryAtMs };
}

const refusals: ReadonlySet<string> = new Set(['rejected_client_error', 'auth_failed']);
