// Amazon's own engine for event patterns, as a referee: fetched by Maven once, asked through a small Java program.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../local/failure.ts';
import { repository } from '../local/places.ts';

/** JSON texts, so that numbers reach it as they are written. */
export interface Asked {
  rule: string;
  event: string;
}

/** Whether it matches; or why it takes no such rule. */
export type Verdict = 'match' | 'none' | { refused: string };

const here = join(repository, 'tools', 'oracle');
const pom = join(here, 'pom.xml');
const lib = join(repository, '.sluice', 'lib', 'oracle');
const stamp = join(lib, 'stamp');

/** Asks about each rule and event, all in one run of the program. */
export async function ask(asked: readonly Asked[]): Promise<Verdict[]> {
  const answers = (await runOracle([], asked.map((one) => JSON.stringify(one)).join('\n'))).split('\n').slice(0, -1);
  if (answers.length !== asked.length)
    throw new Failure(`asked ${asked.length} questions, got ${answers.length} answers`);
  return answers.map((answer) => {
    if (answer === 'match' || answer === 'none') return answer;
    return { refused: answer };
  });
}

/** Runs the program with arguments and input; what it prints. */
export async function runOracle(args: readonly string[], input: string): Promise<string> {
  await fetchJar();
  const program = ['-cp', join(lib, '*'), join(here, 'Oracle.java'), ...args];
  return run('java', program, {
    input,
    without: 'Comparing conditions with Amazon event-ruler needs a JDK of version 17 or newer',
  });
}

/** Maven is needed the first time only, and again when the version changes. */
async function fetchJar(): Promise<void> {
  const wanted = createHash('sha256').update(readFileSync(pom)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  rmSync(lib, { recursive: true, force: true });
  mkdirSync(lib, { recursive: true });
  await run('mvn', ['-q', '-B', '-f', pom, `-Dsluice.lib=${lib}`, 'process-resources'], {
    input: '',
    without: 'Amazon event-ruler is fetched by Maven',
  });
  writeFileSync(stamp, wanted);
}

function run(
  command: string,
  args: readonly string[],
  { input, without }: { input: string; without: string },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: repository });
    let [output, errors] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    child.once('error', (error) => reject(new Failure(`${without}; running ${command}: ${error.message}`)));
    child.once('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Failure(`${without}; ${command} ended with ${code}:\n${errors}${output.slice(-2_000)}`));
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
