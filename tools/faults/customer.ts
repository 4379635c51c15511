// A customer of the product: a workspace with connections and rules, made through the API, and calls that append events.
import { Api, type Json } from '../local/api.ts';
import { machineToken } from '../local/token.mjs';
import type { ExpectedRule } from './audit.ts';
import { hashOf, type Accepted } from './ledger.ts';
import type { Plant } from './plant.ts';
import { holdsWithin } from './wait.ts';

export interface Answer {
  /** 0 where there was none. */
  readonly status: number;
  readonly tookMs: number;
  readonly body: Json;
}

export interface Draft {
  readonly type: string;
  /** JSON text of an object, sent as it stands. */
  readonly payload: string;
  readonly resourceId?: string;
}

export interface RuleWish {
  readonly type: string;
  readonly url: string;
  readonly policy?: Json;
  readonly conditions?: Json;
  readonly takes?: (event: Accepted) => boolean;
}

const tokenLifetimeMs = 30_000;
const callLimitMs = 15_000;

export class Customer {
  readonly workspace: string;
  readonly rules: ExpectedRule[] = [];
  readonly #plant: Plant;
  readonly #api: Api;
  #token = { text: '', madeAtMs: 0 };

  private constructor(plant: Plant, api: Api, workspace: string) {
    this.#plant = plant;
    this.#api = api;
    this.workspace = workspace;
  }

  static async create(plant: Plant, name: string): Promise<Customer> {
    const api = new Api(plant.api, plant.keys);
    const { workspace } = await api.call({ method: 'POST', path: '/workspaces', body: { name } });
    return new Customer(plant, api, (workspace as { id: string }).id);
  }

  /** A connection and a rule that sends it events of a type, the payload's bytes as the body. */
  async rule({ type, url, policy, conditions, takes = () => true }: RuleWish): Promise<ExpectedRule> {
    const { workspace } = this;
    const path = new URL(url).pathname;
    const metadata = { url, payload_mode: 'raw' };
    const wanted = { workspace, type: 'webhook', name: path, metadata, ...(policy && { policy }) };
    const made = await this.#api.call({ method: 'POST', path: '/connections', body: wanted });
    const connection = (made['connection'] as { id: string }).id;
    const action = { action: 'send_webhook' };
    const body = { workspace, connection, event: type, metadata: action, ...(conditions && { conditions }) };
    const { rule } = await this.#api.call({ method: 'POST', path: '/rules', body });
    const isTaken = (event: Accepted): boolean => event.workspace === workspace && event.type === type && takes(event);
    const expected = { rule: (rule as { id: string }).id, connection, path, takes: isTaken };
    this.rules.push(expected);
    return expected;
  }

  /** How many deliveries of a rule's connection are parked, as the product tells it. */
  async parked({ connection }: ExpectedRule): Promise<number> {
    const { health } = await this.#api.call({ method: 'GET', path: `/connections/${connection}` });
    return (health as { parked: number }).parked;
  }

  /** Waits until the router knows all that was configured before. */
  async configured(): Promise<void> {
    const knows = async (): Promise<boolean> => (await fetch(`${this.#plant.router}/health/configuration`)).ok;
    if (!(await holdsWithin(15_000, knows))) throw new Error('the router does not learn its configuration');
  }

  /** One call that appends one event, or several at once; the same again is the same call, by its Idempotency-Key. */
  append(drafts: readonly Draft[]): Promise<Answer> {
    const texts = drafts.map((draft) => this.#textOf(draft));
    const [only = '', ...more] = texts;
    const [path, body] = more.length === 0 ? ['/events', only] : ['/events/bulk', `[${texts.join(',')}]`];
    return this.post(path, body, { 'idempotency-key': hashOf(body) });
  }

  /** One call, whatever comes of it. */
  async post(path: string, body: string, headers: Record<string, string> = {}): Promise<Answer> {
    const startedAtMs = performance.now();
    const answer = (status: number, read: Json): Answer => ({
      status,
      tookMs: performance.now() - startedAtMs,
      body: read,
    });
    try {
      const response = await fetch(`${this.#plant.api}/api/v1${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${this.#currentToken()}`, 'content-type': 'application/json', ...headers },
        body,
        signal: AbortSignal.timeout(callLimitMs),
      });
      return answer(response.status, (await response.json()) as Json);
    } catch {
      return answer(0, {});
    }
  }

  #textOf({ type, payload, resourceId }: Draft): string {
    const resource = resourceId === undefined ? '' : `,"resource":"line","resource_id":${JSON.stringify(resourceId)}`;
    return `{"workspace":"${this.workspace}","event":"${type}"${resource},"payload":${payload}}`;
  }

  #currentToken(): string {
    if (Date.now() - this.#token.madeAtMs > tokenLifetimeMs) {
      this.#token = { text: machineToken(this.#plant.keys), madeAtMs: Date.now() };
    }
    return this.#token.text;
  }
}

/** The ids that an answer 201 promises, in the order of the drafts. */
export function promisedIds({ status, body }: Answer): string[] {
  if (status !== 201) return [];
  const { event, records } = body as { event?: { id: string }; records?: readonly { id: string }[] };
  return (records ?? [event ?? { id: '' }]).map(({ id }) => id);
}
