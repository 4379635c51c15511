// Gives memory back when a service has nothing to do: V8 keeps what starting, or a burst, made it take, until it is asked.
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What the decision is made of, so that it can be tested without a heap. */
export interface MemoryParts {
  /** Processor time of this process so far. Milliseconds. */
  cpuMs: () => number;
  /** What V8 holds for young objects. Bytes. */
  youngBytes: () => number;
  /** Collects all garbage, and gives back what then is free. */
  collect: () => void;
}

/** How long a service must have been idle, and how much of that time it may have worked. Milliseconds. */
const idle = { everyMs: 10_000, workedMs: 500 };
/** The space of young objects is 1 MB after a collection and up to 16 MB after work. */
const worthBytes = 4 * 1024 * 1024;

/** Looks from now on, without keeping the process alive. A collection stops an idle service for some 30 ms. */
export function giveBackWhenIdle(parts: MemoryParts = memoryOfProcess()): void {
  let beforeMs = parts.cpuMs();
  const look = () => {
    const nowMs = parts.cpuMs();
    const isIdle = nowMs - beforeMs <= idle.workedMs;
    if (isIdle && parts.youngBytes() >= worthBytes) parts.collect();
    beforeMs = parts.cpuMs();
  };
  setInterval(look, idle.everyMs).unref();
}

function memoryOfProcess(): MemoryParts {
  // The function exists only in contexts made while the flag is on.
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (options: object) => void;
  setFlagsFromString('--no-expose-gc');
  return {
    cpuMs: () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1_000;
    },
    youngBytes: () => getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? 0,
    // What is collected as usual is mostly kept for what may come next.
    collect: () => collect({ type: 'major', execution: 'sync', flavor: 'last-resort' }),
  };
}
