// Makes the vault key file of a stack in containers, unless its volume has one.
import { ensureVaultKeys } from '../local/vault-keys.ts';

const file = process.env['VAULT_KEY_FILE'];
if (file === undefined) throw new Error('VAULT_KEY_FILE is not set: it names the file to make');
ensureVaultKeys(file);
