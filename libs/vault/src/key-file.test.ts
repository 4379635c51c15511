// The file of key-encryption keys: refused when it is wrong, followed while it is in use, and never quoted.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKeyring, readKeyring } from './key-file.ts';
import { open, seal } from './vault.ts';

const key = () => randomBytes(32).toString('base64');
const [first, second] = [key(), key()];
const both = { k1: first, k2: second };

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vault-'));
  path = join(folder, 'keys.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (file: unknown) => writeFileSync(path, typeof file === 'string' ? file : JSON.stringify(file));

describe('a key file', () => {
  it.each([
    [{}, 'must be {"current"'],
    [{ current: 'a', keys: {} }, 'no key a'],
    [{ current: 'a', keys: { a: 'c2hvcnQ=' } }, '32 bytes'],
    [{ current: 'a.b', keys: { 'a.b': first } }, 'vault key id'],
  ])('is refused when it is wrong: %j', (file, message) => {
    expect(() => createKeyring(file)).toThrow(message);
  });

  it('that is not there, or is no JSON, is refused without being quoted', () => {
    expect(() => readKeyring(join(folder, 'none'))).toThrow('reading the vault key file');
    write(`canary${first}`);
    expect(() => readKeyring(path)).toThrow(/is not JSON$/);
  });

  it('is read again when something names a key that was added to it', () => {
    write({ current: 'k1', keys: { k1: first } });
    const keyring = readKeyring(path, () => 0);
    const sealed = seal(createKeyring({ current: 'k2', keys: both }), 'b', 'new');
    expect(() => open(keyring, 'b', sealed)).toThrow('no key k2');
    write({ current: 'k1', keys: both });
    expect(open(keyring, 'b', sealed)).toBe('new');
  });

  it('makes another key the current one within a second', () => {
    write({ current: 'k1', keys: both });
    let nowMs = 0;
    const keyring = readKeyring(path, () => nowMs);
    write({ current: 'k2', keys: both, note: 'of another size' });
    expect(keyring.currentId).toBe('k1');
    nowMs = 1_000;
    expect(keyring.currentId).toBe('k2');
  });

  it('that is half written, or gone, leaves the keys as they were until it is whole', () => {
    write({ current: 'k1', keys: { k1: first } });
    let nowMs = 0;
    const keyring = readKeyring(path, () => (nowMs += 1_000));
    write('{"current": "k2", "ke');
    expect(keyring.currentId).toBe('k1');
    rmSync(path);
    expect(keyring.currentId).toBe('k1');
    write({ current: 'k2', keys: both });
    expect(keyring.currentId).toBe('k2');
  });
});
