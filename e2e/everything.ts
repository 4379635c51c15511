// All that a stack has kept of a story: tables, topics and logs, as text to be searched.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { facts } from './harness.ts';
import { bytesOfAllTopics } from './kafka.ts';

export type Kept = [what: string, text: string];

export async function everythingKept(): Promise<Kept[]> {
  const logs = filesBelow(facts.logs).map((file): Kept => [file, readFileSync(file, 'latin1')]);
  return [...(await tables()), ...logs, ...(await bytesOfAllTopics())];
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

async function tables(): Promise<Kept[]> {
  const client = new pg.Client({ connectionString: facts.postgres });
  await client.connect();
  const { rows } = await client.query<{ table_name: string }>(
    "select table_name from information_schema.tables where table_schema = 'public'",
  );
  const kept: Kept[] = [];
  for (const { table_name } of rows) {
    const { rows: records } = await client.query(`select * from "${table_name}"`);
    kept.push([`table ${table_name}`, JSON.stringify(records)]);
  }
  await client.end();
  return kept;
}
