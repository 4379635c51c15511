// The processes of a local stack as data: what each runs with, when it counts as ready, how it is stopped. Starts nothing.
import { join } from 'node:path';
import { kafkaCommand } from './kafka.ts';
import type { Places } from './places.ts';
import { connectorPortName, type Ports } from './ports.ts';
import { postgresCommand, type PostgresPlace } from './postgres.ts';
import { registryCommand, registryUrl } from './registry.ts';

export type Environment = Readonly<Record<string, string>>;

export type Readiness =
  | { readonly kind: 'http'; readonly url: string }
  | { readonly kind: 'kafka'; readonly port: number }
  | { readonly kind: 'postgres'; readonly data: string };

export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Environment;
  readonly cwd: string;
  /** The user to run as, where that is not ours. */
  readonly identity?: { readonly uid: number; readonly gid: number };
}

/** Infrastructure is up before the set-up runs, and the set-up before the services; a stop goes the other way. */
export type Stage = 'infrastructure' | 'services';

export interface Component extends Command {
  readonly name: string;
  readonly stage: Stage;
  readonly port: number;
  readonly readiness: Readiness;
  readonly stopSignal: NodeJS.Signals;
  readonly graceMs: number;
  /** Where the processor is short, the others go first: no delivery waits for this one. */
  readonly givesWay?: boolean;
}

export interface PlanOptions {
  readonly places: Places;
  readonly ports: Ports;
  readonly connectors: readonly string[];
  readonly java: string;
  readonly registryJar: string;
  readonly postgres: PostgresPlace;
  readonly postgresPassword: string;
  /** The environment the stack was started in; services get it, with ours on top. */
  readonly env: NodeJS.ProcessEnv;
  /** More environment for one service each, by component name; wins over everything. */
  readonly serviceEnv?: Readonly<Record<string, Environment>>;
}

/** The registry's client asks url.parse() for its own, fixed URL; the warning about it would stand between the log lines. */
export const nodeOptions = ['--disable-warning=DEP0169'];

const services = ['ingest', 'control', 'router', 'retry', 'tracker'];

export function portOf(ports: Ports, name: string): number {
  const port = ports[name];
  if (port === undefined) throw new Error(`no port is planned for ${name}`);
  return port;
}

export function localUrl(port: number): string {
  return `http://127.0.0.1:${port}`;
}

export function postgresUrl(ports: Ports, password: string): string {
  return `postgres://sluice:${password}@127.0.0.1:${portOf(ports, 'postgres')}/sluice`;
}

/** The Java programs read many variables of a general name (LOG_LEVEL, HTTP_PORT): they get only what they need. */
export function systemEnvironment(env: NodeJS.ProcessEnv): Environment {
  const names = ['PATH', 'HOME', 'JAVA_HOME', 'JAVA_TOOL_OPTIONS', 'TMPDIR', 'TZ'];
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}

