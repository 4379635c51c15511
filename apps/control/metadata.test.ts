// A connection's metadata: refused member by member, parted so that nothing secret is shown, and secrets kept over changes.
import { describe, expect, it } from '@jest/globals';
import { ApiError } from '@sluice/api';
import { catalog } from '@sluice/catalog';
import type { CatalogEntry } from '@sluice/contracts';
import fc from 'fast-check';
import {
  checkedFields,
  checkedMetadata,
  generatedNames,
  MASK,
  masked,
  part,
  secretNames,
  withKeptSecrets,
  type Metadata,
} from './metadata.ts';

const url = 'https://example.com/hook';

function entryOf(slug: string): CatalogEntry {
  const entry = catalog.get(slug);
  if (!entry) throw new Error(`no connector ${slug}`);
  return entry;
}
const webhook = entryOf('webhook');

/** A connector whose action has fields of its own. */
const withFields: CatalogEntry = {
  slug: 'metadata-test',
  label: 'Test',
  api_version: null,
  authentication: 'none',
  metadata: { type: 'object', properties: {}, additionalProperties: false },
  has_test: false,
  choices: [],
  has_record_fields: false,
  actions: {
    add: {
      key: 'add',
      label: 'Add',
      noun: 'list',
      idempotency: 'natural',
      fields: {
        type: 'object',
        properties: { id: { type: 'string', minLength: 1 }, mode: { type: 'string', default: 'soft' } },
        required: ['id'],
        additionalProperties: false,
      },
    },
    plain: { key: 'plain', label: 'Plain', noun: 'thing', idempotency: 'none' },
  },
};

/** What is refused, as `param msg`; none when all is well. */
function problems(check: () => unknown): string[] {
  try {
    check();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    expect([error.status, error.code]).toEqual([400, 'field_invalid']);
    return error.data.map(({ param, msg }) => `${param} ${msg}`);
  }
  return [];
}

describe('checking metadata', () => {
  it('fills in what the connector has defaults for, and leaves what came as it was', () => {
    const given = { url };
    expect(checkedMetadata(webhook, given)).toEqual({
      url,
      http_method: 'POST',
      payload_mode: 'wrapped',
      auth_scheme: 'none',
      signing: true,
    });
    expect(given).toEqual({ url });
  });

  it.each([
    ['nothing', {}, ['metadata.url is required']],
    [
      'a URL of another scheme',
      { url: 'ftp://example.com' },
      ['metadata.url must be an http or https URL without user info'],
    ],
    [
      'a URL with user info',
      { url: 'https://a:b@example.com' },
      ['metadata.url must be an http or https URL without user info'],
    ],
    ['a URL that is no text', { url: 7 }, ['metadata.url must be string']],
    ['an unknown member', { url, surprise: 1 }, ['metadata.surprise is not known']],
    [
      'a method that is not offered',
      { url, http_method: 'GET' },
      ['metadata.http_method must be one of POST, PUT, PATCH'],
    ],
    ['a scheme without its secret', { url, auth_scheme: 'bearer' }, ['metadata.auth_token is required']],
    [
      'a scheme without both its members',
      { url, auth_scheme: 'basic' },
      ['metadata.auth_username is required', 'metadata.auth_password is required'],
    ],
    [
      'a reserved header',
      { url, headers: { 'Webhook-Id': 'x' } },
      ['metadata.headers.Webhook-Id is not a name that may be set'],
    ],
    [
      'a header with a line break',
      { url, headers: { 'X-A': 'a\r\nb: c' } },
      ['metadata.headers.X-A must be printable ASCII'],
    ],
    [
      'two things at once',
      { url: 'https://example.com', auth_token: 'a b', signing: 'yes' },
      ['metadata.auth_token must be printable ASCII without spaces', 'metadata.signing must be boolean'],
    ],
  ])('names every member that does not fit: %s', (_what, metadata: Metadata, expected) => {
    expect(problems(() => checkedMetadata(webhook, metadata))).toEqual(expected);
  });

  it.each(['https://[::', 'https://a..b:99999999/', 'http://%'])(
    'refuses a URL that nothing can be sent to: %s',
    (bad) => {
      expect(problems(() => checkedMetadata(webhook, { url: bad }))).not.toEqual([]);
    },
  );

  it('never repeats the value of a secret in what it says', () => {
    const secrets = {
      auth_token: 'canary one',
      auth_password: '',
      signing_secret: 'canary two',
      headers: { 'x-a': 'canary\nthree' },
    };
    const said = problems(() => checkedMetadata(webhook, { url, ...secrets }));
    expect(said).toHaveLength(4);
    expect(said.join()).not.toContain('canary');
  });

  it('never throws anything but a refusal, whatever the metadata', () => {
    const member = fc.constantFrom('url', 'headers', 'auth_scheme', 'signing_secret', 'auth_token', 'other');
    fc.assert(
      fc.property(fc.dictionary(member, fc.jsonValue()), (metadata) => {
        problems(() => checkedMetadata(webhook, metadata));
      }),
    );
  });
});

