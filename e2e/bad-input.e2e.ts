// Bad input gets the right answer, naming the field; nothing is written, and the process lives.
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { call, facts, isOver, pidOf, Workspace, type Answer, type Json } from './harness.ts';

interface ErrorBody {
  message: string;
  error: { name: string; code: string; message: string; data: { param: string; msg: string }[] };
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

function token(over: { header?: Json; claims?: Json; secret?: string } = {}): string {
  const iat = Math.floor(Date.now() / 1000);
  const header = encode({ alg: 'HS256', typ: 'JWT', kid: facts.machine_key, ...over.header });
  const claims = encode({
    iss: `urn:meshes:m2m:${facts.machine_key}`,
    aud: 'meshes-api',
    org: facts.org,
    iat,
    exp: iat + 60,
    ...over.claims,
  });
  const signature = createHmac('sha256', over.secret ?? facts.machine_secret)
    .update(`${header}.${claims}`)
    .digest('base64url');
  return `${header}.${claims}.${over.header?.['alg'] === 'none' ? '' : signature}`;
}

describe('bad input', () => {
  let workspace: Workspace;
  let pids: (number | undefined)[];
  const services = ['ingest', 'control', 'router', 'retry', 'tracker', 'connector-webhook'];
  beforeAll(async () => {
    workspace = await Workspace.create('bad input');
    pids = services.map(pidOf);
  });

  function refused(answer: Answer, status: number, code: string, param?: string): void {
    const body = answer.body as unknown as ErrorBody;
    expect([answer.status, body.error?.code, body.error?.data.map((each) => each.param)]).toEqual([
      status,
      code,
      param === undefined ? expect.anything() : expect.arrayContaining([param]),
    ]);
    expect(body.error.name).toBe(body.message.replaceAll(' ', ''));
    expect(answer.headers.get('x-request-id')).toBeTruthy();
  }

  const event = (over: Json = {}) => ({ workspace: workspace.id, event: 'lead.created', payload: { a: 1 }, ...over });
  const post = (body: unknown, headers: Record<string, string> = {}) => call({ path: '/events', body, headers });

  it.each<[what: string, authorization: () => string | undefined, code: string]>([
    ['no token', () => undefined, 'token_missing'],
    ['an expired token', () => token({ claims: { iat: 1_700_000_000, exp: 1_700_000_060 } }), 'token_expired'],
    [
      'a token that lives too long',
      () => token({ claims: { exp: Math.floor(Date.now() / 1000) + 3600 } }),
      'token_too_long',
    ],
    ['a wrong audience', () => token({ claims: { aud: 'somebody-else' } }), 'token_invalid'],
    ['alg none', () => token({ header: { alg: 'none' } }), 'token_invalid'],
    ['another secret', () => token({ secret: 'x'.repeat(43) }), 'token_invalid'],
    ["another organization's id", () => token({ claims: { org: facts.other.org } }), 'token_invalid'],
    ['an unknown key', () => token({ header: { kid: 'mk_nobody' } }), 'key_unknown'],
  ])('%s is refused with 401 at both doors', async (_what, authorization, code) => {
    const value = authorization();
    const headers: Record<string, string> = value === undefined ? {} : { authorization: `Bearer ${value}` };
    refused(await call({ path: '/events', body: event(), headers, as: null }), 401, code, 'authorization');
    refused(await call({ path: '/workspaces', headers, as: null }), 401, code, 'authorization');
  });

  it.each<[what: string, body: () => unknown, status: number, code: string, param: string]>([
    ['a body that is not JSON', () => '{"a":', 400, 'body_not_json', 'body'],
    ['an empty body', () => '', 400, 'field_invalid', 'body'],
    ['300 kB', () => event({ payload: { a: 'x'.repeat(300_000) } }), 413, 'body_too_large', ''],
    [
      '10,000-deep nesting',
      () => `{"payload":${'['.repeat(10_000)}${']'.repeat(10_000)}}`,
      400,
      'json_too_deep',
      'body',
    ],
    [
      'a __proto__ key',
      () => `{"workspace":"${workspace.id}","event":"e","payload":{"a":{"__proto__":{"x":1}}}}`,
      400,
      'json_forbidden_key',
      'body',
    ],
    ['a constructor key', () => event({ payload: { constructor: 1 } }), 400, 'json_forbidden_key', 'body'],
    [
      '11,000 keys',
      () => event({ payload: Object.fromEntries(Array.from({ length: 11_000 }, (_, n) => [`k${n}`, n])) }),
      400,
      'json_too_many_keys',
      'body',
    ],
    ['an email that is none', () => event({ payload: { email: 'nobody' } }), 400, 'field_invalid', 'payload.email'],
    [
      'a name that is a number',
      () => event({ payload: { first_name: 7 } }),
      400,
      'field_invalid',
      'payload.first_name',
    ],
    ['a payload with nothing in it', () => event({ payload: { a: '' } }), 400, 'field_invalid', 'payload'],
    ['a payload that is a list', () => event({ payload: [1] }), 400, 'field_invalid', 'payload'],
    ['no workspace', () => event({ workspace: undefined }), 400, 'field_invalid', 'workspace'],
    ['no event type', () => event({ event: '' }), 400, 'field_invalid', 'event'],
    ['an odd resource id', () => event({ resource_id: 'a b' }), 400, 'field_invalid', 'resource_id'],
    ['a workspace that does not exist', () => event({ workspace: crypto.randomUUID() }), 404, 'not_found', 'workspace'],
  ])('%s is refused, and the field is named', async (_what, body, status, code, param) => {
    refused(await post(body()), status, code, param === '' ? undefined : param);
  });

  it('of another content type is refused with 415, a wrong method with 405, a wrong path with 404', async () => {
    refused(await post('a=1', { 'content-type': 'application/x-www-form-urlencoded' }), 415, 'media_type_unsupported');
    refused(await call({ method: 'DELETE', path: '/workspaces' }), 405, 'method_not_allowed');
    refused(await call({ path: '/nothing-here' }), 404, 'not_found');
  });

  it.each<[what: string, path: string, body: () => Json, param: string]>([
    [
      'an unknown type',
      '/connections',
      () => ({ workspace: workspace.id, type: 'carrier-pigeon', name: 'x', metadata: {} }),
      'type',
    ],
    ['a URL that is not http', '/connections', () => hook({ url: 'ftp://example.com' }), 'metadata.url'],
    ['a URL with a password', '/connections', () => hook({ url: 'https://u:p@example.com' }), 'metadata.url'],
    ['no URL', '/connections', () => hook({}), 'metadata.url'],
    [
      'a header that is ours',
      '/connections',
      () => hook({ url: 'https://example.com', headers: { 'Webhook-Id': '1' } }),
      'metadata.headers.Webhook-Id',
    ],
    [
      'a header with a line break',
      '/connections',
      () => hook({ url: 'https://example.com', headers: { 'X-A': 'a\r\nb: c' } }),
      'metadata.headers.X-A',
    ],
    [
      'a scheme without its secret',
      '/connections',
      () => hook({ url: 'https://example.com', auth_scheme: 'bearer' }),
      'metadata.auth_token',
    ],
    ['an unknown member', '/connections', () => hook({ url: 'https://example.com', verify: false }), 'metadata.verify'],
    [
      'a policy out of bounds',
      '/connections',
      () => ({ ...hook({ url: 'https://example.com' }), policy: { timeout_ms: 1 } }),
      'policy.timeout_ms',
    ],
    ['a workspace name that is too short', '/workspaces', () => ({ name: 'ab' }), 'name'],
  ])('in configuration is refused and nothing is stored: %s', async (_what, path, body, param) => {
    refused(await call({ path, body: body() }), 400, 'field_invalid', param);
    expect((await call<{ count: number }>({ path: `/workspaces/${workspace.id}/connections` })).body.count).toBe(0);
  });

  const hook = (metadata: Json): Json => ({ workspace: workspace.id, type: 'webhook', name: 'Hook', metadata });

  it("that names another organization's things answers as if they were not there", async () => {
    const theirs = await Workspace.create('theirs', facts.other);
    const connection = await theirs.connection('https://example.com/hook');
    const rule = await theirs.rule(connection, 'lead.created');
    const id = await theirs.emit('lead.created', { a: 1 });
    await theirs.event(id, () => true);
    refused(await post(event({ workspace: theirs.id })), 404, 'not_found', 'workspace');
    for (const path of [
      `/workspaces/${theirs.id}`,
      `/workspaces/${theirs.id}/events`,
      `/connections/${connection}`,
      `/rules/${rule}`,
      `/events/${id}`,
      `/events/${id}/payload`,
    ]) {
      refused(await call({ path }), 404, 'not_found', 'id');
    }
    refused(
      await call({
        path: '/rules',
        body: { workspace: workspace.id, connection, event: 'e', metadata: { action: 'send_webhook' } },
      }),
      404,
      'not_found',
      'connection',
    );
    const publishable = { 'x-meshes-publishable-key': theirs.publishableKey };
    refused(
      await call({ path: '/events', body: event(), headers: publishable, as: null }),
      400,
      'field_invalid',
      'workspace',
    );
  });

  it('wrote nothing and stopped nobody', async () => {
    // An event that is accepted afterwards and seen proves that history has caught up with all before it.
    const id = await workspace.emit('unknown.type', { a: 1 });
    expect(await workspace.event(id, isOver)).toMatchObject({ status: 'completed', total_rules: 0 });
    const { records } = (await call<{ records: Json[] }>({ path: `/workspaces/${workspace.id}/events` })).body;
    expect(records.map((record) => record['id'])).toEqual([id]);
    expect(services.map(pidOf)).toEqual(pids);
  });
});
