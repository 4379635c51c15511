// One more process of a connector beside the stack's own, as somebody scales it.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { repository } from '@sluice/tools/local/places.ts';
import { nodeOptions } from '@sluice/tools/local/plan.ts';
import { freePort } from '@sluice/tools/local/ports.ts';
import { facts } from './harness.ts';
import { until } from './until.ts';

export interface AnotherProcess {
  stop: () => Promise<void>;
}

/** Resolves when it has joined its group. */
export async function anotherProcess(connector: string): Promise<AnotherProcess> {
  const port = await freePort();
  const program = join(repository, 'dist/apps/connectors', connector, 'main.mjs');
  const child = spawn(process.execPath, [...nodeOptions, program], {
    stdio: 'ignore',
    env: {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: String(port),
      KAFKA_BROKERS: facts.kafka,
      REGISTRY_URL: facts.registry,
      CONTROL_URL: facts.control,
      VAULT_KEY_FILE: facts.vaultKeys,
      OUTBOUND_ALLOW: '127.0.0.1/32',
    },
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await until(`another process of ${connector} is ready`, async () => {
    return (await fetch(`http://127.0.0.1:${port}/health/ready`)).ok;
  });
  return {
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
