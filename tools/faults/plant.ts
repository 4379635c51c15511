// The running system as a scenario sees it: addresses, keys, processes. Both a stack of its own and the one of the stories are one.
import { readFileSync } from 'node:fs';
import type { MachineKeys } from '../local/api.ts';
import type { ProcessEntry } from '../local/processes.ts';
import type { Stack } from '../local/stack.ts';
import type { TcpProxy } from './proxy.ts';

export interface Plant {
  readonly api: string;
  readonly router: string;
  readonly kafka: string;
  readonly registry: string;
  readonly postgres: string;
  readonly keys: MachineKeys;
  /** Where the run's own files go. */
  readonly folder: string;
  /** The file in which the supervisor notes which processes run. */
  readonly processes: string;
  /** What can be halted and resumed; a story cannot do that to the stack of all. */
  readonly stack?: Stack;
  /** What stands between the services and Kafka, Postgres and the registry, by their names. */
  readonly proxies?: Readonly<Record<string, TcpProxy>>;
}

/** The process of a component now. */
export function pidOf(plant: Plant, name: string): number | undefined {
  const entries = JSON.parse(readFileSync(plant.processes, 'utf8')) as ProcessEntry[];
  return entries.findLast((entry) => entry.name === name)?.pid;
}

export function stackOf({ stack }: Plant): Stack {
  if (stack === undefined) throw new Error('this scenario needs a stack of its own: npm run faults');
  return stack;
}
