// What the product tells of its own work: read from its Postgres, past its API, which the stories prove.
import { Pool } from 'pg';
import type { AttemptRow, DeliveryRow, History } from './audit.ts';
import { settled } from './wait.ts';

const quietMs = 30_000;
const restingStates = ['delivered', 'dead', 'parked'];

export class HistoryReader {
  readonly #pool: Pool;

  constructor(url: string) {
    this.#pool = new Pool({ connectionString: url, max: 2 });
    // Postgres is stopped under us in some scenarios; a query then fails by itself.
    this.#pool.on('error', () => undefined);
  }

  /** Waits until all these events are routed and their deliveries at rest, or nothing has moved for half a minute. */
  async settled(workspaces: readonly string[], events: number): Promise<void> {
    await settled(quietMs, async () => {
      const known = await this.#numbers(
        'select count(*) as n from events where workspace = any($1) and routed_at is not null',
        workspaces,
      );
      const resting = await this.#numbers(
        `select count(*) as n from deliveries where workspace = any($1) and state = any($2)`,
        workspaces,
        restingStates,
      );
      const all = await this.#numbers(
        'select count(*) as n, coalesce(sum(attempt_count), 0) as m from deliveries where workspace = any($1)',
        workspaces,
      );
      return { isDone: known.n >= events && resting.n === all.n, seen: `${known.n} ${resting.n} ${all.n} ${all.m}` };
    });
  }

  async read(workspaces: readonly string[]): Promise<History> {
    const routed = await this.#rows<{ id: string }>(
      'select id from events where workspace = any($1) and total_rules is not null',
      workspaces,
    );
    const deliveries = await this.#rows<DeliveryRow>(
      'select event_id as event, rule_id as rule, state from deliveries where workspace = any($1)',
      workspaces,
    );
    const attempts = await this.#rows<AttemptRow>(
      `select a.event_id as event, a.rule_id as rule, a.attempt, (extract(epoch from a.next_at) * 1000)::float8 as "nextAtMs"
       from attempts a join deliveries d on d.event_id = a.event_id and d.rule_id = a.rule_id where d.workspace = any($1)`,
      workspaces,
    );
    return { routed: new Set(routed.map(({ id }) => id)), deliveries, attempts };
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #rows<T extends object>(query: string, ...values: readonly unknown[]): Promise<T[]> {
    return (await this.#pool.query<T>(query, [...values])).rows;
  }

  async #numbers(query: string, ...values: readonly unknown[]): Promise<{ n: number; m: number }> {
    const [row] = await this.#rows<{ n: string; m?: string }>(query, ...values).catch(() => []);
    return { n: Number(row?.n ?? -1), m: Number(row?.m ?? 0) };
  }
}
