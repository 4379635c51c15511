// The router's memory: what the compacted topics said last, and one look at the log before a workspace is called unknown.
import { describe, expect, it } from '@jest/globals';
import { topics, type Connection, type Event, type Rule, type Topic } from '@sluice/contracts';
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
  policy: {
    max_attempts: 1,
    client_error_max_attempts: 1,
    backoff_ms: 100,
    backoff_factor: 1,
    backoff_cap_ms: 100,
    jitter: 0,
    timeout_ms: 100,
  },
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
  it('is fed by rules, connections and workspaces', () => {
    expect(
      new Set(
        fed()
          .cache.feeds()
          .map(({ topic }) => topic),
      ),
    ).toEqual(new Set([topics.rules, topics.connections, topics.workspaces]));
  });

  it('matches by the newest state of each rule: changed, switched off, deleted', () => {
    const { cache, put } = fed();
    const matching = () => cache.matching(event).map(({ version }) => version);
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
    expect(cache.matching(event)).toEqual([]);
  });

  it('knows the version of a connection until it is deleted', () => {
    const { cache, put } = fed();
    put(topics.connections, 'c1', connection);
    expect(cache.connection('c1')?.version).toBe(4);
    put(topics.connections, 'c1', null);
    expect(cache.connection('c1')).toBeUndefined();
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
