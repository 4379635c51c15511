// One evaluating process: started without powers, given one batch at a time, watched while it works, killed when it is too much.
import { fork, type ChildProcess } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunnerLimits } from './limits.ts';
import { readAnswers, type Answer, type BatchMessage } from './messages.ts';
import { powerlessFlags } from './powers.ts';
import { sacrificeFirst, usageOf } from './process-usage.ts';

/** Why a process is no more. `outside`: a signal that neither it nor we sent. */
export type End = 'start' | 'cpu' | 'memory' | 'silent' | 'crash' | 'outside';

export interface EvaluatorEvents {
  /** It waits for a batch: it has started, or answered the last one. */
  idle: (evaluator: Evaluator, answers: Answer[]) => void;
  gone: (evaluator: Evaluator, end: End) => void;
}

const outsideSignals: readonly (string | null)[] = ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'];

/** Nearly every batch is done by then; only one that is not is worth asking the system about. */
const unwatchedMs = 100;

export class Evaluator {
  state: 'starting' | 'idle' | 'busy' | 'ending' | 'gone' = 'starting';
  private readonly child: ChildProcess;
  private readonly limits: RunnerLimits;
  private readonly events: EvaluatorEvents;
  private readonly exited: Promise<void>;
  private started = false;
  private killed: End | undefined;
  private since = performance.now();
  /** CPU time before the batch that it works on. */
  private restedMicros = 0;

  constructor(limits: RunnerLimits, events: EvaluatorEvents) {
    this.limits = limits;
    this.events = events;
    this.child = start(limits.heapMb);
    this.exited = new Promise((resolve) => {
      const gone = (end: End) => {
        resolve();
        this.gone(end);
      };
      this.child.on('exit', (_code, signal) => gone(outsideSignals.includes(signal) ? 'outside' : 'crash'));
      // A process that could not be made never exits; one that could emits this when a message does not reach it, and then exits.
      this.child.on('error', () => (this.child.pid === undefined ? gone('start') : undefined));
    });
    this.child.on('message', (message) => this.take(message));
    if (this.child.pid !== undefined) sacrificeFirst(this.child.pid);
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  send(batch: BatchMessage): void {
    this.state = 'busy';
    this.since = performance.now();
    // What did not arrive did not end the process: it had ended before.
    this.child.send(batch, (error) => {
      if (error) this.killed ??= 'outside';
    });
  }

  /** To be called now and then: kills the process if it has used too much. CPU time is what counts, for a clock blames the wrong one on a busy machine. */
  watch(): void {
    const { cpuMs, sliceMs, silentMs, startMs, residentMb } = this.limits;
    if ((this.state !== 'starting' && this.state !== 'busy') || this.pid === undefined) return;
    const elapsedMs = performance.now() - this.since;
    if (this.state === 'starting') return elapsedMs > startMs ? this.kill('start') : undefined;
    if (elapsedMs < unwatchedMs) return;
    const usage = usageOf(this.pid);
    const usedMs = usage ? (usage.cpuMicros - this.restedMicros) / 1_000 : elapsedMs;
    if (usage && usage.residentMb > residentMb) this.kill('memory');
    else if (usedMs > cpuMs + sliceMs) this.kill('cpu');
    else if (elapsedMs > silentMs) this.kill('silent');
  }

  /** Ends the process. Resolves when the system has let go of it. */
  async end(): Promise<void> {
    this.kill('outside');
    await this.exited;
  }

  private kill(end: End): void {
    this.killed ??= end;
    this.state = 'ending';
    this.child.kill('SIGKILL');
  }

  private take(message: unknown): void {
    if (this.state === 'ending') return;
    const read = readAnswers(message);
    // One message when it has started, and one for each batch, with an answer at least: anything else is not its own program speaking.
    const awaited = this.state === 'starting' || (this.state === 'busy' && read?.answers.length !== 0);
    if (!read || !awaited) return this.kill('crash');
    this.started = true;
    this.restedMicros = read.cpuMicros;
    this.state = 'idle';
    this.events.idle(this, read.answers);
  }

  private gone(end: End): void {
    if (this.state === 'gone') return;
    this.state = 'gone';
    this.events.gone(this, this.started ? (this.killed ?? end) : 'start');
  }
}

/** The program beside this file: from source, or, bundled, beside the service's own file. */
const program = new URL(`./expression-child${extname(fileURLToPath(import.meta.url))}`, import.meta.url);

/** What the program must be able to read until it has started: itself, or, from source, its neighbours and JSONata. */
const readable = fileURLToPath(program.pathname.endsWith('.ts') ? new URL('../../../*', program) : program);

function start(heapMb: number): ChildProcess {
  return fork(program, {
    // Nothing of the service's environment, nothing to read and nowhere to write but the channel.
    env: {},
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'json',
    execArgv: [
      ...powerlessFlags(readable),
      `--max-old-space-size=${heapMb}`,
      // A young generation that fits the caches, and that leaves the old one its room: half the CPU time per evaluation.
      '--max-semi-space-size=4',
    ],
  });
}
