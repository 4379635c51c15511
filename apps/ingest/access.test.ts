// Who gets in at the event door, from keys and workspaces in memory; what is unknown is asked of the log once before it is called unknown.
import { describe, expect, it } from '@jest/globals';
import { ApiError } from '@sluice/api';
import { topics, type AccessKey } from '@sluice/contracts';
import { UnavailableError } from '@sluice/kafka';
import { createKeyring, seal } from '@sluice/vault';
import { createHmac } from 'node:crypto';
import { Access } from './access.ts';

const nowMs = 1_800_000_000_000;
const [ours, foreign] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'] as const;
const [workspace, foreignWorkspace] = ['33333333-3333-4333-8333-333333333333', '44444444-4444-4444-8444-444444444444'];
const machineKey = 'mk_0123456789abcdefghijkl';
const publishableKey = 'mesh_pub_aaaa_bbbb_cccc';
const secret = 's'.repeat(43);
const keyring = createKeyring({ current: 'k1', keys: { k1: Buffer.alloc(32, 7).toString('base64') } });

const accessKey = (over: Partial<AccessKey> = {}): AccessKey => ({
  id: machineKey,
  kind: 'machine',
  organization_id: ours,
  workspace_id: null,
  sealed_secret: seal(keyring, `access-key ${over.id ?? machineKey}`, secret),
  expires_at: null,
  revoked_at: null,
  ...over,
});
const publishable = (over: Partial<AccessKey> = {}): AccessKey =>
  accessKey({ id: publishableKey, kind: 'publishable', workspace_id: workspace, sealed_secret: null, ...over });

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function token({ signedWith = secret, claims = {} }: { signedWith?: string; claims?: object } = {}): string {
  const seconds = nowMs / 1_000;
  const signed = `${encode({ alg: 'HS256', typ: 'JWT', kid: machineKey })}.${encode({
    iss: `urn:meshes:m2m:${machineKey}`,
    aud: 'meshes-api',
    org: ours,
    iat: seconds,
    exp: seconds + 60,
    ...claims,
  })}`;
  return `${signed}.${createHmac('sha256', signedWith).update(signed).digest('base64url')}`;
}

/** Access over the two compacted topics; `late` is what the log holds but nobody has read yet. */
function access() {
  const made = new Access(keyring);
  const [keys, workspaces] = made.feeds();
  const late: (() => void)[] = [];
  const asked = { times: 0 };
  made.follow({
    catchUp: () => {
      asked.times++;
      late.splice(0).forEach((apply) => apply());
      return Promise.resolve();
    },
  });
  return {
    made,
    asked,
    late,
    putKey: (id: string, key: AccessKey | null) => keys?.apply(id, key),
    putWorkspace: (id: string, organization_id: string | null) =>
      workspaces?.apply(id, organization_id === null ? null : { id, organization_id }),
  };
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'let in';
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return `${error.status} ${error.code}`;
  }
}

const bearer = (text: string) => ({ authorization: `Bearer ${text}` });

describe('a machine token', () => {
  it('lets its organization in, for any workspace it names', async () => {
    const { made, putKey } = access();
    putKey(machineKey, accessKey());
    await expect(made.caller(bearer(token()), nowMs)).resolves.toEqual({
      organizationId: ours,
      workspace: null,
      by: machineKey,
    });
  });

  it.each([
    ['no header at all', {}, '401 token_missing'],
    ['another scheme', { authorization: 'Basic dTpw' }, '401 token_invalid'],
    ['no token after the scheme', { authorization: 'Bearer ' }, '401 token_invalid'],
    ['two tokens', { authorization: `Bearer ${token()} ${token()}` }, '401 token_invalid'],
    ['no JWT', bearer('abc'), '401 token_invalid'],
    ['a wrong secret', bearer(token({ signedWith: 'x'.repeat(43) })), '401 token_invalid'],
    ['a wrong audience', bearer(token({ claims: { aud: 'other' } })), '401 token_invalid'],
    ["another organization's id", bearer(token({ claims: { org: foreign } })), '401 token_invalid'],
    ['a bad token beside a good publishable key', { authorization: 'Bearer abc', publishableKey }, '401 token_invalid'],
  ])('is needed and must be sound: %s', async (_what, headers, code) => {
    const { made, putKey } = access();
    putKey(machineKey, accessKey());
    putKey(publishableKey, publishable());
    await expect(codeOf(made.caller(headers, nowMs))).resolves.toBe(code);
  });

  it('is found by a key that was made a moment ago', async () => {
    const { made, late, asked, putKey } = access();
    late.push(() => putKey(machineKey, accessKey()));
    await expect(codeOf(made.caller(bearer(token()), nowMs))).resolves.toBe('let in');
    await made.caller(bearer(token()), nowMs);
    expect(asked.times).toBe(1);
  });

  it('of a key that does not exist is refused after one look at the log', async () => {
    const { made, asked } = access();
    await expect(codeOf(made.caller(bearer(token()), nowMs))).resolves.toBe('401 key_unknown');
    expect(asked.times).toBe(1);
  });

  it('is no answer while the log cannot be asked: unavailable, not unknown', async () => {
    const { made } = access();
    made.follow({ catchUp: () => Promise.reject(new UnavailableError('not within 1500 ms')) });
    await expect(made.caller(bearer(token()), nowMs)).rejects.toBeInstanceOf(UnavailableError);
  });
});

