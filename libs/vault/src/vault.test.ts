// A sealed secret opens only whole, only where it belongs, only with its key.
import { describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { VaultError } from './cipher.ts';
import { createKeyring } from './key-file.ts';
import { newWorkspaceKey, open, rewrap, rewrapWorkspaceKey, seal, sealIn } from './vault.ts';

const key = () => randomBytes(32).toString('base64');
const [first, second] = [key(), key()];
const keyring = createKeyring({ current: 'k1', keys: { k1: first } });

const workspace = 'w1';
const workspaceKey = newWorkspaceKey(keyring, workspace);
const bound = `connection ${workspace} 1`;

/** Both ways to seal: with a data key of its own, and with its workspace's. */
const ways: [string, (secret: string) => string][] = [
  ['with a data key of its own', (secret) => seal(keyring, bound, secret)],
  ['in its workspace', (secret) => sealIn(keyring, workspaceKey, { bound, secret })],
];

describe.each(ways)('a secret sealed %s', (_way, sealed) => {
  it('opens what it sealed, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (secret) => {
        expect(open(keyring, bound, sealed(secret))).toBe(secret);
      }),
    );
  });

  it('never seals the same way twice and shows nothing of the secret', () => {
    const texts = [1, 2, 3].map(() => sealed('canary-secret'));
    expect(new Set(texts).size).toBe(3);
    for (const text of texts) expect(Buffer.from(text, 'base64url').toString('latin1')).not.toContain('canary');
  });

  it('does not open in another place', () => {
    for (const elsewhere of [`connection ${workspace} 2`, 'connection w2 1', `tokens ${workspace} 1`, workspace, ''])
      expect(() => open(keyring, elsewhere, sealed('s'))).toThrow(VaultError);
  });

  it('does not open when any character of it is changed', () => {
    const text = sealed('secret');
    for (let at = 0; at < text.length; at++) {
      const other = text[at] === 'A' ? 'B' : 'A';
      const changed = text.slice(0, at) + other + text.slice(at + 1);
      // The last character of a base64url part may hold unused bits: such a change leaves the same bytes.
      const sameBytes = changed
        .split('.')
        .every((part, i) => Buffer.from(part, 'base64url').equals(Buffer.from(text.split('.')[i] ?? '', 'base64url')));
      if (!sameBytes) expect(() => open(keyring, bound, changed)).toThrow(VaultError);
    }
  });

  it('does not take a shortened tag', () => {
    const parts = sealed('').split('.');
    const data = Buffer.from(parts[4] ?? '', 'base64url');
    parts[4] = data.subarray(0, 4).toString('base64url');
    expect(() => open(keyring, bound, parts.join('.'))).toThrow(VaultError);
  });

  it('is wrapped by another key without its ciphertext being touched, and then needs the old one no more', () => {
    const both = createKeyring({ current: 'k2', keys: { k1: first, k2: second } });
    const text = sealed('canary');
    const anew = rewrap(both, text, { bound, workspaceKey: rewrapWorkspaceKey(both, workspace, workspaceKey) });
    expect(anew.split('.').slice(3)).toEqual(text.split('.').slice(3));
    const onlyNew = createKeyring({ current: 'k2', keys: { k2: second } });
    expect(open(onlyNew, bound, anew)).toBe('canary');
    expect(() => open(onlyNew, bound, text)).toThrow('no key k1');
  });
});

describe('the vault', () => {
  it('still opens what an older key sealed, and seals with the current one', () => {
    const rotated = createKeyring({ current: 'k2', keys: { k1: first, k2: second } });
    expect(open(rotated, 'b', seal(keyring, 'b', 'old'))).toBe('old');
    expect(seal(rotated, 'b', 'new')).toMatch(/^v1\.k2\./);
    expect(() => open(keyring, 'b', seal(rotated, 'b', 'new'))).toThrow('no key k2');
  });

  it('seals all secrets of a workspace with one wrapped key, and no two with the same iv', () => {
    const texts = Array.from({ length: 100 }, (_each, id) =>
      sealIn(keyring, workspaceKey, { bound: `connection ${workspace} ${id}`, secret: 's' }).split('.'),
    );
    expect(new Set(texts.map(([, kekId, wrapped]) => `${kekId}.${wrapped}`))).toEqual(new Set([workspaceKey]));
    expect(new Set(texts.map(([, , , iv]) => iv)).size).toBe(100);
  });

  it("seals nothing with another workspace's data key", () => {
    const other = newWorkspaceKey(keyring, 'w2');
    expect(() => sealIn(keyring, other, { bound, secret: 's' })).toThrow(VaultError);
    const text = sealIn(keyring, workspaceKey, { bound, secret: 's' });
    expect(() => rewrap(keyring, text, { bound, workspaceKey: newWorkspaceKey(keyring, workspace) })).toThrow(
      "not sealed with its workspace's data key",
    );
  });

  it('takes nothing for a sealed text that is none', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => open(keyring, bound, text)).toThrow(VaultError);
      }),
    );
  });
});
