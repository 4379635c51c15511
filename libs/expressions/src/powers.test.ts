// An evaluating process can do nothing but compute: each attempt is really made, in a process started the same way.
import { describe, expect, it } from '@jest/globals';
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { powerlessFlags } from './powers.ts';

const program = join(import.meta.dirname, '../testing/powers-probe.ts');
const readable = join(import.meta.dirname, '../../../*');

function attempts(execArgv: string[], env: NodeJS.ProcessEnv): Promise<{ tried: number; possible: string[] }> {
  return new Promise((resolve, reject) => {
    const child = fork(program, { execArgv, env, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    child.on('message', (message) => {
      resolve(message as { tried: number; possible: string[] });
      child.kill('SIGKILL');
    });
    child.on('exit', () => reject(new Error('the probe ended without a word')));
  });
}

describe('a process without powers', () => {
  it('cannot do anything but compute', async () => {
    const { tried, possible } = await attempts(powerlessFlags(readable), {});
    expect(tried).toBeGreaterThan(5);
    expect(possible).toEqual([]);
  });

  it('could without the flags, so the attempts are real ones', async () => {
    const { possible } = await attempts([], { SECRET: '1' });
    expect(possible).toEqual(
      expect.arrayContaining([
        'read a file',
        'start a process',
        'make code from text',
        'see the environment of its parent',
      ]),
    );
  });
});
