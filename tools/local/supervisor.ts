// All processes of one stack: starts them, waits until they serve, runs one-time programs between, stops everything in order.
import { spawn } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure, Stopped } from './failure.ts';
import { Keeper, killGroup } from './keeper.ts';
import type { Command, Component, Stage } from './plan.ts';
import type { ProcessRecord } from './processes.ts';
import { isReady } from './readiness.ts';

export interface SupervisorOptions {
  readonly logs: string;
  readonly record: ProcessRecord;
  readonly onNotice: (text: string) => void;
}

export interface OneTime extends Command {
  readonly name: string;
  readonly input?: string;
  /** Whether its standard output is an answer (which may hold secrets) and not for the log. */
  readonly answers?: boolean;
}

const endsTillGivingUp = 4;
const previousSuffix = '.previous.log';

export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #keepers = new Map<string, Keeper>();
  readonly #oneTime = new Set<number>();
  #stopping = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    keepPreviousLogs(options.logs);
  }

  logOf(name: string): string {
    return join(this.#options.logs, `${name}.log`);
  }

  start(component: Component): void {
    this.requireRunning();
    const { name } = component;
    const onEnd = (how: string): void => this.#options.onNotice(`${name} ended (${how}), starting it again`);
    const keeper = new Keeper({ component, logFile: this.logOf(name), record: this.#options.record, onEnd });
    this.#keepers.set(name, keeper);
    keeper.start();
  }

  /** Waits until the component serves; a component that ends again and again, or takes too long, is a failure with its log. */
  async ready(name: string, timeoutMs = 90_000): Promise<void> {
    const keeper = this.keeper(name);
    const deadline = Date.now() + timeoutMs;
    for (let waitMs = 20; ; waitMs = Math.min(waitMs * 1.5, 250)) {
      this.requireRunning();
      const { pid } = keeper;
      if (pid !== undefined && (await isReady(keeper.component.readiness, pid)) && keeper.pid === pid) return;
      if (keeper.ends >= endsTillGivingUp) throw this.#failure(name, `${name} does not start`);
      if (Date.now() > deadline)
        throw this.#failure(name, `${name} is not ready after ${Math.round(timeoutMs / 1000)} s`);
      await sleep(waitMs);
    }
  }

  /** Runs a program to its end and answers with its standard output; a stop ends it too. */
  async run(program: OneTime): Promise<string> {
    this.requireRunning();
    const { name } = program;
    const log = openSync(this.logOf(name), 'a');
    const { command, args, cwd, env, identity } = program;
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ['pipe', 'pipe', log],
      detached: true,
      uid: identity?.uid,
      gid: identity?.gid,
    });
    closeSync(log);
    let output = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (program.answers !== true) appendFileSync(this.logOf(name), text);
    });
    child.stdin?.on('error', () => undefined).end(program.input ?? '');
    const { pid } = child;
    if (pid !== undefined) {
      this.#oneTime.add(pid);
      this.#options.record.add(name, pid, 'SIGTERM');
    }
    const how = await new Promise<string | undefined>((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('close', (code, signal) => resolve(code === 0 ? undefined : (signal ?? `code ${code}`)));
    });
    if (pid !== undefined) {
      this.#oneTime.delete(pid);
      this.#options.record.remove(pid);
    }
    this.requireRunning();
    if (how !== undefined) throw this.#failure(name, `${name} failed (${how})`);
    return output;
  }

  keeper(name: string): Keeper {
    const keeper = this.#keepers.get(name);
    if (keeper === undefined)
      throw new Failure(`this stack has no component "${name}": it has ${[...this.#keepers.keys()].join(', ')}`);
    return keeper;
  }

  pids(): Record<string, number> {
    return Object.fromEntries(
      [...this.#keepers].flatMap(([name, { pid }]) => (pid === undefined ? [] : [[name, pid]])),
    );
  }

  /** Services first, while what they write to is still there. */
  async stop(): Promise<void> {
    this.#stopping = true;
    for (const pid of this.#oneTime) killGroup(pid);
    const halt = (stage: Stage): Promise<unknown> =>
      Promise.all(
        [...this.#keepers.values()].filter((keeper) => keeper.component.stage === stage).map((keeper) => keeper.halt()),
      );
    await halt('services');
    await halt('infrastructure');
  }

  stopNow(): void {
    this.#stopping = true;
    for (const pid of this.#oneTime) killGroup(pid);
    for (const keeper of this.#keepers.values()) keeper.haltNow();
  }

  requireRunning(): void {
    if (this.#stopping) throw new Stopped();
  }

  #failure(name: string, what: string): Failure {
    const log = this.logOf(name);
    const tail = existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n').slice(-40).join('\n') : '';
    return new Failure(`${tail === '' ? '' : `${tail}\n\n`}${what}. Its log: ${log}`);
  }
}

/** Each start begins new logs and keeps those of the run before, in which a crash may have its cause. */
function keepPreviousLogs(logs: string): void {
  mkdirSync(logs, { recursive: true });
  for (const name of readdirSync(logs)) {
    if (!name.endsWith('.log') || name.endsWith(previousSuffix)) continue;
    renameSync(join(logs, name), join(logs, name.replace(/\.log$/, previousSuffix)));
  }
}
