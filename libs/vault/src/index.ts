// Secrets at rest and on topics: sealed with AES-256-GCM under a data key of their own, which a key-encryption key wraps.
export { createKeyring, readKeyring, type Keyring } from './keyring.ts';
export { open, seal, VaultError } from './vault.ts';
