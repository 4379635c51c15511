// Runs one kind of test in a process of its own and keeps the numbers.
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './local/places.ts';

export type TestKind = 'unit' | 'e2e' | 'repository';

const resultFolder = join(repository, '.sluice', 'results');
/** Where .ci/run finds what passed and failed, one line a run. */
const countsFile = join(resultFolder, 'counts.jsonl');

interface Counts {
  readonly what: string;
  readonly passed: number;
  readonly failed: number;
}

const counted: Counts[] = [];

/** Notes numbers for the closing line. */
export function count(counts: Counts): void {
  counted.push(counts);
  mkdirSync(resultFolder, { recursive: true });
  appendFileSync(countsFile, `${JSON.stringify(counts)}\n`);
}

/** Prints what was counted, one line. */
export function tally(): void {
  const passed = counted.reduce((sum, counts) => sum + counts.passed, 0);
  const failed = counted.reduce((sum, counts) => sum + counts.failed, 0);
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
}

/** Whether all of them passed. */
export async function runJest(kind: TestKind, args: readonly string[] = []): Promise<boolean> {
  mkdirSync(resultFolder, { recursive: true });
  const resultFile = join(resultFolder, `${kind}.json`);
  rmSync(resultFile, { force: true });
  // Stories share one stack and wait for real things, each wait with a limit of its own.
  const inBand = kind === 'e2e' ? ['--runInBand', '--testTimeout=120000'] : [];
  const options = ['--selectProjects', kind, '--json', `--outputFile=${resultFile}`, '--passWithNoTests', ...inBand];
  const node = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
  const code = await run([...node, ...options, ...args]);
  const result = existsSync(resultFile) ? readResult(resultFile) : undefined;
  const failedSuites = result?.numRuntimeErrorTestSuites ?? 1;
  count({ what: kind, passed: result?.numPassedTests ?? 0, failed: (result?.numFailedTests ?? 0) + failedSuites });
  return code === 0;
}

interface JestResult {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numRuntimeErrorTestSuites: number;
}

const readResult = (file: string): JestResult => JSON.parse(readFileSync(file, 'utf8')) as JestResult;

/** Its report goes to standard error as it comes; standard output would be the JSON once more. A stop is passed on and waited for. */
function run(args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: repository, stdio: ['ignore', 'ignore', 'inherit'] });
    const pass = (signal: NodeJS.Signals) => child.kill(signal);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, pass);
    child.once('error', reject);
    child.once('exit', (code) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, pass);
      resolve(code ?? 1);
    });
  });
}
