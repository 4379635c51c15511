// `npm run new:connector <name>`: writes apps/connectors/<name>, a whole connector that passes its tests, and makes the rest know of it.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reservedSlugs } from './generate/catalog.ts';
import { Failure, textOf } from './local/failure.ts';
import { repository } from './local/places.ts';
import { nameProblem, scaffold } from './templates/scaffold.ts';

const connectors = join(repository, 'apps', 'connectors');

try {
  const [name = '', ...others] = process.argv.slice(2);
  if (others.length > 0) throw new Failure('One connector at a time: npm run new:connector <name>.');
  const problem = nameProblem(name, [...readdirSync(connectors), ...reservedSlugs]);
  if (problem !== undefined) throw new Failure(problem);
  const folder = join('apps', 'connectors', name);
  mkdirSync(join(repository, folder));
  for (const [file, text] of Object.entries(scaffold(name))) writeFileSync(join(repository, folder, file), text);
  // How a line breaks depends on how long the name is.
  run(join(repository, 'node_modules', '.bin', 'prettier'), '--write', folder);
  // The lockfile has to know the package, and the package its libraries.
  run('pnpm', 'install', '--no-frozen-lockfile', '--prefer-offline');
  run(process.execPath, '--disable-warning=ExperimentalWarning', join(repository, 'tools', 'gen.ts'));
  console.log(`${folder} is there, in the catalog, in compose and in the local stack. It sends to a made-up vendor.
Next: its contract.yaml and fixtures.ts by the vendor's documentation, then the code, then
  npm test -- unit 'conformance|connectors/${name}/'`);
} catch (error) {
  process.stderr.write(`${textOf(error)}\n`);
  process.exitCode = 1;
}

/** Shows what a program has to say only when it fails. */
function run(command: string, ...args: string[]): void {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: repository, encoding: 'utf8' });
  if (error) throw error;
  if (status !== 0) throw new Failure(`${stdout}${stderr}\n${command} ${args[0] ?? ''} failed.`);
}
