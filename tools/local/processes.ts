// What this stack has running, on disk: so that a start after a `kill -9` ends what was left, and never a stranger's process.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ProcessEntry {
  readonly name: string;
  readonly pid: number;
  /** When the process began, as the system tells it; with the pid it names one process for good. Null where it cannot be told. */
  readonly bornAt: string | null;
  readonly stopSignal: NodeJS.Signals;
}

export type Verdict = 'gone' | 'ours' | 'recycled';

/** A pid alone proves nothing: it may have been given to another program since. What cannot be proved ours is left alone. */
export function judge(entry: ProcessEntry, bornAtNow: string | null | undefined): Verdict {
  if (bornAtNow === undefined) return 'gone';
  return bornAtNow !== null && bornAtNow === entry.bornAt ? 'ours' : 'recycled';
}

/** Undefined: no such process (a zombie counts as none). Null: there is one, but the system does not tell when it began. */
export function bornAtOf(pid: number): string | null | undefined {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
      // The program's name, in brackets, may hold spaces and brackets itself: fields are counted after its end.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
      const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
      return fields[19] === undefined ? null : `${boot}/${fields[19]}`;
    }
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

export class ProcessRecord {
  readonly #file: string;
  #entries: ProcessEntry[] = [];

  constructor(file: string) {
    this.#file = file;
  }

  add(name: string, pid: number, stopSignal: NodeJS.Signals): void {
    this.#entries.push({ name, pid, bornAt: bornAtOf(pid) ?? null, stopSignal });
    this.#write();
  }

  remove(pid: number): void {
    this.#entries = this.#entries.filter((entry) => entry.pid !== pid);
    this.#write();
  }

  #write(): void {
    writeAtomically(this.#file, this.#entries);
  }
}

function writeAtomically(file: string, value: unknown): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify(value));
  renameSync(`${file}.new`, file);
}

function readEntries(file: string): ProcessEntry[] {
  if (!existsSync(file)) return [];
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessEntry[];
  } catch {
    return [];
  }
}

function isOurs(entry: ProcessEntry): boolean {
  return judge(entry, bornAtOf(entry.pid)) === 'ours';
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended in between, which is what was wanted.
  }
}

/** Ends what a killed supervisor left running, politely first; answers with the names of what it ended. */
export async function endLeftovers(file: string, graceMs = 10_000): Promise<string[]> {
  const left = readEntries(file).filter(isOurs);
  for (const entry of left) signal(entry.pid, entry.stopSignal);
  const deadline = Date.now() + graceMs;
  while (Date.now() < deadline && left.some(isOurs)) await sleep(50);
  // Each was made the leader of a process group of its own, which may hold more than itself.
  for (const entry of left.filter(isOurs)) signal(-entry.pid, 'SIGKILL');
  while (left.some(isOurs)) await sleep(20);
  rmSync(file, { force: true });
  return left.map((entry) => entry.name);
}
