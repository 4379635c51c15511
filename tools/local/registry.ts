// The local schema registry: Apicurio with its data in a file, since schema ids stand in every record and must survive restarts.
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.ts';
import type { Places } from './places.ts';
import type { Command, Environment } from './plan.ts';

/** The Confluent-compatible interface, which is the only one that we use. */
export function registryUrl(port: number): string {
  return `http://127.0.0.1:${port}/apis/ccompat/v7`;
}

export function registryCommand(options: {
  readonly java: string;
  readonly jar: string;
  readonly places: Places;
  readonly env: Environment;
  readonly port: number;
}): Command {
  const { places, port } = options;
  return {
    command: options.java,
    // Little traffic comes here: the quick compiler alone nearly halves what a start costs.
    args: ['-Xms64m', '-Xmx384m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-jar', options.jar],
    cwd: places.registry,
    env: {
      ...options.env,
      QUARKUS_HTTP_HOST: '127.0.0.1',
      QUARKUS_HTTP_PORT: String(port),
      // Without a write delay an id that was given out is on disk, whatever ends the process.
      REGISTRY_DATASOURCE_URL: `jdbc:h2:file:${join(places.registry, 'registry')};WRITE_DELAY=0`,
      QUARKUS_DATASOURCE_JDBC_INITIAL_SIZE: '2',
      QUARKUS_DATASOURCE_JDBC_MIN_SIZE: '2',
      LOG_LEVEL: 'WARN',
      REGISTRY_LOG_LEVEL: 'WARN',
    },
  };
}

/** The jar's name holds its version, which only the pom states. */
export function registryJar(places: Places): string {
  const folder = join(places.lib, 'registry');
  const jar = readdirSync(folder).find((name) => name.endsWith('-runner.jar'));
  if (jar === undefined) throw new Failure(`No registry was found in ${folder}: remove ${places.lib} and start again.`);
  return join(folder, jar);
}

export function prepareRegistry(places: Places): void {
  mkdirSync(places.registry, { recursive: true });
}
