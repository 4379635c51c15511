// What a story is told with: calls of the API as some organization, a workspace with its connections and rules, the stack's processes.
import { readFileSync } from 'node:fs';
import type { MachineKeys } from '@sluice/tools/local/api.ts';
import { machineToken } from '@sluice/tools/local/token.mjs';
import { stackFacts } from './facts.ts';
import { until, type UntilOptions } from './until.ts';

export { Sink, type SinkRequest } from './sink.ts';
export { until } from './until.ts';

export const facts = stackFacts();

export type Json = Record<string, unknown>;

export interface Answer<T = Json> {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: T;
}

export interface Call {
  readonly method?: string;
  readonly path: string;
  /** Sent as JSON; a string is sent as it stands. */
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  /** Whose token goes with it; null for none. */
  readonly as?: MachineKeys | null;
}

/** One call of the API, whatever it answers. */
export async function call<T = Json>({ method, path, body, headers, as = facts }: Call): Promise<Answer<T>> {
  const response = await fetch(`${facts.api}/api/v1${path}`, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      ...(as === null ? {} : { authorization: `Bearer ${machineToken(as)}` }),
      'content-type': 'application/json',
      ...headers,
    },
    body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
    signal: AbortSignal.timeout(15_000),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return { status: response.status, headers: response.headers, text, body: (isJson ? JSON.parse(text) : {}) as T };
}

/** A call that must succeed. */
export async function must<T = Json>(request: Call): Promise<T> {
  const answer = await call<T>(request);
  if (answer.status >= 300)
    throw new Error(`${request.method ?? ''} ${request.path} answered ${answer.status}: ${answer.text}`);
  return answer.body;
}

export interface RuleEvent extends Json {
  id: string;
  rule: string;
  connection: string;
  status: string;
  state: string;
  attempt_count: number;
  rule_version: number;
  connection_version: number;
  trace_id: string;
}

export interface EventRecord extends Json {
  id: string;
  status: string;
  total_rules: number;
  trace_id: string;
  rule_events: RuleEvent[];
}

export interface Attempt extends Json {
  attempt: number;
  outcome_code: string;
  http_status: number | null;
  message: string;
  started_at: string;
  total_ms: number;
  trigger: string;
  next: { at: string | null; cause: string };
  error: { layer: string; code: string; message: string } | null;
  request: { url: string; headers: Record<string, string> } | null;
  response: { status: number; body: string } | null;
}

/** A workspace of its own for a story, so that stories do not see one another. */
export class Workspace {
  readonly id: string;
  readonly publishableKey: string;
  readonly #as: MachineKeys;

  private constructor(id: string, publishableKey: string, as: MachineKeys) {
    this.id = id;
    this.publishableKey = publishableKey;
    this.#as = as;
  }

  static async create(name: string, as: MachineKeys = facts): Promise<Workspace> {
    const { workspace } = await must<{ workspace: { id: string; publishable_key: { public_key: string } } }>({
      path: '/workspaces',
      body: { name },
      as,
    });
    return new Workspace(workspace.id, workspace.publishable_key.public_key, as);
  }

  /** The id of a new webhook connection. */
  async connection(url: string, over: { metadata?: Json; policy?: Json; name?: string } = {}): Promise<string> {
    const { name = 'Hook', metadata, policy } = over;
    const body = {
      workspace: this.id,
      type: 'webhook',
      name,
      metadata: { url, ...metadata },
      ...(policy && { policy }),
    };
    const { connection } = await must<{ connection: { id: string } }>({ path: '/connections', body, as: this.#as });
    return connection.id;
  }

  /** The id of a new rule that the router knows. */
  async rule(connection: string, event: string, over: Json = {}): Promise<string> {
    const body = { workspace: this.id, connection, event, metadata: { action: 'send_webhook' }, ...over };
    const { rule } = await must<{ rule: { id: string } }>({ path: '/rules', body, as: this.#as });
    await configured();
    return rule.id;
  }

  /** The id of a new event. */
  async emit(event: string, payload: Json, over: Json = {}): Promise<string> {
    const body = { workspace: this.id, event, payload, ...over };
    const answer = await must<{ event: { id: string } }>({ path: '/events', body, as: this.#as });
    return answer.event.id;
  }

  /**
   * Emits one event after the other until one of them is over as the condition asks: what was configured just now takes up to two
   * seconds to reach every router.
   */
  emitted(event: string, payload: Json, is: (event: EventRecord) => boolean = isRouted): Promise<EventRecord> {
    return until(`a ${event} is taken as configured`, async () => {
      const over = await this.event(await this.emit(event, payload), isOver);
      return is(over) && over;
    });
  }

  /** Waits until history tells what the condition asks for. */
  event(id: string, is: (event: EventRecord) => boolean, options?: UntilOptions): Promise<EventRecord> {
    let last: Answer<EventRecord> | undefined;
    return until(
      `event ${id} is as expected`,
      async () => {
        last = await call<EventRecord>({ path: `/events/${id}`, as: this.#as });
        return last.status === 200 && is(last.body) && last.body;
      },
      options,
    ).catch((error: unknown) => {
      throw new Error(`${String(error)}; it is ${last?.text ?? 'not there'}`);
    });
  }

  async attempts(event: string, rule: string): Promise<Attempt[]> {
    const { records } = await must<{ records: Attempt[] }>({
      path: `/events/${event}/rules/${rule}/attempts`,
      as: this.#as,
    });
    return records;
  }
}

/** Waits until the router knows all that was configured before. */
async function configured(): Promise<void> {
  await until(
    'the router knows its configuration',
    async () => (await fetch(`${facts.router}/health/configuration`)).ok,
  );
}

const isRouted = ({ total_rules }: EventRecord): boolean => total_rules > 0;

export const isOver = ({ status }: EventRecord): boolean => ['completed', 'failed', 'canceled'].includes(status);

/** A policy that does not make a story wait: `attempts` tries, the first wait `backoffMs`. */
export const quickPolicy = (attempts: number, backoffMs = 200): Json => ({
  max_attempts: attempts,
  client_error_max_attempts: attempts,
  backoff_ms: backoffMs,
  backoff_factor: 2,
  backoff_cap_ms: 10_000,
  jitter: 0.1,
});

interface ProcessEntry {
  readonly name: string;
  readonly pid: number;
}

/** The process of a component now, as the stack's supervisor notes it. */
export function pidOf(name: string): number | undefined {
  const entries = JSON.parse(readFileSync(facts.processes, 'utf8')) as ProcessEntry[];
  return entries.findLast((entry) => entry.name === name)?.pid;
}

/** Sends a signal to a component; the supervisor starts again what ends of it. */
export function signal(name: string, which: NodeJS.Signals): number {
  const pid = pidOf(name);
  if (pid === undefined) throw new Error(`no process ${name} is running`);
  process.kill(pid, which);
  return pid;
}

/** Kills a component with -9 and waits until the supervisor has put another process in its place. */
export async function killAndAwaitNext(name: string, options?: UntilOptions): Promise<void> {
  const before = signal(name, 'SIGKILL');
  await until(`another ${name} runs`, () => ![undefined, before].includes(pidOf(name)), options);
}

/** The log lines of a component, parsed; lines that are not JSON are kept as text under `text`. */
export function logLines(name: string): Json[] {
  return readFileSync(`${facts.logs}/${name}.log`, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      try {
        return JSON.parse(line) as Json;
      } catch {
        return { text: line };
      }
    });
}
