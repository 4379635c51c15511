// Workspaces over the wire.
import * as z from 'zod';
import { id, time } from './primitives.ts';

export const workspaceInput = z
  .object({
    name: z.string().regex(/^[a-zA-Z0-9 _-]{3,50}$/, 'must be 3 to 50 characters of A-Z a-z 0-9, space, _ and -'),
    description: z.string().max(1_024).nullish(),
  })
  .meta({ id: 'WorkspaceInput' });
export type WorkspaceInput = z.infer<typeof workspaceInput>;

export const workspaceUpdate = workspaceInput.partial().meta({ id: 'WorkspaceUpdate' });
export type WorkspaceUpdate = z.infer<typeof workspaceUpdate>;

export const workspaceAnswer = z
  .object({
    id,
    name: z.string(),
    description: z.string().nullable(),
    created_at: time,
    updated_at: time,
    publishable_key: z.object({ public_key: z.string(), name: z.string() }).optional(),
  })
  .meta({ id: 'Workspace' });
export type WorkspaceAnswer = z.infer<typeof workspaceAnswer>;
