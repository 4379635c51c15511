// The stack that a scenario may break: on free ports with a fresh home, and where asked with proxies before Kafka, Postgres and the registry.
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectorsOf, placesOf, repository } from '../local/places.ts';
import { portOf, postgresUrl } from '../local/plan.ts';
import { connectorPortName, freePorts, type Ports } from '../local/ports.ts';
import { endLeftovers } from '../local/processes.ts';
import { registryUrl } from '../local/registry.ts';
import { Stack } from '../local/stack.ts';
import type { Plant } from './plant.ts';
import { TcpProxy } from './proxy.ts';
import type { Scenario } from './scenario.ts';

const home = join(repository, '.sluice', 'faults');
const places = placesOf(repository, home);
const connectors = ['webhook'];

export interface OwnStack {
  readonly stack: Stack;
  readonly proxies: Readonly<Record<string, TcpProxy>>;
}

export async function ownStack(scenario: Scenario, tell: (text: string) => void): Promise<OwnStack> {
  const { isProxied = false, serviceEnv = {} } = scenario;
  await endLeftovers(places.processes);
  for (const path of [places.home, places.postgresElsewhere]) rmSync(path, { recursive: true, force: true });
  const ports = await freePorts(connectorsOf(repository));
  const proxies = isProxied ? await proxiesBefore(ports) : {};
  const stack = new Stack({
    home,
    ports,
    connectors,
    serviceEnv: isProxied ? environmentsOf(proxies) : serviceEnv,
    onProgress: ({ kind, text }) => {
      if (kind === 'notice') tell(text);
    },
  });
  return { stack, proxies };
}

async function proxiesBefore(ports: Ports): Promise<Record<string, TcpProxy>> {
  const before = (name: string, isBroker = false) => TcpProxy.start(portOf(ports, name), { isBroker });
  return { kafka: await before('kafka', true), postgres: await before('postgres'), registry: await before('registry') };
}

/** Every service is told the proxies' addresses for the real ones; the set-up, which runs before, is not. */
function environmentsOf(proxies: Readonly<Record<string, TcpProxy>>): Record<string, Record<string, string>> {
  const port = (name: string): number => proxies[name]?.port ?? 0;
  // The stack keeps a password that is there already.
  const password = randomBytes(24).toString('hex');
  mkdirSync(places.home, { recursive: true });
  writeFileSync(places.postgresPassword, password, { mode: 0o600 });
  const environment = {
    KAFKA_BROKERS: `127.0.0.1:${port('kafka')}`,
    REGISTRY_URL: registryUrl(port('registry')),
    POSTGRES_URL: postgresUrl({ postgres: port('postgres') }, password),
  };
  const services = ['ingest', 'control', 'router', 'retry', 'tracker', ...connectors.map(connectorPortName)];
  return Object.fromEntries(services.map((name) => [name, environment]));
}

export function plantOf({ stack, proxies }: OwnStack): Plant {
  const { seed, addresses } = stack;
  if (seed === undefined) throw new Error('the stack has no demo seed');
  return { ...addresses, keys: seed, folder: join(places.home, 'runs'), processes: places.processes, stack, proxies };
}
