// The few calls of Sluice's HTTP API that the demo seed makes, with the machine token that each needs.
import { Failure } from './failure.ts';
import { machineToken } from './token.mjs';

export interface MachineKeys {
  readonly org: string;
  readonly machine_key: string;
  readonly machine_secret: string;
}

export type Json = Readonly<Record<string, unknown>>;

interface Page {
  readonly next_cursor: string | null;
  readonly records: readonly Json[];
}

export interface Request {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly body?: Json;
}

export class Api {
  readonly #base: string;
  readonly #keys: MachineKeys;

  constructor(base: string, keys: MachineKeys) {
    this.#base = base;
    this.#keys = keys;
  }

  async #send({ method, path, body }: Request): Promise<Response> {
    return fetch(`${this.#base}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${machineToken(this.#keys)}`, 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
  }

  async call(request: Request): Promise<Json> {
    const response = await this.#send(request);
    const text = await response.text();
    if (response.ok) return JSON.parse(text) as Json;
    throw new Failure(`${request.method} ${request.path} answered ${response.status}: ${text.slice(0, 500)}`);
  }

  /** Whether the keys are known there; the database may be newer than they are. */
  async knowsUs(): Promise<boolean> {
    const response = await this.#send({ method: 'GET', path: '/workspaces?limit=1' });
    await response.arrayBuffer();
    return response.status !== 401;
  }

  /** Looks through every page of a list for a record. */
  async find(path: string, matches: (record: Json) => boolean): Promise<Json | undefined> {
    for (let cursor: string | null = ''; cursor !== null;) {
      const query: string = new URLSearchParams({ limit: '200', ...(cursor === '' ? {} : { cursor }) }).toString();
      const page = (await this.call({ method: 'GET', path: `${path}?${query}` })) as unknown as Page;
      const found = page.records.find(matches);
      if (found !== undefined) return found;
      cursor = page.next_cursor;
    }
    return undefined;
  }
}
