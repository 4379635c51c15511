// A connection that a person authorizes: its tokens are got once for everybody, replaced in time, and sealed under keys that can be changed.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { repository } from '@sluice/tools/local/places.ts';
import { nodeOptions } from '@sluice/tools/local/plan.ts';
import { call, facts, isOver, must, Sink, until, Workspace, type Json } from './harness.ts';

const tokenPath = '/oauth/2026-03/token';
const upsertPath = '/crm/objects/2026-09/contacts/batch/upsert';
const canary = `canary${randomBytes(12).toString('hex')}`;

/** A HubSpot that takes one access token at a time, and gives another for the refresh token it gave last. */
class HubSpot {
  readonly sink: Sink;
  given = 0;
  isRevoked = false;

  constructor(sink: Sink) {
    this.sink = sink;
    sink.answers(tokenPath, ({ body }) => this.token(new URLSearchParams(body)));
    sink.answers(upsertPath, ({ headers, body }) => {
      if (headers.authorization !== `Bearer ${this.current}`) return { status: 401, body: '{"category":"EXPIRED"}' };
      const { inputs } = JSON.parse(body) as { inputs: { id: string; objectWriteTraceId: string }[] };
      const results = inputs.map(({ id, objectWriteTraceId }) => ({
        id: '1',
        new: true,
        objectWriteTraceId,
        properties: { email: id },
      }));
      return { status: 200, body: JSON.stringify({ status: 'COMPLETE', results }) };
    });
  }

  get current(): string {
    return `${canary}-access-${this.given}`;
  }

  private token(form: URLSearchParams) {
    const known = form.get('code') === 'the-code' || form.get('refresh_token') === `${canary}-refresh-${this.given}`;
    if (this.isRevoked || !known) return { status: 400, body: '{"status":"BAD_REFRESH_TOKEN"}' };
    this.given++;
    const answer = { access_token: this.current, refresh_token: `${canary}-refresh-${this.given}`, expires_in: 1_800 };
    // Time enough for others to come and ask for the same.
    return { status: 200, body: JSON.stringify(answer), afterMs: 200 };
  }
}

