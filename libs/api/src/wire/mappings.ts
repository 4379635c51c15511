// Mappings over the wire: the default mapping of a connection, its versions, and a look at what a new one would change.
import * as z from 'zod';
import { id, jsonObject, time } from './primitives.ts';

export const mappingInput = z
  .object({
    schema: jsonObject,
    name: z.string().trim().min(1).max(128).optional(),
    expected_version: z.int().min(0).optional().meta({ description: '0: there must be none yet' }),
  })
  .meta({ id: 'MappingInput' });
export type MappingInput = z.infer<typeof mappingInput>;

export const mappingAnswer = z
  .object({
    status: z.enum(['stored', 'generated']),
    mapping: z.object({
      id: id.nullable(),
      mapping_id: id.nullable(),
      version: z.int(),
      workspace_id: id,
      connection_id: id,
      integration_type: z.string(),
      name: z.string(),
      schema: jsonObject,
      created_by: z.string().nullable(),
      created_at: time.nullable(),
      updated_at: time.nullable(),
    }),
  })
  .meta({ id: 'DefaultMapping' });
export type MappingAnswer = z.infer<typeof mappingAnswer>;

export const mappingVersion = z
  .object({ version: z.int(), name: z.string(), schema: jsonObject, created_by: z.string(), created_at: time })
  .meta({ id: 'MappingVersion' });

export const previewLimits = { default: 10, max: 50 } as const;

export const mappingPreviewInput = z
  .object({
    workspace: id,
    schema: jsonObject.meta({ description: 'the new mapping' }),
    rule: id.optional().meta({ description: 'compare with what this rule does, on events that it matches' }),
    connection: id.optional().meta({ description: "compare with this connection's default mapping" }),
    event: z.string().max(200).optional().meta({ description: 'only events of this type' }),
    limit: z.int().min(1).max(previewLimits.max).optional(),
  })
  .meta({ id: 'MappingPreviewInput' });
export type MappingPreviewInput = z.infer<typeof mappingPreviewInput>;

const side = z.object({
  payload: z.unknown().optional(),
  error: z.object({ field: z.string(), message: z.string() }).optional(),
});

export const mappingPreview = z
  .object({
    count: z.int(),
    changed: z.int(),
    failed: z.int().meta({ description: 'events that the new mapping cannot map' }),
    records: z.array(
      z.object({
        event: id,
        before: side,
        after: side,
        diff: z.array(z.object({ path: z.string(), before: z.unknown().optional(), after: z.unknown().optional() })),
      }),
    ),
  })
  .meta({ id: 'MappingPreview' });
export type MappingPreview = z.infer<typeof mappingPreview>;
