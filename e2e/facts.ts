// What stories know of the running stack: addresses, keys, places. Handed from the set-up to the stories as an environment variable.
import type { Addresses } from '@sluice/tools/local/stack.ts';
import type { Seed } from '@sluice/tools/local/seed.ts';
import type { MachineKeys } from '@sluice/tools/local/api.ts';

export interface StackFacts extends Addresses, Seed {
  readonly other: MachineKeys;
  readonly home: string;
  readonly logs: string;
  readonly processes: string;
  readonly vaultKeys: string;
  /** Base URL of the collector of spans. */
  readonly spans: string;
}

export function stackFacts(): StackFacts {
  const text = process.env['SLUICE_E2E'];
  if (text === undefined) throw new Error('there is no stack: run the stories by `npm test`');
  return JSON.parse(text) as StackFacts;
}
