// `npm test`: unit tests in seconds without a broker, then whole stories on the real stack. `npm test -- unit|e2e [jest arguments]` runs one kind.
import { runJest, tally, type TestKind } from './jest.ts';

const [kind, ...rest] = process.argv.slice(2);
const kinds: TestKind[] = kind === 'unit' || kind === 'e2e' ? [kind] : ['unit', 'e2e'];
const args = kinds.length === 1 ? rest : process.argv.slice(2);

let failed = false;
for (const project of kinds) {
  process.stdout.write(`\n${project === 'unit' ? 'Unit tests' : 'Stories on the real stack'}\n`);
  if (!(await runJest(project, args))) failed = true;
  // A story about code whose own tests fail says nothing new.
  if (failed) break;
}
tally();
process.exitCode = failed ? 1 : 0;
