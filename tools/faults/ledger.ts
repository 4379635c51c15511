// Every event that was answered 201, noted before the next call is made: what the product has promised.
import { createHash } from 'node:crypto';
import { mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

export interface Accepted {
  readonly event: string;
  readonly workspace: string;
  readonly type: string;
  /** The event's number in its run, by which rules of a scenario are told apart. */
  readonly n: number;
  readonly payloadHash: string;
  /** Events of one resource id are accepted one after the other, in this order. */
  readonly resourceId: string | null;
  /** When the call that was answered 201 was made, and when the answer came. */
  readonly sentAtMs: number;
  readonly acceptedAtMs: number;
}

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22);

export class Ledger {
  readonly entries: Accepted[] = [];
  /** Payloads, by hash, of calls that were not answered 201 nor made again: their events may be there or not. */
  readonly unconfirmed = new Set<string>();
  readonly #file: number;

  /** Begins a new file; a run that died leaves its ledger for whoever looks into it. */
  constructor(file: string) {
    mkdirSync(dirname(file), { recursive: true });
    this.#file = openSync(file, 'w');
  }

  add(accepted: Accepted): void {
    writeSync(this.#file, `${JSON.stringify(accepted)}\n`);
    this.entries.push(accepted);
  }
}
