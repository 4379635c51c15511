// The router's memory: what the compacted topics said last, and one look at the log before a workspace is called unknown.
import { describe, expect, it } from '@jest/globals';
import { defaultPolicy, topics, type Connection, type Event, type Rule, type Topic } from '@sluice/contracts';
import { UnavailableError } from '@sluice/kafka';
import { RuleCache } from './rule-cache.ts';

const workspace = '11111111-1111-4111-8111-111111111111';

const rule = (over: Partial<Rule> = {}): Rule => ({
  id: 'r1',
  workspace_id: workspace,
  connection_id: 'c1',
  connector: 'webhook',
  version: 1,
  event: 'lead.created',
  resource: null,
  resource_id: null,
  action: 'send_webhook',
  action_settings: '{}',
  mapping_version: null,
  active: true,
  conditions: null,
  mapping: null,
  ...over,
});

const connection: Connection = {
  id: 'c1',
  workspace_id: workspace,
  connector: 'webhook',
  version: 4,
  name: 'c',
  settings: '{}',
  sealed_credentials: null,
  active: true,
  inactive_reason: null,
  policy: defaultPolicy,
  default_mapping: null,
  mapping_version: null,
};

const event: Event = {
  id: 'e1',
  workspace,
  event: 'lead.created',
  payload: '{}',
  resource: null,
  resource_id: null,
  created_at: 0,
  created_by: null,
  schema_problem: null,
};

function fed() {
  const cache = new RuleCache();
  const put = (topic: Topic, id: string, value: unknown) =>
    cache
      .feeds()
      .find((feed) => feed.topic === topic)
      ?.apply(id, value);
  return { cache, put };
}

describe('the rule cache', () => {
  it('is fed by rules, connections, event types and workspaces', () => {
    expect(
      new Set(
        fed()
          .cache.feeds()
          .map(({ topic }) => topic),
      ),
    ).toEqual(new Set([topics.rules, topics.connections, topics.eventTypes, topics.workspaces]));
  });

  it('matches by the newest state of each rule: changed, switched off, deleted', () => {
    const { cache, put } = fed();
    const matching = () => cache.matching(event, {}).rules.map(({ version }) => version);
    put(topics.rules, 'r1', rule());
    expect(matching()).toEqual([1]);
    put(topics.rules, 'r1', rule({ version: 2 }));
    expect(matching()).toEqual([2]);
    put(topics.rules, 'r1', rule({ version: 3, active: false }));
    expect(matching()).toEqual([]);
    put(topics.rules, 'r1', rule({ version: 4 }));
    put(topics.rules, 'r1', null);
    expect(matching()).toEqual([]);
    put(topics.rules, 'never-seen', null);
  });

  it("never matches another workspace's rules", () => {
    const { cache, put } = fed();
    put(topics.rules, 'r1', rule({ workspace_id: '22222222-2222-4222-8222-222222222222' }));
    expect(cache.matching(event, {}).rules).toEqual([]);
  });

  it('knows the version of a connection until it is deleted', () => {
    const { cache, put } = fed();
    put(topics.connections, 'c1', connection);
    expect(cache.connection('c1')?.version).toBe(4);
    put(topics.connections, 'c1', null);
    expect(cache.connection('c1')).toBeUndefined();
  });
});

describe('the mapping of a rule', () => {
  const schema = JSON.stringify({ schema_version: 2, map: { mail: { '@path': 'email' } } });
  const run = (cache: RuleCache, of: Rule) => {
    const applied = cache.mapping(of);
    if (applied?.mapping.kind !== 'directives') return applied;
    const input = {
      payload: { email: 'a@b.co' },
      event: { id: '', type: '', workspace, resource: null, resource_id: null, created_at: 0 },
    };
    return { version: applied.version, result: applied.mapping.run(input) };
  };

  it("is its own, else its connection's default, else none", () => {
    const { cache, put } = fed();
    expect(cache.mapping(rule())).toBeUndefined();
    put(topics.connections, 'c1', { ...connection, default_mapping: schema, mapping_version: 7 });
    expect(run(cache, rule())).toMatchObject({ version: 7, result: { ok: true, value: { mail: 'a@b.co' } } });
    const own = JSON.stringify({ schema_version: 2, map: { own: true } });
    expect(run(cache, rule({ mapping: own }))).toMatchObject({
      version: null,
      result: { ok: true, value: { own: true } },
    });
  });

  it('is compiled anew for each version', () => {
    const { cache, put } = fed();
    put(topics.connections, 'c1', { ...connection, default_mapping: schema, mapping_version: 1 });
    expect(cache.mapping(rule())?.mapping).toBe(cache.mapping(rule())?.mapping);
    put(topics.connections, 'c1', {
      ...connection,
      default_mapping: '{"schema_version":2,"map":2}',
      mapping_version: 2,
    });
    expect(run(cache, rule())).toMatchObject({ version: 2, result: { value: 2 } });
  });

  it('that does not compile fails its deliveries and nothing else', () => {
    const { cache } = fed();
    expect(run(cache, rule({ mapping: '{"schema_version":9}' }))).toMatchObject({ result: { ok: false } });
    expect(run(cache, rule({ id: 'r2', mapping: 'not json' }))).toMatchObject({ result: { ok: false } });
  });
});

describe('a workspace', () => {
  it('that is known is not asked for', async () => {
    const { cache, put } = fed();
    cache.follow({ catchUp: () => Promise.reject(new Error('asked')) });
    put(topics.workspaces, workspace, { id: workspace, organization_id: 'o' });
    expect(cache.knowsWorkspace(workspace)).toBe(true);
    await expect(cache.hasWorkspace(workspace)).resolves.toBe(true);
  });

  it('that was made a moment ago is found by one look at the log', async () => {
    const { cache, put } = fed();
    cache.follow({
      catchUp: () => {
        put(topics.workspaces, workspace, { id: workspace, organization_id: 'o' });
        return Promise.resolve();
      },
    });
    expect(cache.knowsWorkspace(workspace)).toBe(false);
    await expect(cache.hasWorkspace(workspace)).resolves.toBe(true);
  });

  it('is unknown when the log says nothing of it, or that it was deleted', async () => {
    const { cache, put } = fed();
    cache.follow({ catchUp: () => Promise.resolve() });
    await expect(cache.hasWorkspace(workspace)).resolves.toBe(false);
    put(topics.workspaces, workspace, { id: workspace, organization_id: 'o' });
    put(topics.workspaces, workspace, null);
    await expect(cache.hasWorkspace(workspace)).resolves.toBe(false);
  });

  it('is not called unknown while the log cannot be asked', async () => {
    const { cache } = fed();
    cache.follow({ catchUp: () => Promise.reject(new UnavailableError('not within 5000 ms')) });
    await expect(cache.hasWorkspace(workspace)).rejects.toBeInstanceOf(UnavailableError);
  });
});
