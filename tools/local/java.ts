// Finds the Java that Kafka and the registry run on, and has Maven fetch their jars once.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Failure } from './failure.ts';
import type { Places } from './places.ts';
import type { OneTime } from './supervisor.ts';

const oldestMajor = 17;

/** The major version in the words of `java -version`, where "1.8" was 8. */
export function javaMajor(text: string): number | undefined {
  const match = /version "(\d+)(?:\.(\d+))?/.exec(text);
  if (match === null) return undefined;
  return Number(match[1] === '1' ? match[2] : match[1]);
}

function versionOf(java: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    execFile(java, ['-version'], (_error, stdout, stderr) => resolve(javaMajor(stdout + stderr)));
  });
}

/** The first that will do of JAVA_HOME's and PATH's, or a sentence saying what to do. */
export async function findJava(env: NodeJS.ProcessEnv): Promise<string> {
  const home = env['JAVA_HOME'];
  const candidates = [...(home ? [join(home, 'bin', 'java')] : []), 'java'];
  const found: string[] = [];
  for (const java of candidates) {
    const major = await versionOf(java);
    if (major !== undefined && major >= oldestMajor) return java;
    if (major !== undefined) found.push(`${java} is Java ${major}`);
  }
  const seen =
    found.length > 0 ? found.join(', ') : home ? `there is none in JAVA_HOME (${home}) nor on PATH` : 'none is on PATH';
  throw new Failure(
    `Kafka and the schema registry need Java ${oldestMajor} or newer; ${seen}.\n` +
      `Install one (Debian, Ubuntu: apt-get install openjdk-17-jre-headless; macOS: brew install openjdk) or set JAVA_HOME to it.`,
  );
}

function isOnPath(program: string, env: NodeJS.ProcessEnv): boolean {
  return (env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return folder !== '';
    } catch {
      return false;
    }
  });
}

function wantedStamp(places: Places): string {
  return createHash('sha256').update(readFileSync(places.pom)).digest('hex');
}

export function jarsAreCurrent(places: Places): boolean {
  return existsSync(places.libStamp) && readFileSync(places.libStamp, 'utf8') === wantedStamp(places);
}

/** Maven is needed only for this, so a machine that has the jars may do without. */
export function requireMaven(env: NodeJS.ProcessEnv): void {
  if (isOnPath('mvn', env)) return;
  throw new Failure(
    'Maven fetches Kafka and the schema registry the first time, and there is no `mvn` on PATH.\n' +
      'Install it (Debian, Ubuntu: apt-get install maven; macOS: brew install maven) and start again.',
  );
}

export async function fetchJars(
  options: { places: Places; env: NodeJS.ProcessEnv },
  run: (program: OneTime) => Promise<unknown>,
): Promise<void> {
  const { places } = options;
  rmSync(places.lib, { recursive: true, force: true });
  mkdirSync(places.lib, { recursive: true });
  const kept = Object.entries(options.env).filter(([name]) => !name.startsWith('npm_'));
  await run({
    name: 'jars',
    command: 'mvn',
    args: ['-q', '-B', '-f', places.pom, `-Dsluice.lib=${places.lib}`, 'process-resources'],
    cwd: places.root,
    env: Object.fromEntries(kept.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
  });
  writeFileSync(places.libStamp, wantedStamp(places));
}
