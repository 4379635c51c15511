// A customer of the installation and its first machine key. The secret is shown once, here.
import { randomBytes } from 'node:crypto';
import { newId, topics } from '@sluice/contracts';
import { AccessKeyEntity, accessKeyRecord, connectDatabase, OrganizationEntity, publish } from '@sluice/persistence';
import { readKeyring, seal } from '@sluice/vault';
import type { Config } from './config.ts';

export interface NewOrganization {
  organization: string;
  machine_key: string;
  machine_secret: string;
}

/** Control publishes the key to ingest as soon as it runs. */
export async function createOrganization(config: Config, name: string): Promise<NewOrganization> {
  const keyring = readKeyring(config.VAULT_KEY_FILE);
  const database = await connectDatabase({ url: config.POSTGRES_URL, poolSize: 1 });
  const organization = newId();
  const machine_key = `mk_${randomBytes(18).toString('base64url')}`;
  const machine_secret = randomBytes(36).toString('base64url');
  try {
    await database.transaction(async (manager) => {
      await manager.insert(OrganizationEntity, { id: organization, name });
      const key = manager.create(AccessKeyEntity, {
        id: machine_key,
        kind: 'machine',
        organization_id: organization,
        workspace_id: null,
        name: 'First key',
        sealed_secret: seal(keyring, `access-key ${machine_key}`, machine_secret),
        expires_at: null,
        revoked_at: null,
      });
      await manager.insert(AccessKeyEntity, key);
      await publish(manager, { topic: topics.accessKeys.name, key: machine_key, value: accessKeyRecord(key) });
    });
  } finally {
    await database.destroy();
  }
  return { organization, machine_key, machine_secret };
}
