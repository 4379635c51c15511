// Shared data keys are unwrapped once while they are in use, and not all of them are kept.
import { describe, expect, it } from '@jest/globals';
import { Keyring, providerOf } from './keyring.ts';

function countingRing() {
  let unwrapped = 0;
  const provider = providerOf(
    () => 'k1',
    () => Buffer.alloc(32, 1),
  );
  const keyring = new Keyring({
    ...provider,
    unwrap: (...wrapped) => {
      unwrapped++;
      return provider.unwrap(...wrapped);
    },
  });
  return { keyring, unwrapped: () => unwrapped };
}

describe('a key ring', () => {
  it('asks once for a data key that many secrets share', () => {
    const { keyring, unwrapped } = countingRing();
    const text = keyring.wrap('workspace w', Buffer.alloc(32, 9));
    for (let round = 0; round < 10; round++) expect(keyring.unwrapShared('workspace w', text)[0]).toBe(9);
    expect(unwrapped()).toBe(1);
    expect(() => keyring.unwrapShared('workspace other', text)).toThrow('changed, moved');
  });

  it('forgets the one that was not used longest when there are very many', () => {
    const { keyring, unwrapped } = countingRing();
    const texts = Array.from({ length: 1_001 }, () => keyring.wrap('workspace w', Buffer.alloc(32, 9)));
    const [first = '', second = ''] = texts;
    for (const text of texts.slice(0, 1_000)) keyring.unwrapShared('workspace w', text);
    keyring.unwrapShared('workspace w', first);
    keyring.unwrapShared('workspace w', texts[1_000] ?? '');
    expect(unwrapped()).toBe(1_001);
    keyring.unwrapShared('workspace w', first);
    expect(unwrapped()).toBe(1_001);
    keyring.unwrapShared('workspace w', second);
    expect(unwrapped()).toBe(1_002);
  });
});
