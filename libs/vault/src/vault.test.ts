// A sealed secret opens only whole, only where it belongs, only with its key.
import { describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { createKeyring } from './keyring.ts';
import { open, seal, VaultError } from './vault.ts';

const key = () => randomBytes(32).toString('base64');
const [first, second] = [key(), key()];
const keyring = createKeyring({ current: 'k1', keys: { k1: first } });

describe('the vault', () => {
  it('opens what it sealed, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (secret, bound) => {
        expect(open(keyring, bound, seal(keyring, bound, secret))).toBe(secret);
      }),
    );
  });

  it('never seals the same way twice and shows nothing of the secret', () => {
    const sealed = [1, 2, 3].map(() => seal(keyring, 'b', 'canary-secret'));
    expect(new Set(sealed).size).toBe(3);
    for (const text of sealed) expect(Buffer.from(text, 'base64url').toString('latin1')).not.toContain('canary');
  });

  it('does not open in another place', () => {
    expect(() => open(keyring, 'connection w 2', seal(keyring, 'connection w 1', 's'))).toThrow(VaultError);
  });

  it('does not open when any character of it is changed', () => {
    const sealed = seal(keyring, 'b', 'secret');
    for (let at = 0; at < sealed.length; at++) {
      const other = sealed[at] === 'A' ? 'B' : 'A';
      const changed = sealed.slice(0, at) + other + sealed.slice(at + 1);
      // The last character of a base64url part may hold unused bits: such a change leaves the same bytes.
      const sameBytes = changed
        .split('.')
        .every((part, i) =>
          Buffer.from(part, 'base64url').equals(Buffer.from(sealed.split('.')[i] ?? '', 'base64url')),
        );
      if (!sameBytes) expect(() => open(keyring, 'b', changed)).toThrow(VaultError);
    }
  });

  it('does not take a shortened tag', () => {
    const parts = seal(keyring, 'b', '').split('.');
    const data = Buffer.from(parts[4] ?? '', 'base64url');
    parts[4] = data.subarray(0, 4).toString('base64url');
    expect(() => open(keyring, 'b', parts.join('.'))).toThrow(VaultError);
  });

  it('still opens what an older key sealed, and seals with the current one', () => {
    const rotated = createKeyring({ current: 'k2', keys: { k1: first, k2: second } });
    expect(open(rotated, 'b', seal(keyring, 'b', 'old'))).toBe('old');
    expect(seal(rotated, 'b', 'new')).toMatch(/^v1\.k2\./);
    expect(() => open(keyring, 'b', seal(rotated, 'b', 'new'))).toThrow('no key k2');
  });

  it.each([
    [{}, 'must be {"current"'],
    [{ current: 'a', keys: {} }, 'no key a'],
    [{ current: 'a', keys: { a: 'c2hvcnQ=' } }, '32 bytes'],
    [{ current: 'a.b', keys: { 'a.b': first } }, 'vault key id'],
  ])('refuses the key file %j', (file, message) => {
    expect(() => createKeyring(file)).toThrow(message);
  });
});
