// The vault's key is changed while everything runs: a thousand credentials are wrapped anew, and no delivery notices.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repository } from '@sluice/tools/local/places.ts';
import { nodeOptions } from '@sluice/tools/local/plan.ts';
import { facts, isOver, Sink, Workspace } from './harness.ts';

const credentials = 1_000;

interface KeyFile {
  current: string;
  keys: Record<string, string>;
}

describe('a rotation of the vault key', () => {
  let sink: Sink;
  let workspace: Workspace;
  beforeAll(async () => {
    sink = await Sink.start();
    workspace = await Workspace.create('rotation');
  });
  afterAll(() => sink.stop());

  it('wraps a thousand credentials anew under load, and not one delivery fails', async () => {
    const metadata = { auth_scheme: 'bearer', auth_token: 'canary-rotated' };
    const connections: string[] = [];
    for (let made = 0; made < credentials; made += 20) {
      connections.push(
        ...(await Promise.all(
          Array.from({ length: 20 }, () => workspace.connection(sink.url('/rotated'), { metadata })),
        )),
      );
    }
    for (const connection of connections.slice(0, 5)) await workspace.rule(connection, 'key.rotated');

    const { current, keys } = JSON.parse(readFileSync(facts.vaultKeys, 'utf8')) as KeyFile;
    const next = `rotated-${Date.now()}`;
    const file: KeyFile = { current: next, keys: { ...keys, [next]: randomBytes(32).toString('base64') } };
    writeFileSync(facts.vaultKeys, JSON.stringify(file));
    const rewrapping = rewrap();
    let isRewrapping = true;
    void rewrapping.finally(() => (isRewrapping = false));
    const ids: string[] = [];
    do ids.push(await workspace.emit('key.rotated', { n: ids.length }));
    while (isRewrapping || ids.length < 50);
    await rewrapping;

    const events = await Promise.all(ids.map((id) => workspace.event(id, isOver, { limitMs: 60_000 })));
    expect(events.filter(({ status }) => status !== 'completed')).toEqual([]);
    const attempts = events.flatMap(({ rule_events }) => rule_events.map(({ attempt_count }) => attempt_count));
    expect(attempts.filter((count) => count !== 1)).toEqual([]);
    expect(sink.requests('/rotated').every(({ headers }) => headers.authorization === 'Bearer canary-rotated')).toBe(
      true,
    );
    process.stdout.write(
      `rotation: ${credentials} credentials rewrapped under ${ids.length} events, 0 failed deliveries\n`,
    );

    // The old key is needed no more.
    const { [current]: _old, ...others } = file.keys;
    writeFileSync(facts.vaultKeys, JSON.stringify({ ...file, keys: others }));
    await workspace.event(await workspace.emit('key.rotated', { last: true }), isOver);
    // Other stories share the stack, and what topics still hold from before may want it.
    writeFileSync(facts.vaultKeys, JSON.stringify(file));
  });
});

async function rewrap(): Promise<void> {
  const program = join(repository, 'dist/apps/setup/main.mjs');
  await promisify(execFile)(process.execPath, [...nodeOptions, program, 'rewrap'], {
    env: {
      ...process.env,
      KAFKA_BROKERS: facts.kafka,
      REGISTRY_URL: facts.registry,
      POSTGRES_URL: facts.postgres,
      VAULT_KEY_FILE: facts.vaultKeys,
    },
  });
}
