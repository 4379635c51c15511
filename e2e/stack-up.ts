// Before all stories: the whole stack on free ports with a fresh home, a second organization, and a collector of spans.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { placesOf, repository } from '@sluice/tools/local/places.ts';
import { nodeOptions } from '@sluice/tools/local/plan.ts';
import { endLeftovers } from '@sluice/tools/local/processes.ts';
import { painter, progressLine } from '@sluice/tools/local/progress.ts';
import { Stack } from '@sluice/tools/local/stack.ts';
import { SpanCollector } from './span-collector.ts';
import type { StackFacts } from './facts.ts';

const home = join(repository, '.sluice', 'e2e');
const paint = painter(process.stderr, process.env);

interface Organization {
  readonly organization: string;
  readonly machine_key: string;
  readonly machine_secret: string;
}

export default async function stackUp(): Promise<void> {
  const places = placesOf(repository, home);
  // Of a run that was killed; once their home is gone nobody knows of them.
  await endLeftovers(places.processes);
  for (const path of [places.home, places.postgresElsewhere]) rmSync(path, { recursive: true, force: true });
  const collector = new SpanCollector();
  const OTEL_EXPORTER_OTLP_ENDPOINT = await collector.start();
  const stack = new Stack({
    home,
    ports: 'free',
    env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT },
    onProgress: (progress) => {
      const line = progressLine(progress, paint);
      if (line !== undefined) process.stderr.write(`${line}\n`);
    },
  });
  Object.assign(globalThis, { sluiceStack: stack, sluiceCollector: collector });
  await stack.start();
  const { seed, addresses } = stack;
  if (seed === undefined) throw new Error('the stack has no demo seed');
  const other = secondOrganization(addresses, places.vaultKeys);
  const facts: StackFacts = {
    ...addresses,
    ...seed,
    other: { org: other.organization, machine_key: other.machine_key, machine_secret: other.machine_secret },
    home: places.home,
    logs: places.logs,
    processes: places.processes,
    vaultKeys: places.vaultKeys,
    spans: OTEL_EXPORTER_OTLP_ENDPOINT,
  };
  process.env['SLUICE_E2E'] = JSON.stringify(facts);
}

function secondOrganization(addresses: Stack['addresses'], vaultKeys: string): Organization {
  const program = join(repository, 'dist/apps/setup/main.mjs');
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [...nodeOptions, program, 'organization', '--name', 'Other'],
    {
      encoding: 'utf8',
      env: {
        ...process.env,
        KAFKA_BROKERS: addresses.kafka,
        REGISTRY_URL: addresses.registry,
        POSTGRES_URL: addresses.postgres,
        VAULT_KEY_FILE: vaultKeys,
      },
    },
  );
  if (status !== 0) throw new Error(`making a second organization: ${stderr}`);
  return JSON.parse(stdout) as Organization;
}
