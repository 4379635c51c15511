// An engine on a stage: a test says which connections there are and how each attempt ends, and reads what happened, line by line.
import { afterEach, beforeEach, jest } from '@jest/globals';
import type { Connector } from '@sluice/connector-kit';
import type { BreakerRecord, Delivery, Parked } from '@sluice/contracts';
import { defaultLaneCaps, type LaneCaps } from '@sluice/delivery';
import type { Exchange } from '@sluice/outbound';
import type { TraceContext } from '@sluice/telemetry';
import { attempt } from '../src/attempt.ts';
import type { OpenConnection } from '../src/connections.ts';
import { Engine } from '../src/engine.ts';
import { answer, connection, connector, delivery, destination, nowMs, partsOf, type Metadata } from './attempted.ts';

interface Running {
  delivery: Delivery;
  signal: AbortSignal;
  answer: (exchange: Exchange) => void;
  fail: (error: Error) => void;
}

export type Part = 'connection' | 'tell' | 'park' | 'remember';
const actions: Connector<Metadata>['actions'] = connector.actions;

export class Stage {
  readonly lines: string[] = [];
  readonly running: Running[] = [];
  readonly parked: Parked[] = [];
  /** What goes to retry. */
  readonly failed: Delivery[] = [];
  readonly records = new Map<string, BreakerRecord | null>();
  readonly engine: Engine;
  /** Asked before a part does its work; may wait, or throw. */
  before: (part: Part, id: string) => Promise<void> = () => Promise.resolve();
  /** Called when an attempt begins. */
  onAttempt: (delivery: Delivery) => void = () => undefined;
  /** Whether the log is away. */
  isBehind = false;
  private readonly connections = new Map<string, OpenConnection>();
  private offset = 9;

  constructor(caps: Partial<LaneCaps> = {}) {
    const known = (id: string) => this.connections.get(id);
    this.engine = new Engine({
      connector: 'test',
      caps: { ...defaultLaneCaps, ...caps },
      hasBatches: false,
      idempotencyOf: (action) => actions[action]?.idempotency ?? 'natural',
      connectionOf: async ({ id, connection_id }) => {
        await this.before('connection', id);
        return known(connection_id);
      },
      known,
      attempt: (asked, signal) => this.attempt(asked.delivery, signal),
      tell: async ({ delivery_id, result, outcome_code, delivery: failed }) => {
        await this.before('tell', delivery_id);
        this.lines.push(`told ${delivery_id} ${result === 'delivered' ? result : outcome_code}`);
        if (failed && result === 'retryable') this.failed.push(failed);
      },
      park: async (parked) => {
        await this.before('park', parked.delivery.id);
        this.lines.push(`parked ${parked.delivery.id} ${parked.reason}`);
        this.parked.push(parked);
      },
      remember: async (id, record) => {
        await this.before('remember', id);
        this.lines.push(`remembered ${id} ${record ? record.state : 'nothing'}`);
        this.records.set(id, record);
      },
      isBehind: () => this.isBehind,
      isBusy: () => false,
      nowMs: Date.now,
    });
  }

  connect(id: string, { policy, ...over }: Partial<Omit<OpenConnection, 'policy'>> & { policy?: object } = {}): void {
    const known = this.connections.get(id) ?? connection({ id });
    this.connections.set(id, { ...known, ...over, policy: { ...known.policy, ...policy } });
  }

  disconnect(id: string): void {
    this.connections.delete(id);
  }

  /** Hands over a delivery of connection `a`, as the next record of the topic. */
  async take(id: string, over: Partial<Delivery> = {}): Promise<void> {
    const asked = { delivery: delivery({ id, connection_id: 'a', ...over }), trace: {} as TraceContext };
    this.engine.run(asked, { partition: 0, offset: this.offset++ }).then(
      () => this.lines.push(`done ${id}`),
      (error: Error) => this.lines.push(`failed ${id} ${error.message}`),
    );
    await settled();
  }

  /** Deliveries of connection `a`, each of which fails before the next comes. */
  async failing(...ids: string[]): Promise<void> {
    for (const id of ids) {
      await this.take(id);
      await this.answer(id, answer(503));
    }
  }

  /** Hands over what was parked. */
  release({ delivery: parked }: Parked): Promise<void> {
    return this.take(parked.id, { ...parked, is_low: true });
  }

  /** The destination answers the one attempt at this delivery. */
  async answer(id: string, exchange: Exchange = answer(200)): Promise<void> {
    this.end(id).answer(exchange);
    await settled();
  }

  /** The attempt cannot be made at all. */
  async fail(id: string, message: string): Promise<void> {
    this.end(id).fail(new Error(message));
    await settled();
  }

  /** The deliveries that are attempted now. */
  get inFlight(): string[] {
    return this.running.filter(({ signal }) => !signal.aborted).map(({ delivery: { id } }) => id);
  }

  /** The lines since the last look. */
  news(): string[] {
    return this.lines.splice(0);
  }

  private end(id: string): Running {
    const at = this.running.findIndex((each) => each.delivery.id === id);
    const [running] = at < 0 ? [] : this.running.splice(at, 1);
    if (!running) throw new Error(`no attempt at ${id}`);
    return running;
  }

  private async attempt(asked: Delivery, signal: AbortSignal) {
    this.onAttempt(asked);
    const given = { connection: this.connections.get(asked.connection_id) };
    const exchange = await new Promise<Exchange>((resolve, reject) =>
      this.running.push({ delivery: asked, signal, answer: resolve, fail: reject }),
    );
    return attempt(asked, { ...partsOf(given, destination([exchange]).send), nowMs: Date.now });
  }
}

/** A stage with connection `a`. */
export function stageWith(policy: object = {}, caps: Partial<LaneCaps> = {}): Stage {
  const stage = new Stage(caps);
  stage.connect('a', { policy });
  return stage;
}

/** The clock of all tests of a file, which stands still but for `pass`. */
export function onStageClock(): void {
  beforeEach(() => {
    jest.useFakeTimers({ now: nowMs, doNotFake: ['setImmediate', 'nextTick'] });
  });
  afterEach(() => {
    jest.useRealTimers();
  });
}

export async function pass(ms: number): Promise<void> {
  jest.advanceTimersByTime(ms);
  await settled();
}

/** Until everything that does not wait for the clock has been done. */
export const settled = (): Promise<void> => new Promise(setImmediate);
