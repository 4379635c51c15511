// The program of the processes: it also runs from a bundle, beside the service's, and it does not outlive its parent.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive, until } from '../testing/runners.ts';

const library = join(import.meta.dirname, 'index.ts');
const build = join(import.meta.dirname, '../../../tools/build.mjs');

/** A service that evaluates once, tells what came of it, and stays. */
const service = `
import { ExpressionRunner } from '${library}';
const runner = new ExpressionRunner({ processes: 1, warn: () => undefined });
const input = { payload: { a: [1, 2] }, event: {} };
const result = await runner.run({ key: 'k', workspace: 'w', expression: '{% $sum(a) %}', input });
console.log(JSON.stringify({ result, pids: runner.stats.processes }));
setInterval(() => undefined, 1_000);
`;

let folder: string;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-bundle-')));
  mkdirSync(join(folder, 'app'));
  writeFileSync(join(folder, 'app/main.ts'), service);
  writeFileSync(
    join(folder, 'app/package.json'),
    '{"type": "module", "dependencies": {"@sluice/expressions": "workspace:*"}}',
  );
  execFileSync(process.execPath, [build, 'app'], { cwd: folder });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the program of an evaluating process', () => {
  it.each([
    ['source', 'app/main.ts'],
    ['a bundle', 'dist/app/main.mjs'],
  ])('runs from %s, and ends with its parent however that ends', async (_from, file) => {
    const parent = spawn(process.execPath, [join(folder, file)], { cwd: '/', stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    parent.stdout.on('data', (text) => (said += String(text)));
    await until(() => said.includes('\n'));
    const { result, pids } = JSON.parse(said) as { result: unknown; pids: number[] };
    expect(result).toEqual({ ok: true, value: 3 });
    expect(pids.map(isAlive)).toEqual([true]);
    parent.kill('SIGKILL');
    await until(() => !pids.some(isAlive));
  });
});
