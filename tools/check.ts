// `npm run check`: everything about the repository that is not behaviour. `npm run check -- format types` runs only those named.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { count, runJest, tally } from './jest.ts';
import { repository } from './local/places.ts';

const bin = (name: string): string => join(repository, 'node_modules', '.bin', name);
const node = [process.execPath, '--disable-warning=ExperimentalWarning'] as const;

type Check = readonly [name: string, what: string, run: () => Promise<boolean>];

const checks: readonly Check[] = [
  ['format', 'formatting (prettier)', () => succeeds(bin('prettier'), '--check', '--log-level=warn', '.')],
  ['types', 'types (tsc)', () => succeeds(bin('tsc'), '-p', '.')],
  // The boundary rule passes everything while no project graph is cached: the graph comes first.
  [
    'lint',
    'lint and boundaries (eslint)',
    async () => (await succeeds(bin('nx'), 'show', 'projects')) && succeeds(bin('eslint'), '.'),
  ],
  ['generated', 'generated files are fresh', () => succeeds(...node, 'tools/gen.ts', '--check')],
  ['repository', 'the repository itself', () => runJest('repository')],
];

/** Shows what a check has to say only when it fails. */
function succeeds(command: string, ...args: string[]): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false', FORCE_COLOR: '0' };
    const child = spawn(command, args, { cwd: repository, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code !== 0) process.stderr.write(output);
      resolve(code === 0);
    });
  });
}

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !checks.some(([known]) => known === name));
if (unknown.length > 0) {
  process.stderr.write(
    `There is no check ${unknown.join(', ')}; there are ${checks.map(([name]) => name).join(', ')}.\n`,
  );
  process.exit(2);
}

let failed = false;
for (const [name, what, run] of checks) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const startedAtMs = Date.now();
  const good = await run();
  if (!good) failed = true;
  if (name !== 'repository') count({ what: name, passed: good ? 1 : 0, failed: good ? 0 : 1 });
  process.stdout.write(
    `  ${good ? '✓' : '✗'} ${what.padEnd(44)} ${((Date.now() - startedAtMs) / 1000).toFixed(1)} s\n`,
  );
}
tally();
process.exitCode = failed ? 1 : 0;
