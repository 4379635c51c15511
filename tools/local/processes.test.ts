// Proves that only a process that is surely ours is ever ended.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { bornAtOf, endLeftovers, judge, ProcessRecord, type ProcessEntry } from './processes.ts';

const entry: ProcessEntry = { name: 'router', pid: 4711, bornAt: 'boot/100', stopSignal: 'SIGTERM' };

describe('a recorded process', () => {
  it.each([
    ['gone', 'there is none of its number', undefined],
    ['ours', 'it began at the same moment', 'boot/100'],
    ['recycled', 'its number went to another one', 'boot/200'],
    ['recycled', 'the system does not tell', null],
  ])('is %s where %s', (verdict, _when, bornAt) => {
    expect(judge(entry, bornAt)).toBe(verdict);
  });

  it('is not taken for ours where neither moment is known', () => {
    expect(judge({ ...entry, bornAt: null }, null)).toBe('recycled');
  });
});

describe('the system', () => {
  it('tells one moment for a process as long as it lives, and none afterwards', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    await once(child, 'spawn');
    const pid = child.pid ?? 0;
    expect(bornAtOf(pid)).toEqual(expect.any(String));
    expect(bornAtOf(pid)).toBe(bornAtOf(pid));
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(bornAtOf(pid)).toBeUndefined();
  });
});

describe('leftovers', () => {
  it('are ended, by force where they do not listen', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-'));
    const file = join(folder, 'processes.json');
    const deaf = "process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000)";
    const child = spawn(process.execPath, ['-e', deaf], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
    await once(child.stdout, 'data');
    new ProcessRecord(file).add('router', child.pid ?? 0, 'SIGTERM');
    const exited = once(child, 'exit');
    expect(await endLeftovers(file, 200)).toEqual(['router']);
    expect(await exited).toEqual([null, 'SIGKILL']);
    rmSync(folder, { recursive: true });
  });
});
