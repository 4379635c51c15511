// One event reaches every vendor at once, each in its own shape; and each vendor may be slow, tired of us or gone without the others noticing.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isOver, must, quickPolicy, Sink, Workspace, type EventRecord, type Json } from './harness.ts';
import { anotherProcess } from './another-process.ts';
import { everythingKept } from './everything.ts';
import { until } from './until.ts';
import { VendorStand } from './vendor-stand.ts';

const lead = {
  email: 'ada@example.com',
  first_name: 'Ada',
  last_name: 'Lovelace',
  company: 'Engines',
  phone: '+44 20 7946 0000',
};

interface Setting {
  metadata: (url: string) => Json;
  rule: Json;
  /** Where its deliveries go. */
  path: RegExp;
}

const settings: Record<string, Setting> = {
  hubspot: {
    metadata: (base_url) => ({ access_token: 'canary-hubspot', base_url }),
    rule: { action: 'upsert_contact' },
    path: /contacts\/batch\/upsert/,
  },
  salesforce: {
    metadata: (url) => ({
      auth_scheme: 'client_credentials',
      login_url: url,
      base_url: url,
      client_id: 'sluice',
      client_secret: 'canary-salesforce',
      external_id_field: 'Sluice_Id__c',
    }),
    rule: { action: 'upsert_lead' },
    path: /sobjects\/Lead/,
  },
  mailchimp: {
    metadata: (url) => ({ api_key: 'canary-us21', base_url: `${url}/3.0` }),
    rule: { action: 'upsert_member', id: 'a36b032126' },
    path: /members/,
  },
  intercom: {
    metadata: (base_url) => ({ access_token: 'canary-intercom', base_url }),
    rule: { action: 'upsert_contact' },
    path: /contacts/,
  },
  slack: {
    metadata: (base_url) => ({ auth_scheme: 'token', bot_token: 'canary-slack', base_url }),
    rule: { action: 'send_message', id: 'C024BE91L', template: 'New lead: {{first_name}} <{{email}}>' },
    path: /chat\.postMessage/,
  },
  segment: {
    metadata: (base_url) => ({ write_key: 'canary-segment', base_url }),
    rule: { action: 'identify' },
    path: /v1/,
  },
  posthog: {
    metadata: (base_url) => ({ api_key: 'canary-posthog', base_url }),
    rule: { action: 'capture' },
    path: /./,
  },
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

  beforeAll(async () => {
    sink = await Sink.start();
    workspace = await Workspace.create('connectors');
    for (const connector of Object.keys(settings)) stands.set(connector, await VendorStand.start(connector));
    standOf('salesforce').always(/oauth2\/token/, token);
  });
  afterAll(async () => {
    await Promise.all([sink.stop(), ...[...stands.values()].map((stand) => stand.stop())]);
  });

  const connection = async (connector: string, in_: Workspace, policy?: Json): Promise<string> => {
    const metadata = settings[connector]?.metadata(standOf(connector).url);
    const body = { workspace: in_.id, type: connector, name: connector, metadata, ...(policy && { policy }) };
    return (await must<{ connection: { id: string } }>({ path: '/connections', body })).connection.id;
  };
  const rule = async (
    connector: string,
    event: string,
    policy?: Json,
  ): Promise<{ connection: string; rule: string }> => {
    const id = await connection(connector, workspace, policy);
    return { connection: id, rule: await workspace.rule(id, event, { metadata: settings[connector]?.rule }) };
  };

  it('all hear of one event at once, each request as its vendor documents it', async () => {
    for (const connector of Object.keys(settings)) await rule(connector, 'lead.created');
    await workspace.rule(await workspace.connection(sink.url('/hook')), 'lead.created');
    const event = await workspace.event(await workspace.emit('lead.created', lead), isOver);
    expect(statesOf(event)).toEqual(
      ['webhook', ...Object.keys(settings)].sort().map((connector) => `${connector} delivered`),
    );
    for (const [connector, { path }] of Object.entries(settings)) {
      expect({ connector, problems: standOf(connector).problems }).toEqual({ connector, problems: [] });
      expect(standOf(connector).requests(path).length).toBeGreaterThan(0);
    }
    expect(await sink.received('/hook', 1)).toHaveLength(1);
  });

  it.each(Object.keys(settings))('%s that asks for a pause gets one, and then the delivery', async (connector) => {
    const { rule: id } = await rule(connector, `throttled.${connector}`, quickPolicy(3));
    standOf(connector).next(settings[connector]?.path ?? /./, {
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

  it('one whose credentials the vendor takes no more is switched off, and says why', async () => {
    const { connection: id } = await rule('slack', 'revoked.token', quickPolicy(2));
    standOf('slack').next(/chat\.postMessage/, { status: 200, body: { ok: false, error: 'token_revoked' } });
    await workspace.emit('revoked.token', lead);
    const stopped = await until('the connection is switched off', async () => {
      const seen = await must<Json>({ path: `/connections/${id}` });
      return seen['active'] === false && seen;
    });
    expect(stopped['inactive_reason']).toBe('authentication_invalid');
  });

  it('a refusal is a dead letter with what the vendor said', async () => {
    const { rule: id } = await rule('hubspot', 'refused.lead');
    const body = { status: 'error', category: 'VALIDATION_ERROR', message: 'Property "score" does not exist' };
    standOf('hubspot').next(/batch\/upsert/, { status: 400, body });
    const event = await workspace.event(await workspace.emit('refused.lead', lead), isOver);
    expect(event.rule_events[0]).toMatchObject({ state: 'dead' });
    const [attempt] = await workspace.attempts(event.id, id);
    expect(attempt?.message).toContain('score');
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
    const secrets = Object.keys(settings).map((connector) => `canary-${connector}`);
    const found = kept.flatMap(([what, text]) =>
      [...secrets, 'canary-token', 'canary-us21']
        .filter((secret) => text.includes(secret))
        .map((secret) => `${secret} in ${what}`),
    );
    expect(kept.filter(([, text]) => text.includes(workspace.id)).length).toBeGreaterThan(6);
    expect(found).toEqual([]);
  });
});
