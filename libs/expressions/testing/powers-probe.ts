// A program that tries what an evaluating process must not be able to do, and tells its parent what came of it.
import { dropPowers } from '../src/powers.ts';

dropPowers();
const fs = await import('node:fs');
const attempts: Record<string, () => unknown> = {
  'read its own program': () => fs.readFileSync(import.meta.filename),
  'read a file': () => fs.readFileSync('/etc/hostname'),
  'write a file': () => fs.writeFileSync('/dev/null', ''),
  'start a process': async () => (await import('node:child_process')).execFileSync('true'),
  'start a worker': async () => new (await import('node:worker_threads')).Worker('1', { eval: true }),
  'make code from text': () => void globalThis.eval('1'),
  'see the environment of its parent': () => {
    if (Object.keys(process.env).some((name) => name !== 'NODE_CHANNEL_FD' && !name.startsWith('NODE_CHANNEL'))) return;
    throw new Error('there is none');
  },
  'reach a module from the globals': () => process.getBuiltinModule('node:net'),
  'reach the network from the globals': () => fetch('http://127.0.0.1:1'),
};
const possible: string[] = [];
for (const [what, attempt] of Object.entries(attempts)) {
  try {
    await attempt();
    possible.push(what);
  } catch {
    // As it should be.
  }
}
process.send?.({ tried: Object.keys(attempts).length, possible });