describe('a connection by OAuth', () => {
  let hubspot: HubSpot;
  let workspace: Workspace;
  let id = '';
  const connection = () => must<Json>({ path: `/connections/${id}` });
  const requests = (path: string) => hubspot.sink.requests(path).length;

  const authorize = async (code: string) => {
    const { state } = await must<{ state: string }>({ method: 'POST', path: `/connections/${id}/oauth/authorize` });
    return call({ path: `/oauth/callback?${new URLSearchParams({ state, code }).toString()}`, as: null });
  };
  const deliver = async (email: string) =>
    workspace.event(await workspace.emit('lead.created', { email }), isOver, { limitMs: 60_000 });

  beforeAll(async () => {
    hubspot = new HubSpot(await Sink.start());
    workspace = await Workspace.create('oauth');
    const metadata = {
      auth_scheme: 'oauth',
      base_url: hubspot.sink.url(''),
      client_id: 'client',
      client_secret: `${canary}-secret`,
    };
    const body = { workspace: workspace.id, type: 'hubspot', name: 'CRM', metadata };
    const made = await must<{ connection: { id: string } }>({ path: '/connections', body });
    id = made.connection.id;
    await workspace.rule(id, 'lead.created', { metadata: { action: 'upsert_contact' } });
  });
  afterAll(() => hubspot.sink.stop());

  it('is inactive until a person has agreed, and the state of that serves once', async () => {
    expect(await connection()).toMatchObject({ active: false, inactive_reason: 'oauth_reauthorization_required' });
    const tooSoon = await call({ method: 'PUT', path: `/connections/${id}`, body: { active: true } });
    expect([tooSoon.status, tooSoon.body]).toMatchObject([409, { error: { code: 'authorization_required' } }]);
    const { state } = await must<{ state: string }>({ method: 'POST', path: `/connections/${id}/oauth/authorize` });
    const path = `/oauth/callback?${new URLSearchParams({ state, code: 'the-code' }).toString()}`;
    const answers = await Promise.all([1, 2, 3].map(() => call({ path, as: null })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400]);
    expect(answers[0]?.headers.get('content-type')).toContain('text/html');
    expect(await connection()).toMatchObject({ active: true, version: 2 });
    expect(requests(tokenPath)).toBe(1);
  });

  it('delivers with its token, and with another one when the vendor refuses that, asked for once', async () => {
    await workspace.emitted('lead.created', { email: 'first@example.com' }, ({ status }) => status === 'completed');
    const before = requests(tokenPath);
    // What the vendor gave is not taken any more: all that are under way find out at the same time.
    hubspot.given++;
    hubspot.sink.answers(tokenPath, ({ body }) => {
      expect(new URLSearchParams(body).get('refresh_token')).toBe(`${canary}-refresh-${hubspot.given - 1}`);
      const answer = { access_token: hubspot.current, refresh_token: `${canary}-refresh-${hubspot.given}` };
      return { status: 200, body: JSON.stringify({ ...answer, expires_in: 1_800 }), afterMs: 200 };
    });
    const events = await Promise.all(Array.from({ length: 20 }, (_each, n) => deliver(`lead-${n}@example.com`)));
    expect(new Set(events.map(({ status }) => status))).toEqual(new Set(['completed']));
    expect(requests(tokenPath) - before).toBe(1);
  });

  it('goes on while its secrets are wrapped anew, and needs the old key no more', async () => {
    const file = JSON.parse(readFileSync(facts.vaultKeys, 'utf8')) as { current: string; keys: Record<string, string> };
    const { [file.current]: old, ...others } = file.keys;
    const added = { current: 'story', keys: { ...file.keys, story: randomBytes(32).toString('base64') } };
    writeFileSync(facts.vaultKeys, JSON.stringify(added));
    await until('nothing is left under the old key', () => {
      const { stdout, status, stderr } = setup('rewrap');
      if (status !== 0) throw new Error(stderr);
      const { current, ...counts } = JSON.parse(stdout) as Record<string, unknown>;
      expect(current).toBe('story');
      return Object.values(counts).every((count) => count === 0);
    });
    writeFileSync(facts.vaultKeys, JSON.stringify({ ...added, keys: { ...others, story: added.keys.story } }));
    await must({ method: 'PUT', path: `/connections/${id}`, body: { name: 'Under the new key' } });
    expect(await deliver('after@example.com')).toMatchObject({ status: 'completed' });
    // Other stories share the stack; what topics still hold from before may want the old key.
    writeFileSync(facts.vaultKeys, JSON.stringify({ ...added, keys: { ...added.keys, [file.current]: old } }));
  });

  it('is switched off when the vendor gives no more tokens, until somebody agrees again', async () => {
    hubspot.sink.answers(tokenPath, { status: 400, body: '{"status":"BAD_REFRESH_TOKEN"}' });
    hubspot.given++;
    await workspace.emit('lead.created', { email: 'revoked@example.com' });
    await until('the connection is inactive', async () => (await connection()).active === false);
    expect((await connection()).inactive_reason).toBe('oauth_authorization_revoked');
    const answer = { access_token: hubspot.current, refresh_token: `${canary}-refresh-9`, expires_in: 1_800 };
    hubspot.sink.answers(tokenPath, { status: 200, body: JSON.stringify(answer) });
    expect((await authorize('the-code')).status).toBe(200);
    expect((await connection()).active).toBe(true);
    await workspace.emitted('lead.created', { email: 'again@example.com' }, ({ status }) => status === 'completed');
  });

  it('is asked for its tokens by nobody outside', async () => {
    for (const path of ['/internal/access-tokens', '/api/v1/%2e%2e/%2e%2e/internal/access-tokens']) {
      const response = await fetch(`${facts.api}${path}`, { method: 'POST', body: '{}' });
      expect([400, 404]).toContain(response.status);
    }
  });

  it('shows none of its secrets, in Postgres neither', async () => {
    const client = new pg.Client({ connectionString: facts.postgres });
    await client.connect();
    for (const table of ['connections', 'connection_versions', 'access_tokens', 'oauth_states', 'attempts']) {
      const { rows } = await client.query(`select * from ${table}`);
      expect(JSON.stringify(rows)).not.toContain(canary);
    }
    await client.end();
    for (const log of ['control', 'connector-hubspot', 'router'])
      expect(readFileSync(join(facts.logs, `${log}.log`), 'utf8')).not.toContain(canary);
    expect((await call({ path: `/connections/${id}` })).text).not.toContain(canary);
  });
});

function setup(...args: string[]) {
  const env = {
    ...process.env,
    KAFKA_BROKERS: facts.kafka,
    REGISTRY_URL: facts.registry,
    POSTGRES_URL: facts.postgres,
    VAULT_KEY_FILE: facts.vaultKeys,
  };
  const program = join(repository, 'dist/apps/setup/main.mjs');
  return spawnSync(process.execPath, [...nodeOptions, program, ...args], { encoding: 'utf8', env });
}
