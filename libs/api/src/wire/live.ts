// What a connection's vendor is asked for over the wire: a test, choices for the fields of actions, the fields of its records.
import * as z from 'zod';
import { integrationAnswer } from './integrations.ts';
import { id, jsonObject, time } from './primitives.ts';

export const refreshQuery = z.object({
  refresh: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .meta({ description: 'ask the vendor again, whatever was heard within the hour' }),
});
export type RefreshQuery = z.output<typeof refreshQuery>;

export const connectionTestAnswer = z
  .object({
    ok: z.boolean(),
    message: z.string().meta({ description: 'what the vendor said, or whose account it is' }),
    tested_at: time,
  })
  .meta({ id: 'ConnectionTest' });
export type ConnectionTestAnswer = z.infer<typeof connectionTestAnswer>;

export const connectionActionsAnswer = z
  .object({
    actions: integrationAnswer.shape.actions.meta({
      description: 'as in GET /integrations; a member of `fields` has as `choices` what the vendor offers now',
    }),
  })
  .meta({ id: 'ConnectionActions' });
export type ConnectionActionsAnswer = z.infer<typeof connectionActionsAnswer>;

export const connectionFieldsAnswer = z
  .object({
    id,
    workspace_id: id,
    connection_id: id,
    integration_type: z.string(),
    catalog_version: z.string().meta({ description: "the version of the vendor's API that is spoken" }),
    refreshed_at: time,
    fields: z.array(
      z.object({
        key: z.string(),
        label: z.string(),
        type: z.string(),
        description: z.string(),
        constraints: jsonObject,
      }),
    ),
  })
  .meta({ id: 'ConnectionFields' });
export type ConnectionFieldsAnswer = z.infer<typeof connectionFieldsAnswer>;
