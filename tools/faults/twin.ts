// A second process of a service beside the stack's own, in the same consumer group: who takes over when the first falls silent.
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { localUrl, type Environment } from '../local/plan.ts';
import { freePort } from '../local/ports.ts';
import { stackOf, type Plant } from './plant.ts';
import { holdsWithin } from './wait.ts';

export class Twin {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
  }

  /** With more environment than the first has, where some is given. */
  static async start(plant: Plant, name: string, over: Environment = {}): Promise<Twin> {
    const component = stackOf(plant).components.find((each) => each.name === name);
    if (component === undefined) throw new Error(`there is no ${name}`);
    const port = await freePort();
    const url = localUrl(port);
    const { command, args, cwd, env } = component;
    const log = openSync(join(plant.folder, `${name}.twin.log`), 'a');
    const child = spawn(command, args, {
      cwd,
      env: { ...env, ...over, PORT: String(port) },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    const twin = new Twin(child, url);
    const isReady = (): Promise<boolean> =>
      fetch(`${url}/health/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
    if (await holdsWithin(60_000, isReady)) return twin;
    await twin.stop();
    throw new Error(`a second ${name} does not start`);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGTERM');
    await gone;
  }
}
