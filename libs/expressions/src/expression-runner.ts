// Evaluates expressions of untrusted workspaces in processes of their own: fair between workspaces, bounded, and never rejecting.
import type { Problem } from '@sluice/contracts';
import type { End, Evaluator } from './evaluator.ts';
import { FairQueue, type Taken } from './fair-queue.ts';
import { defaultRunnerLimits, expressionLimits, type RunnerLimits } from './limits.ts';
import type { Answer, BatchMessage } from './messages.ts';
import { Pool } from './pool.ts';
import { Quarantine } from './quarantine.ts';
import { failure, killed, overloaded, quarantined, resultOf, type ExpressionResult } from './results.ts';
import { verdict } from './verdict.ts';

export interface RunnerOptions {
  /** How many processes evaluate at most. They are started when there is work. */
  processes: number;
  warn: (fields: Record<string, unknown>, message: string) => void;
  limits?: Partial<RunnerLimits>;
  /** Milliseconds since 1970, for the quarantine. */
  now?: () => number;
}

/** What an expression sees: the payload is `$`, the event around it `$event`. */
export interface ExpressionInput {
  payload: unknown;
  event: unknown;
}

export interface ExpressionRequest {
  /** Which version of which mapping this is. What is compiled is kept by it, and quarantine goes by it. */
  key: string;
  workspace: string;
  expression: string;
  input: ExpressionInput;
}

export interface RunnerStats {
  waiting: number;
  running: number;
  evaluated: number;
  failed: number;
  killed: number;
  overloaded: number;
  /** Keys that are kept out now. */
  quarantined: number;
  restarts: number;
  /** Ids of the processes that are alive. */
  processes: number[];
}

/** An evaluation that was asked for; without input it only asks whether the expression is allowed. */
interface Pending {
  key: string;
  workspace: string;
  expression: string;
  input: string | null;
  /** Processes that ended while it was in hand. From the first on it is evaluated alone. */
  deaths: number;
  settle: (result: ExpressionResult, problems?: Problem[]) => void;
}

export class ExpressionRunner {
  private readonly limits: RunnerLimits;
  private readonly warn: RunnerOptions['warn'];
  private readonly queue: FairQueue<Pending>;
  private readonly quarantine: Quarantine;
  private readonly pool: Pool;
  private readonly inHand = new Map<Evaluator, Taken<Pending>[]>();
  private readonly counts = { evaluated: 0, failed: 0, killed: 0, overloaded: 0 };
  private dispatching = false;
  private closed = false;
  private whenDone: (() => void) | undefined;

  constructor({ processes, warn, limits, now = Date.now }: RunnerOptions) {
    this.limits = { ...defaultRunnerLimits, ...limits };
    this.warn = warn;
    this.quarantine = new Quarantine(this.limits, now);
    this.queue = new FairQueue({
      items: this.limits.queued,
      itemsOfWorkspace: this.limits.queuedOfWorkspace,
      bytes: this.limits.queuedBytes,
      bytesOfWorkspace: this.limits.queuedBytesOfWorkspace,
    });
    this.pool = new Pool(processes, this.limits, {
      idle: (evaluator, answers) => this.answered(evaluator, answers),
      lost: (evaluator, end) => this.lost(evaluator, end),
      failing: () => this.giveUp('no process for expressions can be started'),
    });
  }

  /** Evaluates an expression. Resolves whatever happens. */
  run({ key, workspace, expression, input }: ExpressionRequest): Promise<ExpressionResult> {
    return new Promise((settle) => {
      const pending = { key, workspace, expression, deaths: 0, settle };
      const written = writeInput(input);
      if (typeof written !== 'string') settle(written);
      else this.enqueue({ ...pending, input: written });
    });
  }

  /** What is wrong with an expression; nothing, if the list is empty. `workspace` is whose turn it takes. */
  check(expression: string, workspace = ''): Promise<Problem[]> {
    return new Promise((resolve) => {
      const settle: Pending['settle'] = (result, problems) =>
        resolve(problems ?? [{ param: '', msg: unchecked(result) }]);
      this.enqueue({ key: '', workspace, expression, input: null, deaths: 0, settle });
    });
  }

  get stats(): RunnerStats {
    return {
      ...this.counts,
      waiting: this.queue.length,
      running: [...this.inHand.values()].reduce((sum, { length }) => sum + length, 0),
      quarantined: this.quarantine.size,
      restarts: this.pool.restarts,
      processes: this.pool.processes,
    };
  }

