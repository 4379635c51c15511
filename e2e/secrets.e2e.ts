// Secrets never leave in clear: not in answers, logs, topics, Postgres or dead letters. Canaries are sent in and everything is searched.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { everythingKept, type Kept } from './everything.ts';
import { call, facts, isOver, must, quickPolicy, Sink, Workspace } from './harness.ts';

const canary = (name: string) => `CANARY${name}${crypto.randomUUID().replaceAll('-', '')}`;

describe('a secret', () => {
  let sink: Sink;
  let workspace: Workspace;
  const secrets = {
    auth_token: canary('token'),
    header: canary('header'),
    signing_secret: `whsec_${Buffer.from(canary('signing')).toString('base64')}`,
  };
  beforeAll(async () => {
    sink = await Sink.start();
    workspace = await Workspace.create('secrets');
  });
  afterAll(() => sink.stop());

  it('of a connection reaches the destination and nobody else', async () => {
    // The destination echoes what it was sent, and fails: the worst case for what is kept of an answer.
    sink.answers('/canary', ({ headers }) => ({ status: 500, body: JSON.stringify(headers) }));
    const metadata = {
      auth_scheme: 'bearer',
      auth_token: secrets.auth_token,
      headers: { 'X-Canary': secrets.header },
      signing_secret: secrets.signing_secret,
    };
    const connection = await workspace.connection(sink.url('/canary'), { metadata, policy: quickPolicy(2, 100) });
    const rule = await workspace.rule(connection, 'lead.created');
    const id = await workspace.emit('lead.created', { a: 1 });
    const event = await workspace.event(id, isOver);
    expect(sink.requests('/canary')[0]?.headers).toMatchObject({
      authorization: `Bearer ${secrets.auth_token}`,
      'x-canary': secrets.header,
    });

    const delivery = event.rule_events[0]?.id ?? '';
    const paths = [
      `/connections/${connection}`,
      '/connections',
      `/events/${id}`,
      `/events/${id}/rules/${rule}/attempts`,
      `/dead-letters/${delivery}`,
    ];
    const answers = await Promise.all(paths.map(async (path) => (await call({ path })).text));
    const changed = await call({ method: 'PUT', path: `/connections/${connection}`, body: { name: 'Renamed' } });
    await must({ path: '/integrations' });

    const searched: Kept[] = [
      ...answers.map((text, index): Kept => [paths[index] ?? '', text]),
      ['PUT answer', changed.text],
      ...(await everythingKept()),
    ];
    // What is searched holds what it should: the event itself is found in logs, tables and topics.
    expect(searched.filter(([, text]) => text.includes(id)).length).toBeGreaterThan(6);
    const found = searched.flatMap(([what, text]) =>
      Object.entries({ ...secrets, machine_secret: facts.machine_secret })
        .filter(([, value]) => text.includes(value))
        .map(([name]) => `${name} in ${what}`),
    );
    expect(found).toEqual([]);
  });
});
