// One event reaches every vendor at once, each in its own shape; and each vendor may be slow, tired of us or gone without the others noticing.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isOver, must, quickPolicy, Sink, Workspace, type EventRecord, type Json } from './harness.ts';
import { anotherProcess } from './another-process.ts';
import { everythingKept } from './everything.ts';
import { until } from './until.ts';
import { VendorStand } from './vendor-stand.ts';
import { vendors, type VendorSetting } from './vendors.ts';

const lead = {
  email: 'ada@example.com',
  first_name: 'Ada',
  last_name: 'Lovelace',
  company: 'Engines',
  phone: '+44 20 7946 0000',
};

const token = {
  status: 200,
  body: { access_token: 'canary-token', instance_url: 'https://x.my.salesforce.com', token_type: 'Bearer' },
};

/** `<connector> <state>` of each delivery. */
const statesOf = ({ rule_events }: EventRecord): string[] =>
  rule_events.map(({ integration_type, state }) => `${String(integration_type)} ${state}`).sort();

describe('connectors', () => {
  const stands = new Map<string, VendorStand>();
  let sink: Sink;
  let workspace: Workspace;
  const standOf = (connector: string): VendorStand => stands.get(connector) as VendorStand;
  const settingOf = (connector: string): VendorSetting => vendors[connector] as VendorSetting;

  beforeAll(async () => {
    sink = await Sink.start();
    workspace = await Workspace.create('connectors');
    for (const connector of Object.keys(vendors)) stands.set(connector, await VendorStand.start(connector));
    standOf('salesforce').always(/oauth2\/token/, token);
  });
  afterAll(async () => {
    await Promise.all([sink.stop(), ...[...stands.values()].map((stand) => stand.stop())]);
  });

  const connection = async (connector: string, in_: Workspace, policy?: Json): Promise<string> => {
    const metadata = settingOf(connector).metadata(standOf(connector).url);
    const body = { workspace: in_.id, type: connector, name: connector, metadata, ...(policy && { policy }) };
    return (await must<{ connection: { id: string } }>({ path: '/connections', body })).connection.id;
  };
  const rule = async (
    connector: string,
    event: string,
    policy?: Json,
  ): Promise<{ connection: string; rule: string }> => {
    const id = await connection(connector, workspace, policy);
    return { connection: id, rule: await workspace.rule(id, event, { metadata: settingOf(connector).rule }) };
  };

  it('all hear of one event at once, each request as its vendor documents it', async () => {
    for (const connector of Object.keys(vendors)) await rule(connector, 'lead.created');
    await workspace.rule(await workspace.connection(sink.url('/hook')), 'lead.created');
    const event = await workspace.event(await workspace.emit('lead.created', lead), isOver);
    expect(statesOf(event)).toEqual(
      ['webhook', ...Object.keys(vendors)].sort().map((connector) => `${connector} delivered`),
    );
    for (const [connector, { path }] of Object.entries(vendors)) {
      expect({ connector, problems: standOf(connector).problems }).toEqual({ connector, problems: [] });
      expect(standOf(connector).requests(path).length).toBeGreaterThan(0);
    }
    expect(await sink.received('/hook', 1)).toHaveLength(1);
  });

  it.each(Object.keys(vendors))('%s that asks for a pause gets one, and then the delivery', async (connector) => {
    const { rule: id } = await rule(connector, `throttled.${connector}`, quickPolicy(3));
    standOf(connector).next(settingOf(connector).path, {
      status: 429,
      headers: { 'retry-after': '1' },
      body: {},
    });
    const event = await workspace.event(await workspace.emit(`throttled.${connector}`, lead), isOver);
    expect(event.status).toBe('completed');
    const [first, second] = await workspace.attempts(event.id, id);
    expect([first?.outcome_code, second?.outcome_code]).toEqual(['rate_limited', 'delivered']);
  });

  it('one whose token has expired gets another, once, and no attempt is lost', async () => {
    const { rule: id } = await rule('salesforce', 'expired.token');
    const stand = standOf('salesforce');
    await workspace.emitted('expired.token', lead);
    const before = stand.requests(/oauth2\/token/).length;
    const expired = { status: 401, body: [{ errorCode: 'INVALID_SESSION_ID', message: 'Session expired or invalid' }] };
    stand.next(/sobjects\/Lead/, expired);
    stand.next(/oauth2\/token/, { ...token, body: { ...token.body, access_token: 'canary-token-2' } });
    const event = await workspace.event(await workspace.emit('expired.token', lead), isOver);
    expect(event).toMatchObject({ status: 'completed', rule_events: [{ attempt_count: 1 }] });
    expect(stand.requests(/oauth2\/token/).length - before).toBe(1);
    expect(stand.requests(/sobjects\/Lead/).at(-1)?.headers.authorization).toBe('Bearer canary-token-2');
    expect(await workspace.attempts(event.id, id)).toHaveLength(1);
  });

  // Salesforce's are renewed, which is the story before this one.
  const withoutRenewal = Object.keys(vendors).filter((connector) => connector !== 'salesforce');
  it.each(withoutRenewal)(
    '%s that takes the credentials no more is switched off, says why, and loses nothing',
    async (connector) => {
      const { connection: id } = await rule(connector, `expired.${connector}`, quickPolicy(2));
      const { path, expired } = settingOf(connector);
      standOf(connector).next(path, expired);
      const event = await workspace.emit(`expired.${connector}`, lead);
      const stopped = await until('the connection is switched off', async () => {
        const seen = await must<Json>({ path: `/connections/${id}` });
        return seen['active'] === false && seen;
      });
      expect(stopped['inactive_reason']).toBe('authentication_invalid');
      await must({ method: 'PUT', path: `/connections/${id}`, body: { active: true } });
      expect(statesOf(await workspace.event(event, isOver))).toEqual([`${connector} delivered`]);
    },
  );

  it.each(Object.keys(vendors))('%s that refuses one makes it a dead letter with what it said', async (connector) => {
    const { rule: id } = await rule(connector, `refused.${connector}`, quickPolicy(3));
    const { path, refused } = settingOf(connector);
    standOf(connector).next(path, refused);
    const ids = [
      await workspace.emit(`refused.${connector}`, lead),
      await workspace.emit(`refused.${connector}`, lead),
    ];
    const events = await Promise.all(ids.map((event) => workspace.event(event, isOver)));
    expect(events.flatMap(statesOf).sort()).toEqual([`${connector} dead`, `${connector} delivered`]);
    const dead = events.find(({ rule_events: [delivery] }) => delivery?.state === 'dead');
    const [attempt, ...more] = await workspace.attempts(String(dead?.id), id);
    expect(attempt?.message).toContain(refused.says);
    expect(more).toEqual([]);
  });

  it('a request that breaks off is repeated where that is harmless, and only there', async () => {
    await rule('hubspot', 'broken.off', quickPolicy(3));
    const { rule: message } = await rule('slack', 'broken.off', quickPolicy(3));
    standOf('hubspot').next(/batch\/upsert/, 'reset');
    standOf('slack').next(/chat\.postMessage/, 'reset');
    const event = await workspace.event(await workspace.emit('broken.off', lead), isOver);
    expect(statesOf(event)).toEqual(['hubspot delivered', 'slack dead']);
    const [attempt] = await workspace.attempts(event.id, message);
    expect(attempt?.error?.code).toBe('maybe_delivered');
  });

  it('can be tested before they are used, and say what the vendor said', async () => {
    const id = await connection('slack', workspace);
    const good = await must<Json>({ path: `/connections/${id}/test`, body: {} });
    expect(good['ok']).toBe(true);
    expect(good['message']).toContain('workspace T');
    standOf('slack').next(/auth\.test/, { status: 200, body: { ok: false, error: 'invalid_auth' } });
    const bad = await must<Json>({ path: `/connections/${id}/test`, body: {} });
    expect(bad).toMatchObject({ ok: false });
    expect(String(bad['message'])).toContain('invalid_auth');
  });

  it('one with two processes asks for one token, though two hundred deliveries find the old one expired', async () => {
    await rule('salesforce', 'two.processes', { ...quickPolicy(3), rate: null });
    const stand = standOf('salesforce');
    const second = await anotherProcess('salesforce');
    try {
      await workspace.emitted('two.processes', lead);
      const expired = {
        status: 401,
        body: [{ errorCode: 'INVALID_SESSION_ID', message: 'Session expired or invalid' }],
      };
      const before = stand.requests(/oauth2\/token/).length;
      stand.refuses(/sobjects\/Lead|composite/, 'Bearer canary-token', expired);
      stand.next(/oauth2\/token/, { ...token, body: { ...token.body, access_token: 'canary-token-3' } });
      const ids = await Promise.all(Array.from({ length: 200 }, () => workspace.emit('two.processes', lead)));
      const events = await Promise.all(ids.map((id) => workspace.event(id, isOver, { limitMs: 60_000 })));
      expect(events.filter(({ status }) => status !== 'completed')).toEqual([]);
      expect(stand.requests(/oauth2\/token/).length - before).toBe(1);
    } finally {
      await second.stop();
    }
  });

  it('keep no secret of their vendors anywhere', async () => {
    const kept = await everythingKept();
    const secrets = Object.keys(vendors).map((connector) => `canary-${connector}`);
    const found = kept.flatMap(([what, text]) =>
      [...secrets, 'canary-token', 'canary-us21']
        .filter((secret) => text.includes(secret))
        .map((secret) => `${secret} in ${what}`),
    );
    expect(kept.filter(([, text]) => text.includes(workspace.id)).length).toBeGreaterThan(6);
    expect(found).toEqual([]);
  });
});
