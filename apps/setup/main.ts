// setup: prepares an installation and ends. Topics, schemas and tables; with `organization --name <name>`, a customer and its first key.
import { readConfig } from '@sluice/service';
import { configShape } from './config.ts';
import { createOrganization } from './organization.ts';
import { prepare } from './prepare.ts';

const [command = 'prepare', ...rest] = process.argv.slice(2);

try {
  const config = readConfig(configShape);
  if (command === 'prepare') {
    const done = await prepare(config, (line) => process.stderr.write(`${line}\n`));
    process.stdout.write(`${JSON.stringify(done)}\n`);
  } else if (command === 'organization' && rest[0] === '--name' && rest[1]) {
    process.stdout.write(`${JSON.stringify(await createOrganization(config, rest[1]))}\n`);
  } else {
    process.stderr.write('usage: setup [prepare] | setup organization --name <name>\n');
    process.exitCode = 2;
  }
} catch (error) {
  process.stderr.write(`setup failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
