// What the system says a process has used. Only Linux says it in files; elsewhere there is no answer, and the clock has to do.
import { readFileSync, writeFileSync } from 'node:fs';

/** Linux counts CPU time for processes in hundredths of a second, whatever the kernel's own tick. */
const tickMicros = 10_000;

export interface Usage {
  cpuMicros: number;
  residentMb: number;
}

export function usageOf(pid: number): Usage | undefined {
  try {
    // The name of the program stands in brackets and may hold anything; behind it the fields are numbers.
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ');
    const resident = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
    return {
      cpuMicros: (Number(fields[11]) + Number(fields[12])) * tickMicros,
      residentMb: Number(resident ?? 0) / 1024,
    };
  } catch {
    return undefined;
  }
}

/** Asks the system, should memory run out, to take it from this process before any other. */
export function sacrificeFirst(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, '1000');
  } catch {
    // A system without that file decides for itself.
  }
}
