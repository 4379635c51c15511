// Asks once whether a component serves; whoever waits asks again.
import { kafkaAnswers } from './kafka.ts';
import type { Readiness } from './plan.ts';
import { postgresIsReady } from './postgres.ts';

async function answers200(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000), headers: { connection: 'close' } });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
}

export async function isReady(readiness: Readiness, pid: number): Promise<boolean> {
  switch (readiness.kind) {
    case 'http':
      return answers200(readiness.url);
    case 'kafka':
      return kafkaAnswers(readiness.port);
    case 'postgres':
      return postgresIsReady(readiness.data, pid);
  }
}
