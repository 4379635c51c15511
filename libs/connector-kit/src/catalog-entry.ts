// A connector's declared facts as data, for the catalog: control validates with it, the console renders forms from it.
import type { CatalogAction, CatalogEntry } from '@sluice/contracts';
import * as z from 'zod';
import type { Action, Connector } from './connector.ts';

export function catalogEntry<M>(connector: Connector<M>): CatalogEntry {
  const { slug, label, apiVersion, authentication, metadata, oauth, limits, actions } = connector;
  return {
    slug,
    label,
    api_version: apiVersion,
    authentication,
    metadata: schemaOf(metadata),
    ...(oauth ? { oauth } : {}),
    ...(limits ? { limits } : {}),
    has_test: connector.test !== undefined,
    choices: Object.keys(connector.choices ?? {}),
    has_record_fields: connector.recordFields !== undefined,
    actions: Object.fromEntries(Object.entries(actions).map(([key, action]) => [key, catalogAction(key, action)])),
  };
}

function catalogAction<M>(key: string, action: Action<M>): CatalogAction {
  const { label, noun, fields, input, defaultMapping, idempotency, batch } = action;
  return {
    key,
    label,
    noun,
    idempotency,
    ...(fields ? { fields: schemaOf(fields) } : {}),
    ...(input ? { input: schemaOf(input) } : {}),
    ...(defaultMapping ? { default_mapping: defaultMapping } : {}),
    ...(batch ? { batch_max: batch.max } : {}),
  };
}

function schemaOf(shape: z.ZodType): Record<string, unknown> {
  const { $schema: _schema, ...schema } = z.toJSONSchema(shape, { io: 'input' }) as Record<string, unknown>;
  return schema;
}
