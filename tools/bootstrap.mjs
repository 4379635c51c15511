// Runs one of this repository's commands on a machine that has only some Node >= 20: brings Node 24, pnpm and the packages first.
// Plain JavaScript with no dependency, since nothing is installed yet when it runs: `node tools/bootstrap.mjs <command> [args…]`.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const toolchain = join(root, '.sluice', 'toolchain');
const installLog = join(root, '.sluice', 'install.log');
const platform = `${process.platform}-${process.arch}`;
const nodeMajor = Number(process.versions.node.split('.')[0]);
const nodeMajorWanted = 24;
/** Commands that use nothing but Node itself, so that they work where an install fails. */
const withoutPackages = new Set(['reset']);

let child;
let stopSignal;

class Failure extends Error {}

function say(text) {
  process.stderr.write(`${text}\n`);
}

function hashOf(parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex');
}

function readOr(path, otherwise) {
  return existsSync(path) ? readFileSync(path, 'utf8') : otherwise;
}

/** Starts a program, passes on the signals that arrive meanwhile, and answers with its exit code (128 + n after a signal). */
function run(command, args, options) {
  return new Promise((resolve, reject) => {
    if (stopSignal) process.exit(128 + constants.signals[stopSignal]);
    child = spawn(command, args, options);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      child = undefined;
      resolve(signal === null ? code : 128 + constants.signals[signal]);
    });
  });
}

function forwardSignals() {
  const pass = (signal) => {
    stopSignal = signal;
    if (child) child.kill(signal);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, pass);
  if (process.env.npm_lifecycle_event === undefined) return;
  const before = ancestors();
  const watch = setInterval(() => {
    if (ancestors() !== before && !stopSignal) pass('SIGTERM');
  }, 500);
  watch.unref();
}

/** npm may stand behind a shell, which dies of a signal without passing it on, and which outlives an npm that was killed. */
function ancestors() {
  const stat = readOr(`/proc/${process.ppid}/stat`, '');
  const [, name, parent] = /\((.*)\) \S (\d+)/s.exec(stat) || [];
  return /^(ba|da|z)?sh$/.test(name) ? `${process.ppid} of ${parent}` : String(process.ppid);
}

/** Installers speak at length; their output goes to a file, of which a failure shows the end. */
async function install(command, args, { cwd, env, missing }) {
  mkdirSync(dirname(installLog), { recursive: true });
  const log = openSync(installLog, 'w');
  let code;
  try {
    code = await run(command, args, { cwd, env, stdio: ['ignore', log, log] });
  } catch (error) {
    if (error.code === 'ENOENT') throw new Failure(missing);
    throw error;
  } finally {
    closeSync(log);
  }
  if (stopSignal) process.exit(128 + constants.signals[stopSignal]);
  if (code === 0) return;
  const output = readFileSync(installLog, 'utf8').trimEnd();
  const offline = /ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENETUNREACH|dns error|failed to lookup/i.test(
    output,
  );
  const advice = offline
    ? 'The package registry could not be reached: check the network, and the proxy and registry settings of npm (npm config list).'
    : `Its whole output is in .sluice/install.log.`;
  throw new Failure(`${output.split('\n').slice(-15).join('\n')}\n\n${basename(command)} ${args[0]} failed. ${advice}`);
}

/** The outer npm's settings for its own run (prefix, lifecycle) would mislead an npm or pnpm that is started inside it. */
function environment(path) {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^npm_(package|lifecycle|command|execpath|node_execpath|config_local_prefix)/.test(name),
    ),
  );
  return path === undefined ? env : { ...env, PATH: [...new Set(path), process.env.PATH].join(delimiter) };
}

function works(file) {
  return spawnSync(file, ['-v'], { stdio: 'ignore', env: environment() }).status === 0;
}

/** A command run from inside another one has the toolchain's own Node, which must not be mistaken for the machine's. */
function hasOwnNode() {
  return nodeMajor >= nodeMajorWanted && !process.execPath.startsWith(toolchain);
}

/** Installs pnpm, and Node 24 where the running Node is older, once; answers with the folders to put first on PATH. */
async function ensureToolchain() {
  const ownNode = hasOwnNode();
  const whole = JSON.parse(readFileSync(join(root, 'tools', 'toolchain', 'package.json'), 'utf8'));
  const wanted = ownNode ? { ...whole, optionalDependencies: {} } : whole;
  const stampOf = (manifest) => hashOf([JSON.stringify(manifest), platform]);
  const stampFile = join(toolchain, 'stamp');
  // One that has a Node 24 besides serves a machine with its own as well.
  if (![stampOf(wanted), stampOf(whole)].includes(readOr(stampFile, ''))) {
    say(`installing ${ownNode ? 'pnpm' : 'Node 24 and pnpm'} (once, about 10 s) …`);
    await installToolchain(wanted);
    findPnpm();
    writeFileSync(stampFile, stampOf(wanted));
  }
  const node = ownNode ? process.execPath : findNode();
  const pnpm = findPnpm();
  return { node, pnpm, path: [dirname(node), dirname(pnpm)] };
}