  /** Takes nothing more, lets what is there finish for a moment, answers the rest, and leaves no process. */
  async close(): Promise<void> {
    this.closed = true;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.inHand.size + this.queue.length > 0 ? this.limits.closingMs : 0);
      this.whenDone = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    await this.pool.close();
    for (const taken of this.inHand.values()) this.queue.giveBack(taken);
    this.inHand.clear();
    this.giveUp('the service is stopping');
  }

  private enqueue(pending: Pending): void {
    const bytes = Buffer.byteLength(pending.expression) + Buffer.byteLength(pending.input ?? '');
    if (pending.expression.length > expressionLimits.length) {
      this.settle(pending, failure('expression_failed', `may have ${expressionLimits.length} characters at most`));
    } else if (this.closed) this.settle(pending, overloaded('the service is stopping'));
    else if (!this.queue.push(pending.workspace, pending, bytes)) this.settle(pending, overloaded('too many wait'));
    else this.dispatchSoon();
  }

  /** What is asked for in one turn of the event loop goes out together. */
  private dispatchSoon(): void {
    if (this.dispatching) return;
    this.dispatching = true;
    setImmediate(() => {
      this.dispatching = false;
      this.dispatch();
    });
  }

  private dispatch(): void {
    while (this.queue.hasNext) {
      const evaluator = this.pool.idle();
      if (!evaluator) return;
      const taken = this.takeBatch();
      if (taken.length === 0) continue;
      this.inHand.set(evaluator, taken);
      evaluator.send(messageOf(taken, this.limits.sliceMs * 1_000));
    }
  }

  private takeBatch(): Taken<Pending>[] {
    let [count, bytes, closed] = [0, 0, false];
    const taken = this.queue.take((pending, itsBytes) => {
      const alone = pending.deaths > 0 || this.quarantine.suspects(pending.key);
      if (closed || count >= this.limits.batch) return false;
      if (count > 0 && (alone || bytes + itsBytes > this.limits.batchBytes)) return false;
      [count, bytes, closed] = [count + 1, bytes + itsBytes, alone];
      return true;
    });
    return taken.filter((one) => {
      const until = one.item.input === null ? undefined : this.quarantine.until(one.item.key);
      if (until === undefined) return true;
      this.settle(one.item, quarantined(until));
      this.queue.finish(one, 0);
      return false;
    });
  }

  private answered(evaluator: Evaluator, answers: Answer[]): void {
    const taken = this.inHand.get(evaluator) ?? [];
    this.inHand.delete(evaluator);
    taken.slice(0, answers.length).forEach((one, index) => {
      const answer = answers[index] as Answer;
      this.queue.finish(one, answer.micros);
      this.settle(one.item, resultOf(answer), answer.problems);
    });
    this.queue.giveBack(taken.slice(answers.length));
    this.dispatch();
    this.noteIfDone();
  }

  private lost(evaluator: Evaluator, end: End): void {
    const taken = this.inHand.get(evaluator) ?? [];
    this.inHand.delete(evaluator);
    this.warn(
      { event: 'expression.process_ended', end, in_hand: taken.length },
      `a process for expressions ended: ${end}`,
    );
    const inHand = taken.map(({ item }) => item);
    if (verdict(inHand, end) === 'guilty') this.convict(taken[0] as Taken<Pending>, end);
    else {
      for (const pending of inHand) pending.deaths++;
      this.queue.giveBack(taken);
    }
    this.dispatch();
    this.noteIfDone();
  }

  private convict(taken: Taken<Pending>, end: End): void {
    const { key, workspace, input } = taken.item;
    this.queue.finish(taken, this.limits.cpuMs * 1_000);
    const until = input === null ? undefined : this.quarantine.strike(key);
    this.warn(
      { event: 'expression.killed', key, workspace, end, ...(until === undefined ? {} : { quarantined_until: until }) },
      until === undefined ? 'an expression ended its process' : 'an expression ended its process again and is kept out',
    );
    this.settle(taken.item, killed(end));
  }

  private giveUp(why: string): void {
    for (const pending of this.queue.drain()) this.settle(pending, overloaded(why));
    this.noteIfDone();
  }

  private settle(pending: Pending, result: ExpressionResult, problems?: Problem[]): void {
    if (result.ok) this.counts.evaluated++;
    else if (result.code === 'expression_killed') this.counts.killed++;
    else if (result.code === 'expression_overloaded') this.counts.overloaded++;
    else this.counts.failed++;
    pending.settle(result, problems);
  }

  private noteIfDone(): void {
    if (this.inHand.size === 0 && this.queue.length === 0) this.whenDone?.();
  }
}

function writeInput({ payload, event }: ExpressionInput): string | ExpressionResult {
  let text: string;
  try {
    text = JSON.stringify({ payload, event });
  } catch (error) {
    return failure('expression_failed', `the input is not JSON: ${String(error)}`);
  }
  if (Buffer.byteLength(text) <= expressionLimits.inputBytes) return text;
  return failure('expression_too_large', `payload and event have more than ${expressionLimits.inputBytes} bytes`);
}

function messageOf(taken: readonly Taken<Pending>[], sliceMicros: number): BatchMessage {
  const places = new Map<string, number>();
  const expressions: BatchMessage['expressions'] = [];
  const evaluations = taken.map(({ item }): BatchMessage['evaluations'][number] => {
    const { key, expression, input } = item;
    const known = places.get(`${key} ${expression}`);
    const place = known ?? expressions.push([key, expression]) - 1;
    places.set(`${key} ${expression}`, place);
    return [place, input];
  });
  return { sliceMicros, expressions, evaluations };
}

function unchecked(result: ExpressionResult): string {
  if (result.ok) return 'could not be checked';
  if (result.code === 'expression_killed') return 'takes too much time or memory to read';
  return result.message;
}
