// Prints the closing line of .ci/run from what `npm test` and `npm run check` counted. Argument: whether one of them failed (0: none).
// Plain JavaScript, so that it also runs where the install itself has failed.
import { existsSync, readFileSync } from 'node:fs';

const file = new URL('../.sluice/results/counts.jsonl', import.meta.url);
const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
const runs = lines.filter(Boolean).map((line) => JSON.parse(line));
const sum = (member) => runs.reduce((total, run) => total + run[member], 0);
const broke = process.argv[2] !== '0';
const passed = sum('passed');
// A command that failed before it could count anything is a failure too.
const failed = Math.max(sum('failed'), broke ? 1 : 0) + (passed === 0 ? 1 : 0);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
