// Keeps one process alive: starts it, starts it again when it ends unasked, and stops it for good when told.
import { spawn, type ChildProcess } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { closeSync, openSync } from 'node:fs';
import { endsInARow, restartDelayMs } from './backoff.ts';
import type { Component } from './plan.ts';
import type { ProcessRecord } from './processes.ts';

export interface KeeperOptions {
  readonly component: Component;
  readonly logFile: string;
  readonly record: ProcessRecord;
  /** Told of every end that nobody asked for. */
  readonly onEnd: (how: string, delayMs: number) => void;
}

export class Keeper {
  readonly component: Component;
  readonly #options: KeeperOptions;
  #child: ChildProcess | undefined;
  #wanted = false;
  #startedAtMs = 0;
  #ends = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: KeeperOptions) {
    this.component = options.component;
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Unasked ends in a row; a component that cannot start at all shows here. */
  get ends(): number {
    return this.#ends;
  }

  start(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#ends = 0;
    this.#spawn();
  }

  /** Sends a signal to the process; after SIGKILL it waits until the process is gone, so that the next look finds the new one. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    const gone = ended(child);
    child.kill(signal);
    if (signal === 'SIGKILL') await gone;
  }

  /** Ends the process and leaves it ended: politely, then after its grace by force. */
  async halt(): Promise<void> {
    this.#wanted = false;
    clearTimeout(this.#timer);
    const child = this.#child;
    if (child === undefined) return;
    const gone = ended(child);
    const { stopSignal, graceMs } = this.component;
    child.kill(stopSignal);
    // A process that a test has paused cannot hear the stop signal.
    child.kill('SIGCONT');
    const force = setTimeout(() => this.haltNow(), graceMs);
    await gone;
    clearTimeout(force);
  }

  haltNow(): void {
    this.#wanted = false;
    clearTimeout(this.#timer);
    killGroup(this.#child?.pid);
  }

  #spawn(): void {
    const { component, logFile, record } = this.#options;
    const log = openSync(logFile, 'a');
    const child = spawn(component.command, component.args, {
      cwd: component.cwd,
      env: component.env,
      stdio: ['ignore', log, log],
      // A group of its own: a Ctrl-C in the terminal reaches only the supervisor, which then stops everything in order.
      detached: true,
      ...component.identity,
    });
    closeSync(log);
    this.#child = child;
    this.#startedAtMs = Date.now();
    if (child.pid !== undefined) {
      record.add(component.name, child.pid, component.stopSignal);
      if (component.givesWay) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
    }
    child.once('error', (error) => {
      if (child.pid === undefined) this.#ended(child, error.message);
    });
    child.once('exit', (code, signal) => this.#ended(child, signal === null ? `code ${code}` : `signal ${signal}`));
  }

  #ended(child: ChildProcess, how: string): void {
    const { record, onEnd } = this.#options;
    this.#child = undefined;
    if (child.pid !== undefined) {
      killGroup(child.pid);
      record.remove(child.pid);
    }
    if (!this.#wanted) return;
    this.#ends = endsInARow(this.#ends, Date.now() - this.#startedAtMs);
    const delayMs = restartDelayMs(this.#ends);
    this.#timer = setTimeout(() => this.#spawn(), delayMs);
    onEnd(how, delayMs);
  }
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) resolve();
    else child.once('exit', () => resolve());
  });
}

/** The process and whatever it started itself. */
export function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody of the group is left.
  }
}
