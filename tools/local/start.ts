// `npm start`: the whole of Sluice on this machine, until Ctrl-C.
import { parseArgs } from 'node:util';
import { Stopped, textOf } from './failure.ts';
import { painter, progressLine } from './progress.ts';
import { report } from './report.ts';
import { Stack, type Progress } from './stack.ts';

/** npm and the terminal both pass on one Ctrl-C: what comes this soon after the first is the same one. */
const sameSignalMs = 700;

const startedAtMs = Date.now();
const paint = painter(process.stdout, process.env);

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function onProgress(progress: Progress): void {
  const line = progressLine(progress, paint);
  if (line !== undefined) print(line);
}

const { values } = parseArgs({ options: { 'no-build': { type: 'boolean' }, 'no-seed': { type: 'boolean' } } });
const stack = new Stack({ build: !values['no-build'], seed: !values['no-seed'], onProgress });
let askedAtMs: number | undefined;

async function stop(why: string): Promise<never> {
  print(`\n${why}, stopping (again: at once) …`);
  await stack.stop();
  print('stopped; nothing is left running');
  process.exit(0);
}

function onSignal(why: string): void {
  if (askedAtMs === undefined) {
    askedAtMs = Date.now();
    void stop(why);
  } else if (Date.now() - askedAtMs > sameSignalMs) {
    stack.stopNow();
    print('ended at once');
    process.exit(1);
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => onSignal(signal === 'SIGINT' ? 'Ctrl-C' : signal));
// Whoever started us is gone, and with it the only way to stop us by Ctrl-C.
process.on('disconnect', () => onSignal('the starting process ended'));
// A closed terminal takes no more text; that must not keep anything from being stopped.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
process.on('uncaughtException', (error) => {
  process.stderr.write(`\n${textOf(error)}\n`);
  stack.stopNow();
  process.exit(1);
});

try {
  print(paint('bold', 'Starting Sluice'));
  await stack.start();
  const { components, addresses, seed, places } = stack;
  print(report({ components, pids: stack.pids(), addresses, seed, places, tookMs: Date.now() - startedAtMs }, paint));
} catch (error) {
  if (!(error instanceof Stopped)) {
    process.stderr.write(`\n${textOf(error)}\n`);
    process.exit(1);
  }
}
