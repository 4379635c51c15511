// The catalog: what every connector in this repository declares, as data, generated from apps/connectors/*/connector.ts.
import type { CatalogEntry } from '@sluice/contracts';
import { entries } from './generated.ts';

/** Every connector, by slug. */
export const catalog: ReadonlyMap<string, CatalogEntry> = new Map(entries.map((entry) => [entry.slug, entry]));

/** Their slugs, sorted. */
export const connectorSlugs: readonly string[] = [...catalog.keys()].sort();
