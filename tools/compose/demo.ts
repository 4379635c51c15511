// The demo of a stack in containers: seeds it and prints its keys and how to send an event. `token` prints a machine token for
// that, and `local` what `npm start` writes to .sluice/local.json.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { MachineKeys } from '../local/api.ts';
import { Failure, textOf } from '../local/failure.ts';
import { repository } from '../local/places.ts';
import { localUrl, portOf, postgresUrl } from '../local/plan.ts';
import { portsFrom } from '../local/ports.ts';
import { painter } from '../local/progress.ts';
import { registryUrl } from '../local/registry.ts';
import { demoLines } from '../local/report.ts';
import { seedDemo, type Seed } from '../local/seed.ts';
import type { Addresses } from '../local/stack.ts';
import { machineToken } from '../local/token.mjs';

const tokenCommand = 'docker compose run --rm --no-deps -T demo token';

function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Failure(`${name} is not set: this program runs as the service "demo" of docker-compose.yml`);
  return value;
}

/** Where everything is for whoever sits at the machine; the containers know each other by their names. */
function addresses(): Addresses {
  const ports = portsFrom(process.env, []);
  return {
    api: localUrl(portOf(ports, 'api')),
    control: localUrl(portOf(ports, 'control')),
    router: localUrl(portOf(ports, 'router')),
    kafka: `127.0.0.1:${portOf(ports, 'kafka')}`,
    registry: registryUrl(portOf(ports, 'registry')),
    postgres: postgresUrl(ports, new URL(setting('POSTGRES_URL')).password),
    receiver: localUrl(portOf(ports, 'receiver')),
  };
}

async function createOrganization(): Promise<string> {
  const program = join(repository, 'dist', 'apps', 'setup', 'main.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [program, 'organization', '--name', 'Demo']);
  return stdout;
}

function seed(): Promise<Seed> {
  return seedDemo({
    file: setting('DEMO_FILE'),
    apiUrl: setting('API_URL'),
    receiverUrl: setting('RECEIVER_URL'),
    createOrganization,
  });
}

function token(): string {
  return machineToken(JSON.parse(readFileSync(setting('DEMO_FILE'), 'utf8')) as MachineKeys);
}

async function local(): Promise<string> {
  const { api, kafka, registry, postgres, receiver } = addresses();
  return JSON.stringify({ api, ...(await seed()), kafka, registry, postgres, receiver }, null, 2);
}

async function report(): Promise<string> {
  const { api, receiver } = addresses();
  const note = ' (again: docker compose run --rm demo)';
  const paint = painter(process.stdout, process.env);
  const lines = demoLines({ api, receiver, seed: await seed(), note, token: tokenCommand }, paint);
  lines.push(`\n${paint('bold', 'See its trace')}`, setting('JAEGER_URL'));
  // Compose writes the service's name before every line: a command over several of them could not be pasted.
  return `${lines.join('\n').replaceAll(' \\\n  ', ' ')}\n`;
}

const commands: Record<string, () => string | Promise<string>> = { report, token, local };

try {
  const [name = 'report'] = process.argv.slice(2);
  const command = commands[name];
  if (command === undefined)
    throw new Failure(`there is no "${name}"; usage: demo [${Object.keys(commands).join('|')}]`);
  process.stdout.write(`${await command()}\n`);
} catch (error) {
  process.stderr.write(`${textOf(error)}\n`);
  process.exit(1);
}
