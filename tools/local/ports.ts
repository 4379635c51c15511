// Which port each part of the local stack listens on: defaults, SLUICE_PORT_<NAME> overrides, free ones for tests.
import { createServer } from 'node:net';
import { Failure } from './failure.ts';
import { holderOf } from './port-holder.ts';

export type Ports = Readonly<Record<string, number>>;

const defaults: Ports = {
  api: 3000,
  control: 3001,
  router: 3002,
  retry: 3003,
  tracker: 3004,
  receiver: 3009,
  kafka: 19092,
  'kafka-controller': 19093,
  registry: 18081,
  postgres: 15432,
};
const firstConnectorPort = 3010;

export function connectorPortName(connector: string): string {
  return `connector-${connector}`;
}

export function variableOf(name: string): string {
  return `SLUICE_PORT_${name.toUpperCase().replaceAll('-', '_')}`;
}

/** The webhook connector comes first, so that its port stays the same however many others there are. */
export function defaultPorts(connectors: readonly string[]): Ports {
  const others = connectors.filter((name) => name !== 'webhook').sort();
  const entries = ['webhook', ...others].map(
    (name, index) => [connectorPortName(name), firstConnectorPort + index] as const,
  );
  return {
    ...defaults,
    ...Object.fromEntries(entries.filter(([name]) => connectors.some((known) => connectorPortName(known) === name))),
  };
}

export function portsFrom(env: NodeJS.ProcessEnv, connectors: readonly string[]): Ports {
  const ports: Record<string, number> = {};
  const owners = new Map<number, string>();
  for (const [name, byDefault] of Object.entries(defaultPorts(connectors))) {
    const text = env[variableOf(name)];
    const port = text === undefined || text === '' ? byDefault : Number(text);
    if (!Number.isInteger(port) || port < 1 || port > 65535) {
      throw new Failure(`${variableOf(name)} is "${text}": it has to be a port number from 1 to 65535.`);
    }
    const owner = owners.get(port);
    if (owner !== undefined) {
      throw new Failure(
        `${name} and ${owner} would both listen on port ${port}: set ${variableOf(name)} or ${variableOf(owner)} to another one.`,
      );
    }
    owners.set(port, name);
    ports[name] = port;
  }
  return ports;
}

function listens(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'EADDRINUSE'));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Both are asked, since some systems allow 127.0.0.1 beside another program's wildcard listener. */
async function isFree(port: number): Promise<boolean> {
  return (await listens(port, '127.0.0.1')) && (await listens(port, '0.0.0.0'));
}

/** Says of every taken port whose it is, as far as that can be told, and how to move ours. */
export async function requireFree(ports: Ports): Promise<void> {
  const lines: string[] = [];
  for (const [name, port] of Object.entries(ports)) {
    if (await isFree(port)) continue;
    const holder = await holderOf(port);
    const by = holder === undefined ? 'another program' : holder;
    lines.push(`Port ${port} (${name}) is taken by ${by}: end that, or start with ${variableOf(name)}=<another port>.`);
  }
  if (lines.length > 0) throw new Failure(lines.join('\n'));
}

/** One port below the range that systems give to outgoing connections, and none of those that are taken already. */
export async function freePort(taken: ReadonlySet<number> = new Set()): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if (!taken.has(port) && (await isFree(port))) return port;
  }
}

/** Ports below the range that systems give to outgoing connections, so that a halted part finds its port free again. */
export async function freePorts(connectors: readonly string[]): Promise<Ports> {
  const ports: Record<string, number> = {};
  const taken = new Set<number>();
  for (const name of Object.keys(defaultPorts(connectors))) {
    const port = await freePort(taken);
    taken.add(port);
    ports[name] = port;
  }
  return ports;
}
