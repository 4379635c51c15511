// The local stack as a library: everything `npm start` runs, as a value that an end-to-end test can start, break and stop.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.ts';
import { fetchJars, findJava, jarsAreCurrent, requireMaven } from './java.ts';
import { prepareKafka } from './kafka.ts';
import { releaseLock, takeLock } from './lock.ts';
import { connectorsOf, placesOf, repository, type Places } from './places.ts';
import { buildCommand, localUrl, planOf, portOf, postgresUrl, setupCommand, systemEnvironment } from './plan.ts';
import type { Component, Environment, PlanOptions, Stage } from './plan.ts';
import { freePorts, portsFrom, requireFree, type Ports } from './ports.ts';
import { postgresPassword, postgresPlace, preparePostgres } from './postgres.ts';
import { endLeftovers, ProcessRecord } from './processes.ts';
import { prepareRegistry, registryJar, registryUrl } from './registry.ts';
import { seedDemo, type Seed } from './seed.ts';
import { Supervisor } from './supervisor.ts';
import { ensureVaultKeys } from './vault-keys.ts';

export interface StackOptions {
  /** Where data, logs and keys go: `.sluice/local` unless another folder is named. One home holds one stack. */
  readonly home?: string;
  /** `free` takes any that are; otherwise the defaults with the SLUICE_PORT_… of `env`. */
  readonly ports?: Ports | 'free';
  readonly env?: NodeJS.ProcessEnv;
  /** All of apps/connectors unless some are named. */
  readonly connectors?: readonly string[];
  readonly build?: boolean;
  readonly seed?: boolean;
  /** More environment for one component each, by its name. */
  readonly serviceEnv?: Readonly<Record<string, Environment>>;
  readonly onProgress?: (progress: Progress) => void;
}

export interface Progress {
  readonly kind: 'begun' | 'done' | 'notice';
  readonly text: string;
  readonly tookMs?: number;
}

export interface Addresses {
  readonly api: string;
  readonly control: string;
  readonly router: string;
  readonly kafka: string;
  readonly registry: string;
  readonly postgres: string;
  readonly receiver: string;
}

export class Stack {
  readonly places: Places;
  readonly #options: StackOptions;
  readonly #env: NodeJS.ProcessEnv;
  #supervisor: Supervisor | undefined;
  #planning: PlanOptions | undefined;
  #plan: readonly Component[] = [];
  #seed: Seed | undefined;
  #stopped: Promise<void> | undefined;

  constructor(options: StackOptions = {}) {
    this.#options = options;
    this.#env = options.env ?? process.env;
    this.places = placesOf(repository, options.home);
  }

  /** Brings everything up, or stops what it had brought up and says why not. */
  async start(): Promise<void> {
    takeLock(this.places.lock);
    const onNotice = (text: string): void => this.#tell({ kind: 'notice', text });
    const record = new ProcessRecord(this.places.processes);
    this.#supervisor = new Supervisor({ logs: this.places.logs, record, onNotice });
    try {
      await this.#bringUp();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  get components(): readonly Component[] {
    return this.#plan;
  }

  /** The demo's keys; there are none without `seed`. */
  get seed(): Seed | undefined {
    return this.#seed;
  }

  get addresses(): Addresses {
    const { ports, postgresPassword: password } = this.#planned;
    return {
      api: localUrl(portOf(ports, 'api')),
      control: localUrl(portOf(ports, 'control')),
      router: localUrl(portOf(ports, 'router')),
      kafka: `127.0.0.1:${portOf(ports, 'kafka')}`,
      registry: registryUrl(portOf(ports, 'registry')),
      postgres: postgresUrl(ports, password),
      receiver: localUrl(portOf(ports, 'receiver')),
    };
  }

  /** The process of each component that runs now, by name. */
  pids(): Record<string, number> {
    return this.#running.pids();
  }

  /** Sends a signal to a component, which is started again if it ends of it. After SIGKILL the old process is gone. */
  async kill(name: string, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    await this.#running.keeper(name).kill(signal);
  }

  /** Ends a component and leaves it ended. */
  async halt(name: string): Promise<void> {
    await this.#running.keeper(name).halt();
  }

  /** Starts a halted component and waits until it serves. */
  async resume(name: string): Promise<void> {
    this.#running.keeper(name).start();
    await this.ready(name);
  }

  async ready(name: string, timeoutMs?: number): Promise<void> {
    await this.#running.ready(name, timeoutMs);
  }

  /** Ends everything in order and waits for it; to call it again, or while it starts, does no harm. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stopOnce();
    return this.#stopped;
  }

  /** Ends everything this moment, without a goodbye. */
  stopNow(): void {
    this.#supervisor?.stopNow();
    this.#cleanUp();
  }

  async #stopOnce(): Promise<void> {
    if (this.#supervisor === undefined) return;
    await this.#supervisor.stop();
    this.#cleanUp();
  }

  #cleanUp(): void {
    if (this.#supervisor === undefined) return;
    rmSync(this.places.localFile, { force: true });
    rmSync(this.places.processes, { force: true });
    releaseLock(this.places.lock);
  }

  get #running(): Supervisor {
    if (this.#supervisor === undefined) throw new Failure('this stack was not started');
    return this.#supervisor;
  }

  get #planned(): PlanOptions {
    if (this.#planning === undefined) throw new Failure('this stack was not started');
    return this.#planning;
  }

  async #bringUp(): Promise<void> {
    const { build = true, seed = true } = this.#options;
    rmSync(this.places.localFile, { force: true });
    this.#planning = await this.#prepare();
    this.#plan = planOf(this.#planning);
    // Building uses the processor and the infrastructure waits a lot: side by side they cost little more than one of them.
    await Promise.all([build ? this.#build() : undefined, this.#infrastructure()]);
    this.#requireBuilt();
    await this.#step('topics, schemas and tables', () =>
      this.#running.run({ name: 'setup', ...setupCommand(this.#planned) }),
    );
    await this.#startStage('services');
    if (seed) await this.#step('demo workspace', () => this.#seedDemo());
  }

  /** Everything that has to be known or fetched before the first process starts. */
  async #prepare(): Promise<PlanOptions> {
    const { places } = this;
    const env = this.#env;
    const left = await endLeftovers(places.processes);
    if (left.length > 0) this.#tell({ kind: 'notice', text: `ended what an earlier run had left: ${left.join(', ')}` });
    const connectors = this.#options.connectors ?? connectorsOf(places.root);
    const asked = this.#options.ports ?? portsFrom(env, connectors);
    const ports = asked === 'free' ? await freePorts(connectors) : asked;
    await requireFree(ports);
    const java = await findJava(env);
    if (!jarsAreCurrent(places)) {
      requireMaven(env);
      const fetch = (): Promise<void> => fetchJars({ places, env }, (program) => this.#running.run(program));
      await this.#step('Kafka and the schema registry, fetched once (200 MB)', fetch);
    }
    ensureVaultKeys(places.vaultKeys);
    const postgres = postgresPlace(places);
    const password = postgresPassword(places, postgres);
    const { serviceEnv } = this.#options;
    return {
      places,
      ports,
      connectors,
      java,
      registryJar: registryJar(places),
      postgres,
      postgresPassword: password,
      env,
      serviceEnv,
    };
  }

  async #build(): Promise<void> {
    await this.#step('build', () => this.#running.run({ name: 'build', ...buildCommand(this.#planned) }));
  }

