// A replay of many in memory, with its dead letters, what is noted to be published and the log: each of them may be cut off at any point.
import { firstAttempt, type Delivery, type Replay } from '@sluice/contracts';
import type { AskedAgain, ReplayLease } from '@sluice/persistence';

export class Crash extends Error {}

export interface Run {
  letters: number;
  /** Over which they are spread. */
  workspaces: number;
  rate: number;
  /** Numbers of the calls, of all that are made, at which the process is cut off. */
  cuts: readonly number[];
}

const delivery = (n: number, workspace: number): Delivery => ({
  id: `delivery ${n}`,
  event_id: `event ${n}`,
  workspace: `${workspace}`,
  rule_id: 'r',
  rule_version: 1,
  connection_id: `connection ${n % 3}`,
  connection_version: 1,
  mapping_version: null,
  connector: 'webhook',
  action: 'send_webhook',
  action_settings: '{}',
  event: 'lead.created',
  resource: null,
  resource_id: null,
  payload: `${n}`,
  created_at: 0,
  created_by: null,
  queued_at: 0,
  ...firstAttempt,
});

export class ReplayBook {
  nowMs = 0;
  readonly log: Replay[] = [];
  /** What was asked for, and when it was committed. */
  readonly commits: { atMs: number; asked: number }[] = [];
  private readonly rate: number;
  private readonly cuts: Set<number>;
  private calls = 0;
  private state: {
    waiting: Delivery[];
    noted: Replay[];
    done: number;
    nextAt: Date;
    workspaces: number;
    isOver: boolean;
  };

  constructor({ letters, workspaces, rate, cuts }: Run) {
    this.rate = rate;
    this.cuts = new Set(cuts);
    const waiting = Array.from({ length: letters }, (_, n) => delivery(n, n % workspaces));
    this.state = { waiting, noted: [], done: 0, nextAt: new Date(0), workspaces, isOver: false };
  }

  get isOver(): boolean {
    return this.state.isOver && this.state.noted.length === 0;
  }

  get done(): number {
    return this.state.done;
  }

  /** As ReplayRuns does: all that `work` does is kept, or nothing of it. */
  async whileHeld(work: (lease: ReplayLease) => Promise<void>): Promise<boolean> {
    const { noted, nextAt, isOver, done } = this.state;
    if (isOver || noted.length > 0 || nextAt.getTime() > this.nowMs) return false;
    const before = this.state;
    this.state = { ...before };
    try {
      await work(this.lease());
      this.cut();
    } catch (error) {
      this.state = before;
      throw error;
    }
    this.commits.push({ atMs: this.nowMs, asked: this.state.done - done });
    return true;
  }

  /** As the relay does: appended first, forgotten then. */
  publish(): void {
    const { noted } = this.state;
    this.cut();
    this.log.push(...noted);
    this.cut();
    this.state.noted = [];
  }

  private lease(): ReplayLease {
    const { state, rate } = this;
    const doing =
      <A extends unknown[], R>(what: (...args: A) => R) =>
      async (...args: A): Promise<R> => {
        this.cut();
        const result = what(...args);
        this.cut();
        return Promise.resolve(result);
      };
    return {
      replay: { id: 'replay', rate, requested_by: 'mk_test', next_at: state.nextAt },
      now: new Date(this.nowMs),
      next: doing((limit: number) =>
        state.waiting.filter(({ workspace }) => workspace === `${state.workspaces - 1}`).slice(0, limit),
      ),
      ask: doing((letters: readonly AskedAgain[], nextAt: Date) => {
        const ids = new Set(letters.map(({ id }) => id));
        state.waiting = state.waiting.filter(({ id }) => !ids.has(id));
        state.noted = [...state.noted, ...letters.map(({ publication }) => publication.value as Replay)];
        state.done += letters.length;
        state.nextAt = nextAt;
      }),
      leave: doing(() => {
        state.workspaces--;
        state.isOver = state.workspaces <= 0;
      }),
    };
  }

  private cut(): void {
    if (this.cuts.has(this.calls++)) throw new Crash();
  }
}
