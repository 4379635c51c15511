// The evaluating processes: started when there is work, watched while they work, started again when one ends.
import { Evaluator, type End, type EvaluatorEvents } from './evaluator.ts';
import type { RunnerLimits } from './limits.ts';
import type { Answer } from './messages.ts';

export interface PoolEvents {
  /** A process waits for work; these are its answers to the last. */
  idle: (evaluator: Evaluator, answers: Answer[]) => void;
  /** A process ended, with what it had in hand. */
  lost: (evaluator: Evaluator, end: End) => void;
  /** Processes do not start, time and again. */
  failing: () => void;
}

/** How often a process that works is looked at. */
const watchMs = 100;
/** Waits between attempts to start a process where none starts: the first, and the longest. */
const firstWaitMs = 100;
const longestWaitMs = 5_000;
/** Failed starts after which nothing waits for the next. */
const patience = 3;

export class Pool {
  private readonly size: number;
  private readonly limits: RunnerLimits;
  private readonly events: PoolEvents;
  private readonly evaluators = new Set<Evaluator>();
  private watching: NodeJS.Timeout | undefined;
  private waiting: NodeJS.Timeout | undefined;
  private failures = 0;
  private closed = false;
  restarts = 0;

  constructor(size: number, limits: RunnerLimits, events: PoolEvents) {
    this.size = size;
    this.limits = limits;
    this.events = events;
  }

  get processes(): number[] {
    return [...this.evaluators].flatMap(({ pid }) => pid ?? []);
  }

  /** A process without work. Where there is none, one more is started if that is allowed. */
  idle(): Evaluator | undefined {
    let starting = false;
    for (const evaluator of this.evaluators) {
      if (evaluator.state === 'idle') return evaluator;
      starting ||= evaluator.state === 'starting';
    }
    if (!starting && !this.waiting && !this.closed && this.evaluators.size < this.size) this.start();
    return undefined;
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.waiting);
    await Promise.all([...this.evaluators].map((evaluator) => evaluator.end()));
  }

  private start(): void {
    const events: EvaluatorEvents = {
      idle: (evaluator, answers) => {
        this.failures = 0;
        this.events.idle(evaluator, answers);
      },
      gone: (evaluator, end) => this.gone(evaluator, end),
    };
    try {
      this.evaluators.add(new Evaluator(this.limits, events));
      this.watching ??= setInterval(() => this.watch(), watchMs);
    } catch {
      // The system has no room for one more process at the moment.
      this.waitAfterFailure();
    }
  }

  private watch(): void {
    for (const evaluator of this.evaluators) evaluator.watch();
  }

  private gone(evaluator: Evaluator, end: End): void {
    this.evaluators.delete(evaluator);
    if (this.evaluators.size === 0) {
      clearInterval(this.watching);
      this.watching = undefined;
    }
    if (this.closed) return;
    this.restarts++;
    if (end === 'start') this.waitAfterFailure();
    this.events.lost(evaluator, end);
  }

  private waitAfterFailure(): void {
    const waitMs = Math.min(firstWaitMs * 2 ** this.failures++, longestWaitMs);
    this.waiting = setTimeout(() => {
      this.waiting = undefined;
      if (this.failures >= patience) this.events.failing();
      this.idle();
    }, waitMs);
  }
}