describe("checking an action's fields", () => {
  it('names the actions there are when it knows no such action', () => {
    expect(problems(() => checkedFields(withFields, 'remove', {}))).toEqual([
      'metadata.action must be one of add, plain',
    ]);
  });

  it.each(['constructor', 'toString', '__proto__'])('knows no action %s', (action) => {
    expect(problems(() => checkedFields(withFields, action, {}))).toEqual([
      'metadata.action must be one of add, plain',
    ]);
  });

  it('checks what the action declares and takes anything where it declares nothing', () => {
    expect(checkedFields(withFields, 'add', { id: '7' })).toEqual({ id: '7', mode: 'soft' });
    expect(problems(() => checkedFields(withFields, 'add', { other: 1 }))).toEqual([
      'metadata.id is required',
      'metadata.other is not known',
    ]);
    expect(checkedFields(withFields, 'plain', { anything: [1] })).toEqual({ anything: [1] });
  });
});

describe('parting metadata', () => {
  it('knows what is secret and what is made when it is missing', () => {
    expect(secretNames(webhook).sort()).toEqual([
      'auth_header_value',
      'auth_password',
      'auth_token',
      'headers',
      'signing_secret',
      'signing_secret_previous',
    ]);
    expect(generatedNames(webhook)).toEqual([['signing_secret', 'whsec']]);
    expect(generatedNames(withFields)).toEqual([]);
  });

  it('loses nothing and shows nothing secret', () => {
    const member = fc.constantFrom('url', 'signing', 'auth_username', ...secretNames(webhook));
    fc.assert(
      fc.property(fc.dictionary(member, fc.constant('canary')), (metadata) => {
        const { settings, credentials } = part(webhook, metadata);
        expect({ ...settings, ...credentials }).toEqual(metadata);
        for (const name of secretNames(webhook)) expect(settings).not.toHaveProperty(name);
        const shown = masked(settings, Object.keys(credentials));
        expect(Object.keys(shown).sort()).toEqual(Object.keys(metadata).sort());
        for (const name of Object.keys(credentials)) expect(shown[name]).toBe(MASK);
      }),
    );
  });
});

describe('changing metadata', () => {
  const before = { auth_token: 'old', headers: { 'x-a': '1', 'x-b': '2' } };

  it.each([
    ['left out', {}, { auth_token: 'old', headers: before.headers }],
    ['sent back masked', { auth_token: MASK, headers: MASK }, { auth_token: 'old', headers: before.headers }],
    ['given anew', { auth_token: 'new', headers: { 'x-c': '3' } }, { auth_token: 'new', headers: { 'x-c': '3' } }],
    ['null', { auth_token: null, headers: null }, {}],
    [
      'an object with a masked member',
      { headers: { 'x-a': MASK, 'x-b': '9' } },
      { auth_token: 'old', headers: { 'x-a': '1', 'x-b': '9' } },
    ],
  ])('keeps, replaces or takes away a secret as it is told: %s', (_what, metadata, secrets) => {
    expect(withKeptSecrets(webhook, { url, ...metadata }, before)).toEqual({ url, ...secrets });
  });

  it('replaces what is not secret, and leaves what came as it was', () => {
    const given = { url: 'https://example.org', auth_token: MASK };
    expect(withKeptSecrets(webhook, given, { ...before, url }).url).toBe('https://example.org');
    expect(given.auth_token).toBe(MASK);
  });

  it('comes to what it was when an answer is sent back as it is', () => {
    const metadata = checkedMetadata(webhook, {
      url,
      auth_scheme: 'bearer',
      ...before,
      signing_secret: `whsec_${'a'.repeat(32)}`,
    });
    const { settings, credentials } = part(webhook, metadata);
    const shown = masked(settings, Object.keys(credentials));
    expect(checkedMetadata(webhook, withKeptSecrets(webhook, shown, credentials))).toEqual(metadata);
  });

  it('never takes the mask for a secret where none was before', () => {
    const kept = withKeptSecrets(webhook, { url, auth_token: MASK, headers: { 'x-new': MASK } }, {});
    expect(kept).not.toHaveProperty('auth_token');
    expect(JSON.stringify(kept)).not.toContain(MASK);
    expect(problems(() => checkedMetadata(webhook, kept))).toEqual(['metadata.headers.x-new must be string']);
  });
});
