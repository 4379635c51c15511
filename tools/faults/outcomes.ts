// What history tells of each attempt of a customer's deliveries: how it ended and how long it took. Read from Postgres, past the API.
import { Client } from 'pg';
import type { Customer } from './customer.ts';
import type { Plant } from './plant.ts';

export interface AttemptEnd {
  readonly rule: string;
  readonly status: number | null;
  /** Of the error; null where there was an answer. */
  readonly code: string | null;
  /** Null where there was no connection. */
  readonly connectMs: number | null;
  readonly totalMs: number | null;
}

export async function attemptsOf({ postgres }: Plant, { workspace }: Customer): Promise<AttemptEnd[]> {
  const client = new Client({ connectionString: postgres });
  await client.connect();
  try {
    const { rows } = await client.query<AttemptEnd>(
      `select a.rule_id as rule, a.http_status as status, a.error->>'code' as code, a.connect_ms as "connectMs",
         a.total_ms as "totalMs"
       from attempts a join deliveries d on d.event_id = a.event_id and d.rule_id = a.rule_id where d.workspace = $1`,
      [workspace],
    );
    return rows;
  } finally {
    await client.end();
  }
}

/** How many ended in each way, for the reader. */
export function waysOf(attempts: readonly AttemptEnd[]): string {
  const ways = Map.groupBy(attempts, ({ status, code }) => code ?? String(status));
  return [...ways].map(([way, all]) => `${all.length} ${way}`).join(', ') || 'none';
}
