// Every path the local stack reads or writes, in one place.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repository = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export interface Places {
  readonly root: string;
  /** Everything of one stack: data, logs, keys. Removing it is what `npm run reset` does. */
  readonly home: string;
  readonly logs: string;
  readonly kafka: string;
  readonly registry: string;
  readonly postgres: string;
  /** Postgres' place where the user it runs as cannot reach `home`. */
  readonly postgresElsewhere: string;
  readonly postgresPassword: string;
  readonly vaultKeys: string;
  readonly seed: string;
  readonly lock: string;
  readonly processes: string;
  /** Addresses and demo keys of the running stack: beside `home`, so that it outlives nothing and is easy to find. */
  readonly localFile: string;
  /** The jars, which every stack of this repository uses. */
  readonly lib: string;
  readonly libStamp: string;
  readonly pom: string;
  readonly kafkaLogging: string;
}

export function placesOf(root: string, home = join(root, '.sluice', 'local')): Places {
  const base = resolve(root, home);
  const lib = join(root, '.sluice', 'lib');
  return {
    root,
    home: base,
    logs: join(base, 'logs'),
    kafka: join(base, 'kafka'),
    registry: join(base, 'registry'),
    postgres: join(base, 'postgres'),
    postgresElsewhere: join('/var/tmp', `sluice-${createHash('sha256').update(base).digest('hex').slice(0, 16)}`),
    postgresPassword: join(base, 'postgres-password'),
    vaultKeys: join(base, 'vault-keys.json'),
    seed: join(base, 'seed.json'),
    lock: join(base, 'supervisor.json'),
    processes: join(base, 'processes.json'),
    localFile: `${base}.json`,
    lib,
    libStamp: join(lib, 'stamp'),
    pom: join(root, 'deploy', 'local', 'pom.xml'),
    kafkaLogging: join(root, 'deploy', 'local', 'kafka-log4j2.properties'),
  };
}

/** A connector is any folder of apps/connectors that has a main.ts: nobody keeps a list. */
export function connectorsOf(root: string): string[] {
  const folder = join(root, 'apps', 'connectors');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'main.ts')))
    .sort();
}
