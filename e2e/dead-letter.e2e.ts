// A delivery given up is kept whole, and arrives once somebody mends the destination and asks again: one by the API, a topic by a command.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { deadLettersTopic, type DeadLetter } from '@sluice/contracts';
import { repository } from '@sluice/tools/local/places.ts';
import { nodeOptions } from '@sluice/tools/local/plan.ts';
import { call, facts, isOver, must, quickPolicy, Sink, Workspace, type Json } from './harness.ts';
import { recordsOf } from './kafka.ts';

describe('a delivery that always fails', () => {
  let sink: Sink;
  let workspace: Workspace;
  beforeAll(async () => {
    sink = await Sink.start();
    workspace = await Workspace.create('dead letter');
  });
  afterAll(() => sink.stop());

  async function failing(path: string, type: string): Promise<{ id: string; rule: string }> {
    sink.answers(path, 500);
    const connection = await workspace.connection(sink.url(path), { policy: quickPolicy(2, 100) });
    const rule = await workspace.rule(connection, type);
    return { id: await workspace.emit(type, { email: 'ada@example.com' }), rule };
  }

  it('is failed, on the dead-letter topic with its whole history, and in the API; a replay delivers it under the same id', async () => {
    const { id, rule } = await failing('/mended', 'lead.created');
    const event = await workspace.event(id, isOver);
    const delivery = event.rule_events[0];
    expect(event.status).toBe('failed');
    expect(delivery).toMatchObject({
      state: 'dead',
      state_reason: 'attempts_exhausted',
      attempt_count: 2,
      dead_letter: delivery?.id,
    });

    const letters = await recordsOf<DeadLetter>(deadLettersTopic('webhook').name);
    const letter = letters.find(({ value }) => value.delivery.id === delivery?.id)?.value;
    expect(letter).toMatchObject({ reason: 'attempts_exhausted', http_status: 500 });
    expect(letter?.delivery.attempts.map(({ attempt, http_status }) => [attempt, http_status])).toEqual([
      [1, 500],
      [2, 500],
    ]);
    expect(JSON.parse(letter?.delivery.payload ?? '')).toEqual({ email: 'ada@example.com' });

    const list = await must<{ records: Json[] }>({
      path: `/dead-letters?workspace=${workspace.id}&reason=attempts_exhausted`,
    });
    expect(list.records.map((record) => record['id'])).toEqual([delivery?.id]);
    expect(await must({ path: `/dead-letters/${delivery?.id}` })).toMatchObject({
      payload: { email: 'ada@example.com' },
      attempt_count: 2,
    });

    sink.answers('/mended', 200);
    const asked = await call({ method: 'POST', path: `/dead-letters/${delivery?.id}/replay` });
    expect(asked.status).toBe(201);
    const delivered = await workspace.event(id, ({ status }) => status === 'completed');
    expect(delivered.rule_events[0]).toMatchObject({
      id: delivery?.id,
      state: 'delivered',
      attempt_count: 3,
      dead_letter: null,
    });
    const last = sink.requests('/mended').at(-1);
    expect(last?.headers).toMatchObject({ 'webhook-id': delivery?.id, 'x-sluice-attempt': '3' });
    expect(last?.headers['x-sluice-replay']).toBe(delivered.rule_events[0]?.['replay']);
    expect((await workspace.attempts(id, rule)).map(({ trigger }) => trigger)).toEqual(['initial', 'retry', 'replay']);
    expect((await must<{ count: number }>({ path: `/dead-letters?workspace=${workspace.id}` })).count).toBe(0);
  });

  it('can be retried from the event, once at a time', async () => {
    const { id, rule } = await failing('/retried', 'lead.retried');
    const retry = { method: 'POST', path: `/events/${id}/rules/${rule}/retry` };
    await workspace.event(id, isOver);
    sink.answers('/retried', { status: 200, afterMs: 500 });
    const answers = await Promise.all([call(retry), call(retry), call(retry)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 425, 425]);
    await workspace.event(id, ({ status }) => status === 'completed');
    expect(sink.requests('/retried')).toHaveLength(3);
    expect((await call(retry)).status).toBe(409);
  });

  it('is found by the command that replays a whole topic, which asks for each only once', async () => {
    const letters = await Promise.all([1, 2, 3].map((n) => failing(`/topic/${n}`, `lead.topic.${n}`)));
    for (const { id } of letters) await workspace.event(id, isOver);
    for (const n of [1, 2, 3]) sink.answers(`/topic/${n}`, 200);
    const only = ['--workspace', workspace.id];
    expect(replay('webhook', ...only, '--dry-run').replayed).toBe(3);
    expect(replay('webhook', ...only).replayed).toBe(3);
    for (const { id } of letters) await workspace.event(id, ({ status }) => status === 'completed');
    expect(replay('webhook', ...only).replayed).toBe(0);
    for (const n of [1, 2, 3]) expect(sink.requests(`/topic/${n}`)).toHaveLength(3);
  });
});

function replay(...args: string[]): { found: number; replayed: number } {
  const program = join(repository, 'dist/apps/setup/main.mjs');
  const { stdout, stderr, status } = spawnSync(process.execPath, [...nodeOptions, program, 'replay', ...args], {
    encoding: 'utf8',
    env: {
      ...process.env,
      KAFKA_BROKERS: facts.kafka,
      REGISTRY_URL: facts.registry,
      POSTGRES_URL: facts.postgres,
      VAULT_KEY_FILE: facts.vaultKeys,
    },
  });
  if (status !== 0) throw new Error(`replay failed: ${stderr}`);
  return JSON.parse(stdout) as { found: number; replayed: number };
}
