// The keys that wrap data keys, behind whoever keeps them; data keys that were unwrapped lately are remembered.
import { decrypt, encrypt } from './cipher.ts';

/**
 * Whoever keeps the key-encryption keys: a file, or a service. It answers at once, because configuration is applied record by
 * record: one that asks over the network has to keep its answers.
 */
export interface KeyProvider {
  /** Id of the key that wraps from now on. */
  currentKekId: () => string;
  /** The data key wrapped by the current key. `bound` is authenticated with it. */
  wrap: (bound: string, dataKey: Buffer) => { kekId: string; wrapped: Buffer };
  /** Throws VaultError when it has no such key, or the wrapped key is not as it was. */
  unwrap: (kekId: string, bound: string, wrapped: Buffer) => Buffer;
}

/** Workspaces whose secrets are in use at a time; one more costs one more unwrapping. */
const rememberedMax = 1_000;

export class Keyring {
  private readonly provider: KeyProvider;
  /** The one used last is last. */
  private readonly remembered = new Map<string, Buffer>();

  constructor(provider: KeyProvider) {
    this.provider = provider;
  }

  get currentId(): string {
    return this.provider.currentKekId();
  }

  /** A wrapped key as text: `<kek id>.<wrapped>`. */
  wrap(bound: string, dataKey: Buffer): string {
    const { kekId, wrapped } = this.provider.wrap(bound, dataKey);
    return `${kekId}.${wrapped.toString('base64url')}`;
  }

  unwrap(bound: string, text: string): Buffer {
    const [kekId = '', wrapped = ''] = text.split('.');
    return this.provider.unwrap(kekId, bound, Buffer.from(wrapped, 'base64url'));
  }

  /** The same, for a key that many secrets share. */
  unwrapShared(bound: string, text: string): Buffer {
    const name = `${bound} ${text}`;
    const dataKey = this.remembered.get(name) ?? this.unwrap(bound, text);
    this.remembered.delete(name);
    this.remembered.set(name, dataKey);
    for (const [oldest] of this.remembered) {
      if (this.remembered.size <= rememberedMax) break;
      this.remembered.delete(oldest);
    }
    return dataKey;
  }
}

/** Keys held in memory as 32 bytes each. `find` throws VaultError for an id that it does not know. */
export const providerOf = (currentKekId: () => string, find: (kekId: string) => Buffer): KeyProvider => ({
  currentKekId,
  wrap: (bound, dataKey) => {
    const kekId = currentKekId();
    return { kekId, wrapped: encrypt(find(kekId), bound, dataKey) };
  },
  unwrap: (kekId, bound, wrapped) => decrypt(find(kekId), bound, wrapped),
});
