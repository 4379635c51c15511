// A connector's declared facts as data, for the catalog: control validates with it, the console renders forms from it.
import type { CatalogEntry } from '@sluice/contracts';
import * as z from 'zod';
import type { Connector } from './connector.ts';

export function catalogEntry<M>(connector: Connector<M>): CatalogEntry {
  const { slug, label, authentication, metadata, actions } = connector;
  return {
    slug,
    label,
    authentication,
    metadata: schemaOf(metadata),
    actions: Object.fromEntries(
      Object.entries(actions).map(([key, action]) => [
        key,
        { key, label: action.label, noun: action.noun, ...(action.fields ? { fields: schemaOf(action.fields) } : {}) },
      ]),
    ),
  };
}

function schemaOf(shape: z.ZodType): Record<string, unknown> {
  const { $schema: _schema, ...schema } = z.toJSONSchema(shape, { io: 'input' }) as Record<string, unknown>;
  return schema;
}