/** Without what npm and a test runner add for their own children. */
function inherited(env: NodeJS.ProcessEnv): Environment {
  const kept = Object.entries(env).filter(
    ([name]) => !/^(npm_|NODE_OPTIONS$|NODE_CHANNEL|NODE_UNIQUE_ID|JEST_)/.test(name),
  );
  return Object.fromEntries(kept.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/** What every service is told: this is the whole contract between the local stack and the apps. */
export function serviceEnvironment(options: PlanOptions): Environment {
  const { ports, places } = options;
  return {
    ...inherited(options.env),
    NODE_ENV: 'production',
    // As in the image, see Dockerfile.
    MALLOC_ARENA_MAX: '2',
    MALLOC_MMAP_THRESHOLD_: '131072',
    HOST: '127.0.0.1',
    KAFKA_BROKERS: `127.0.0.1:${portOf(ports, 'kafka')}`,
    REGISTRY_URL: registryUrl(portOf(ports, 'registry')),
    POSTGRES_URL: postgresUrl(ports, options.postgresPassword),
    VAULT_KEY_FILE: places.vaultKeys,
    // The receiver is on this machine, and so is what one tries things on.
    OUTBOUND_ALLOW: '127.0.0.1/32,::1/128,localhost',
    CONTROL_URL: localUrl(portOf(ports, 'control')),
    PUBLIC_URL: localUrl(portOf(ports, 'api')),
    CONNECTOR_URLS: options.connectors
      .map((name) => `${name}=${localUrl(portOf(ports, connectorPortName(name)))}`)
      .join(','),
  };
}

function infrastructureOf(options: PlanOptions): Component[] {
  const { places, ports, java, postgres } = options;
  const env = systemEnvironment(options.env);
  const stage = 'infrastructure';
  const kafkaPort = portOf(ports, 'kafka');
  const registryPort = portOf(ports, 'registry');
  const postgresPort = portOf(ports, 'postgres');
  return [
    {
      ...kafkaCommand({ java, places, env }),
      ...{
        name: 'kafka',
        stage,
        port: kafkaPort,
        readiness: { kind: 'kafka', port: kafkaPort },
        stopSignal: 'SIGTERM',
        graceMs: 15_000,
      },
    },
    {
      ...registryCommand({ java, jar: options.registryJar, places, env, port: registryPort }),
      ...{ name: 'registry', stage, port: registryPort, stopSignal: 'SIGTERM', graceMs: 15_000 },
      readiness: { kind: 'http', url: `${registryUrl(registryPort)}/subjects` },
    },
    {
      ...postgresCommand({ place: postgres, env, port: postgresPort }),
      // SIGINT is Postgres' fast shutdown; SIGTERM would wait for every client to leave.
      ...{ name: 'postgres', stage, port: postgresPort, stopSignal: 'SIGINT', graceMs: 15_000, givesWay: true },
      readiness: { kind: 'postgres', data: postgres.data },
    },
  ];
}

function serviceOf(options: PlanOptions, service: { name: string; folder: string; portName: string }): Component {
  const port = portOf(options.ports, service.portName);
  const { root } = options.places;
  return {
    name: service.name,
    stage: 'services',
    port,
    command: process.execPath,
    args: [...nodeOptions, join(root, 'dist', service.folder, 'main.mjs')],
    cwd: root,
    env: { ...serviceEnvironment(options), PORT: String(port), ...options.serviceEnv?.[service.name] },
    readiness: { kind: 'http', url: `${localUrl(port)}/health/ready` },
    stopSignal: 'SIGTERM',
    graceMs: 12_000,
  };
}

function receiverOf(options: PlanOptions): Component {
  const port = portOf(options.ports, 'receiver');
  const { root } = options.places;
  return {
    name: 'receiver',
    stage: 'services',
    port,
    command: process.execPath,
    args: ['--disable-warning=ExperimentalWarning', join(root, 'tools', 'local', 'receiver.ts')],
    cwd: root,
    env: { ...inherited(options.env), PORT: String(port), ...options.serviceEnv?.['receiver'] },
    readiness: { kind: 'http', url: localUrl(port) },
    stopSignal: 'SIGTERM',
    graceMs: 2000,
  };
}

export function planOf(options: PlanOptions): Component[] {
  const apps = services.map((name) => ({ name, folder: `apps/${name}`, portName: name === 'ingest' ? 'api' : name }));
  const connectors = options.connectors.map((connector) => ({
    name: connectorPortName(connector),
    folder: `apps/connectors/${connector}`,
    portName: connectorPortName(connector),
  }));
  return [
    ...infrastructureOf(options),
    ...[...apps, ...connectors].map((service) => serviceOf(options, service)),
    receiverOf(options),
  ];
}

/** The set-up program: topics, schemas and tables; with arguments, other one-time work. It ends by itself. */
export function setupCommand(options: PlanOptions, args: readonly string[] = []): Command {
  const { root } = options.places;
  return {
    command: process.execPath,
    args: [...nodeOptions, join(root, 'dist', 'apps', 'setup', 'main.mjs'), ...args],
    cwd: root,
    env: { ...serviceEnvironment(options), ...options.serviceEnv?.['setup'] },
  };
}

/** Builds what changed: nx remembers the rest. Its daemon would outlive us. */
export function buildCommand(options: PlanOptions): Command {
  const { root } = options.places;
  return {
    command: join(root, 'node_modules', '.bin', 'nx'),
    args: ['run-many', '-t', 'build', '--outputStyle=static'],
    cwd: root,
    env: { ...inherited(options.env), NX_DAEMON: 'false', NX_TUI: 'false' },
  };
}
