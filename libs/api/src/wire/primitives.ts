// Shapes that several answers share: ids, times, names.
import * as z from 'zod';

export const id = z.uuid().meta({ description: 'UUID' });
export const time = z.iso.datetime({ offset: true }).meta({ description: 'RFC 3339' });
export const resourceName = z
  .string()
  .regex(/^[A-Za-z0-9._:-]{1,64}$/, 'must be 1 to 64 characters of A-Z a-z 0-9 . _ : -');
export const jsonObject = z.record(z.string(), z.unknown());
export const eventType = z
  .string()
  .min(1)
  .max(200)
  .meta({ description: 'event type, dotted by convention', examples: ['lead.created'] });
