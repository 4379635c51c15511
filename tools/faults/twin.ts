// A second process of a service beside the stack's own, in the same consumer group: who takes over when the first falls silent.
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../local/ports.ts';
import { stackOf, type Plant } from './plant.ts';
import { holdsWithin } from './wait.ts';

export class Twin {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start(plant: Plant, name: string): Promise<Twin> {
    const component = stackOf(plant).components.find((each) => each.name === name);
    if (component === undefined) throw new Error(`there is no ${name}`);
    const port = await freePort();
    const { command, args, cwd, env } = component;
    const log = openSync(join(plant.folder, `${name}.twin.log`), 'a');
    const child = spawn(command, args, { cwd, env: { ...env, PORT: String(port) }, stdio: ['ignore', log, log] });
    closeSync(log);
    const twin = new Twin(child);
    const isReady = (): Promise<boolean> =>
      fetch(`http://127.0.0.1:${port}/health/ready`).then(
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
