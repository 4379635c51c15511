// Every connector there is, with what its own fixtures say of it.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Connector } from '@sluice/connector-kit';
import type { ConnectorFixtures } from '@sluice/connector-kit/fixtures.ts';
import { declaredIn } from '../generate/catalog.ts';
import { repository } from '../local/places.ts';

export interface Subject {
  slug: string;
  connector: Connector<unknown>;
  fixtures: ConnectorFixtures;
  /** The vendor's contract: an OpenAPI document. */
  contract: string;
}

/** Found by their folders: a new connector is under test without being named anywhere. */
export async function subjects(): Promise<Subject[]> {
  const folder = join(repository, 'apps', 'connectors');
  const slugs = readdirSync(folder).sort();
  return Promise.all(
    slugs.map(async (slug): Promise<Subject> => {
      const connector = declaredIn((await import(join(folder, slug, 'connector.ts'))) as Record<string, unknown>);
      const { fixtures } = (await import(join(folder, slug, 'fixtures.ts'))) as { fixtures: ConnectorFixtures };
      const contract = join(folder, slug, 'contract.yaml');
      return { slug, connector, fixtures, contract };
    }),
  );
}