async function installToolchain(manifest) {
  rmSync(toolchain, { recursive: true, force: true });
  mkdirSync(toolchain, { recursive: true });
  writeFileSync(join(toolchain, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const args = ['install', '--prefix', toolchain, '--no-package-lock', '--no-audit', '--no-fund', '--loglevel=error'];
  await install('npm', args, {
    cwd: toolchain,
    env: environment(),
    missing:
      'npm is missing: it comes with Node, but some Linux distributions package it apart (Debian, Ubuntu: apt-get install npm).',
  });
}

function findNode() {
  const modules = join(toolchain, 'node_modules');
  const candidates = [`node-${platform}`, `node-bin-${platform}`].map((name) => join(modules, name, 'bin', 'node'));
  const node = candidates.find((file) => existsSync(file) && works(file));
  if (node) return node;
  throw new Failure(
    `No Node ${nodeMajorWanted} from npm runs on this machine (${platform}). Install Node ${nodeMajorWanted} or newer yourself, put it first on PATH, and run this again.`,
  );
}

/** Where npm refused pnpm's install script, `.bin/pnpm` is a placeholder: the platform's own package comes first. */
function findPnpm() {
  const modules = join(toolchain, 'node_modules');
  const folders = [`@pnpm/exe.${platform}`, `@pnpm/exe.${platform}-musl`, '.bin'];
  const pnpm = folders.map((folder) => join(modules, folder, 'pnpm')).find((file) => existsSync(file) && works(file));
  if (pnpm) return pnpm;
  throw new Failure(
    `pnpm was installed but does not run on this machine (${platform}). Remove .sluice/toolchain and run this again.`,
  );
}

/** Everything an install of the workspace depends on: the lockfile, the settings, each package.json, the patches. */
function workspaceStamp() {
  const files = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', '.npmrc'].filter((name) => existsSync(join(root, name)));
  const visit = (folder, depth) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder ? `${folder}/${entry.name}` : entry.name;
      const skipped = entry.name.startsWith('.') || entry.name === 'node_modules' || entry.name === 'dist';
      if (entry.isDirectory() && depth < 4 && !skipped) visit(path, depth + 1);
      else if (entry.isFile() && (entry.name === 'package.json' || path.startsWith('patches/'))) files.push(path);
    }
  };
  visit('', 0);
  return hashOf([process.arch, ...files.sort().flatMap((name) => [name, readFileSync(join(root, name))])]);
}

async function ensurePackages({ pnpm, path }) {
  const stampFile = join(root, 'node_modules', '.sluice-stamp');
  if (readOr(stampFile, '') === workspaceStamp()) return;
  say('installing the packages (about 30 s the first time) …');
  const locked = existsSync(join(root, 'pnpm-lock.yaml'));
  const args = ['install', locked ? '--frozen-lockfile' : '--no-frozen-lockfile', '--reporter=append-only'];
  // CI=true: nobody is there to answer a question, such as whether an old node_modules may be replaced.
  await install(pnpm, args, {
    cwd: root,
    env: { ...environment(path), CI: 'true' },
    missing: `${pnpm} is missing: remove .sluice/toolchain.`,
  });
  writeFileSync(stampFile, workspaceStamp());
}

function scriptOf(command) {
  const known = /^[a-z][a-z-]*$/.test(command ?? '');
  const places = known ? [`tools/${command}.ts`, `tools/local/${command}.ts`] : [];
  const script = places.find((place) => existsSync(join(root, place)));
  if (script) return join(root, script);
  throw new Failure(
    `There is no command "${command ?? ''}". Usage: node tools/bootstrap.mjs <start|reset|test|check|gen|new-connector|replay|faults> [args…]`,
  );
}

async function main() {
  if (nodeMajor < 20) {
    throw new Failure(
      `Sluice needs Node 20 or newer to start (it then brings its own Node 24); this is ${process.version}. Install a newer one and run this again.`,
    );
  }
  if (process.platform === 'win32') {
    throw new Failure('Sluice runs on Linux and macOS. On Windows use WSL 2 (wsl --install), and run this inside it.');
  }
  forwardSignals();
  const [command, ...args] = process.argv.slice(2);
  const script = scriptOf(command);
  const tools = await ensureToolchain();
  if (!withoutPackages.has(command)) await ensurePackages(tools);
  // The channel tells the command when this process is gone, however it went.
  return run(tools.node, ['--disable-warning=ExperimentalWarning', script, ...args], {
    env: environment(tools.path),
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
}

main().then(
  (code) => process.exit(code),
  (error) => {
    say(error instanceof Failure ? `\n${error.message}\n` : error.stack);
    process.exit(1);
  },
);