  async #infrastructure(): Promise<void> {
    const { places, ports, java, postgres, postgresPassword: password } = this.#planned;
    const env = systemEnvironment(this.#env);
    const prepared: Record<string, () => unknown> = {
      kafka: () =>
        prepareKafka({ java, places, env, ports }, (command) => this.#running.run({ name: 'kafka', ...command })),
      registry: () => prepareRegistry(places),
      postgres: () =>
        preparePostgres({ place: postgres, password, env }, (command) =>
          this.#running.run({ name: 'postgres', ...command }),
        ),
    };
    await this.#startStage('infrastructure', (name) => prepared[name]?.());
  }

  async #startStage(stage: Stage, before?: (name: string) => unknown): Promise<void> {
    const components = this.#plan.filter((component) => component.stage === stage);
    const up = async (component: Component): Promise<void> => {
      await before?.(component.name);
      this.#running.start(component);
      await this.#running.ready(component.name);
    };
    if (stage === 'infrastructure') {
      await Promise.all(components.map((component) => this.#step(component.name, () => up(component))));
    } else {
      await this.#step(`services (${components.length})`, () => Promise.all(components.map(up)));
    }
  }

  #requireBuilt(): void {
    const dist = join(this.places.root, 'dist');
    const programs = [setupCommand(this.#planned), ...this.#plan].flatMap(({ args }) =>
      args.filter((arg) => arg.startsWith(dist)),
    );
    const missing = programs.filter((file) => !existsSync(file));
    if (missing.length > 0)
      throw new Failure(`These were not built: ${missing.join(', ')}. See ${this.#running.logOf('build')}`);
  }

  async #seedDemo(): Promise<void> {
    const { api, kafka, registry, postgres, receiver } = this.addresses;
    const create = { ...setupCommand(this.#planned, ['organization', '--name', 'Demo']), name: 'setup', answers: true };
    const seed = await seedDemo({
      file: this.places.seed,
      apiUrl: api,
      receiverUrl: receiver,
      createOrganization: () => this.#running.run(create),
    });
    this.#seed = seed;
    const local = JSON.stringify({ api, ...seed, kafka, registry, postgres, receiver }, null, 2);
    this.#running.requireRunning();
    mkdirSync(this.places.home, { recursive: true });
    writeFileSync(this.places.localFile, `${local}\n`, { mode: 0o600 });
  }

  async #step(text: string, work: () => unknown): Promise<void> {
    const startedAtMs = Date.now();
    this.#tell({ kind: 'begun', text });
    await work();
    this.#tell({ kind: 'done', text, tookMs: Date.now() - startedAtMs });
  }

  #tell(progress: Progress): void {
    this.#options.onProgress?.(progress);
  }
}

export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const stack = new Stack(options);
  await stack.start();
  return stack;
}
