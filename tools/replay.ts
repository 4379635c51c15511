// `npm run replay -- <connector> [--dry-run] [--rate <a second>] …`: replays a whole dead-letter topic of the running local stack.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { textOf } from './local/failure.ts';
import { placesOf, repository } from './local/places.ts';
import { nodeOptions } from './local/plan.ts';

interface LocalStack {
  readonly kafka: string;
  readonly registry: string;
  readonly postgres: string;
}

const places = placesOf(repository);
try {
  if (!existsSync(places.localFile)) {
    process.stderr.write('No local stack is running here: npm start\n');
    process.exit(1);
  }
  const { kafka, registry, postgres } = JSON.parse(readFileSync(places.localFile, 'utf8')) as LocalStack;
  const program = join(repository, 'dist/apps/setup/main.mjs');
  const { status } = spawnSync(process.execPath, [...nodeOptions, program, 'replay', ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: {
      ...process.env,
      KAFKA_BROKERS: kafka,
      REGISTRY_URL: registry,
      POSTGRES_URL: postgres,
      VAULT_KEY_FILE: places.vaultKeys,
    },
  });
  process.exitCode = status ?? 1;
} catch (error) {
  process.stderr.write(`${textOf(error)}\n`);
  process.exitCode = 1;
}
