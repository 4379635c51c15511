// One supervisor a home: who holds it, and taking it over from one that died.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Failure } from './failure.ts';
import { bornAtOf, judge } from './processes.ts';

function holderOf(file: string): number | undefined {
  try {
    const holder = JSON.parse(readFileSync(file, 'utf8')) as { pid: number; bornAt: string | null };
    return judge({ ...holder, name: 'supervisor', stopSignal: 'SIGTERM' }, bornAtOf(holder.pid)) === 'ours'
      ? holder.pid
      : undefined;
  } catch {
    return undefined;
  }
}

export function requireStopped(file: string): void {
  const pid = holderOf(file);
  if (pid === undefined) return;
  throw new Failure(
    `A stack of this directory is running already (process ${pid}). Stop it with Ctrl-C where it runs, or with: kill ${pid}`,
  );
}

/** Takes the lock or says who has it. Creating the file is one step of the system's, so that of two starts at once only one goes on. */
export function takeLock(file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const mine = JSON.stringify({ pid: process.pid, bornAt: bornAtOf(process.pid) ?? null });
  for (const isLastTry of [false, true]) {
    try {
      writeFileSync(file, mine, { flag: 'wx' });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || isLastTry) throw error;
      requireStopped(file);
      rmSync(file, { force: true });
    }
  }
}

export function releaseLock(file: string): void {
  rmSync(file, { force: true });
}