describe('a token that was verified before', () => {
  it.each([
    ['its key is revoked', accessKey({ revoked_at: nowMs }), '401 key_revoked'],
    ['its key has expired', accessKey({ expires_at: nowMs + 1_000 }), '401 key_revoked'],
    ['its key is gone', null, '401 key_unknown'],
    ['its key is a publishable one now', publishable({ id: machineKey }), '401 key_unknown'],
  ])('is refused at the next call once %s', async (_what, then, code) => {
    const { made, putKey } = access();
    putKey(machineKey, accessKey());
    await expect(codeOf(made.caller(bearer(token()), nowMs))).resolves.toBe('let in');
    putKey(machineKey, then);
    await expect(codeOf(made.caller(bearer(token()), nowMs + 1_000))).resolves.toBe(code);
  });

  it('is not remembered beyond its own life', async () => {
    const { made, putKey } = access();
    putKey(machineKey, accessKey());
    await made.caller(bearer(token()), nowMs);
    await expect(codeOf(made.caller(bearer(token()), nowMs + 59_000))).resolves.toBe('let in');
    await expect(codeOf(made.caller(bearer(token()), nowMs + 66_000))).resolves.toBe('401 token_expired');
  });

  it('goes on while its key is to be revoked later, as in a rotation with overlap', async () => {
    const { made, putKey } = access();
    putKey(machineKey, accessKey());
    await made.caller(bearer(token()), nowMs);
    putKey(machineKey, accessKey({ revoked_at: nowMs + 10_000 }));
    await expect(codeOf(made.caller(bearer(token()), nowMs + 9_999))).resolves.toBe('let in');
    await expect(codeOf(made.caller(bearer(token()), nowMs + 10_000))).resolves.toBe('401 key_revoked');
  });
});

describe('a publishable key', () => {
  it('lets its caller into its workspace', async () => {
    const { made, putKey } = access();
    putKey(publishableKey, publishable());
    await expect(made.caller({ publishableKey }, nowMs)).resolves.toEqual({
      organizationId: ours,
      workspace,
      by: publishableKey,
    });
  });

  it.each([
    ['unknown', null, '401 key_unknown'],
    ['a machine key', accessKey({ id: publishableKey }), '401 key_unknown'],
    ['of no workspace', publishable({ workspace_id: null }), '401 key_unknown'],
    ['revoked', publishable({ revoked_at: nowMs - 1 }), '401 key_revoked'],
    ['expired', publishable({ expires_at: nowMs }), '401 key_revoked'],
    ['to expire later', publishable({ expires_at: nowMs + 1 }), 'let in'],
  ])('that is %s gets its own answer', async (_what, key, code) => {
    const { made, putKey } = access();
    putKey(publishableKey, key);
    await expect(codeOf(made.caller({ publishableKey }, nowMs))).resolves.toBe(code);
  });

  it('goes on while it is to be revoked later, as a machine key does', async () => {
    const { made, putKey } = access();
    putKey(publishableKey, publishable({ revoked_at: nowMs + 10_000 }));
    await expect(codeOf(made.caller({ publishableKey }, nowMs))).resolves.toBe('let in');
  });
});

describe('a workspace', () => {
  it('that is unknown and one of another organization answer alike: 404', async () => {
    const { made, putWorkspace } = access();
    putWorkspace(workspace, ours);
    putWorkspace(foreignWorkspace, foreign);
    const caller = { organizationId: ours, workspace: null, by: machineKey };
    await expect(codeOf(made.mustOwn(caller, workspace))).resolves.toBe('let in');
    const refusals = await Promise.all(
      [foreignWorkspace, '55555555-5555-4555-8555-555555555555'].map((id) =>
        made.mustOwn(caller, id).catch((error: unknown) => error),
      ),
    );
    expect(refusals[0]).toMatchObject({ status: 404, data: [{ param: 'workspace', msg: 'no such workspace' }] });
    expect(refusals[1]).toEqual(refusals[0]);
  });

  it('made a moment ago is found, and one that was deleted is not', async () => {
    const { made, late, putWorkspace } = access();
    const caller = { organizationId: ours, workspace: null, by: machineKey };
    late.push(() => putWorkspace(workspace, ours));
    await expect(codeOf(made.mustOwn(caller, workspace))).resolves.toBe('let in');
    putWorkspace(workspace, null);
    await expect(codeOf(made.mustOwn(caller, workspace))).resolves.toBe('404 not_found');
  });
});

it('access is fed by the topics of keys and workspaces', () => {
  expect(
    access()
      .made.feeds()
      .map(({ topic }) => topic),
  ).toEqual([topics.accessKeys, topics.workspaces]);
});
