// Secrets at rest and on topics: sealed with AES-256-GCM under a data key, which a key-encryption key wraps.
export { VaultError } from './cipher.ts';
export { createKeyring, readKeyring } from './key-file.ts';
export { Keyring, type KeyProvider } from './keyring.ts';
export { newWorkspaceKey, open, rewrap, rewrapWorkspaceKey, seal, sealIn } from './vault.ts';
