// What a Salesforce connection may be configured with.
import { describe, expect, it } from '@jest/globals';
import { metadata } from './metadata.ts';
import { action, callOf, settings } from './testing.ts';

describe('the metadata', () => {
  it.each([
    [{ auth_scheme: 'password' }],
    [{ external_id_field: 'a/b' }],
    [{ external_id_field: undefined }],
    [{ login_url: 'ftp://login.salesforce.com' }],
    [{ login_url: 'https://login.salesforce.com/' }],
    [{ base_url: 'https://user@example.com' }],
    [{ base_url: 'https://example.com/?a' }],
    [{ api_version: 'v45.0' }],
    [{ api_version: 'v66.0/..' }],
    [{ private_key: 'canary' }],
    [{ surprise: 1 }],
  ])('refuses %j', (over) => {
    expect(metadata.safeParse({ ...settings, ...over }).success).toBe(false);
  });

  it('decides where requests go: its own base URL before the one that Salesforce named', () => {
    const over = { ...settings, base_url: 'http://127.0.0.1:9/proxy' };
    const { url } = action('upsert_contact').build(callOf('upsert_contact', { Email: 'a@b.co' }, { metadata: over }));
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:9\/proxy\/services\/data\//);
  });
});
