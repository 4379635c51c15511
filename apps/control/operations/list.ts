// The shape of every list.
import * as z from 'zod';

/** The answer of a list. */
export const list = (record: z.ZodType) =>
  z.object({ count: z.int(), limit: z.int(), next_cursor: z.string().nullable(), records: z.array(record) });
