// Marks a member of a connector's metadata as secret: sealed at rest and on topics, masked in every answer.
import type * as z from 'zod';

/** `writeOnly` is JSON Schema's own word for it, so the catalog needs no other. */
export const secret = <T extends z.ZodType>(shape: T): T => shape.meta({ ...shape.meta(), writeOnly: true });
