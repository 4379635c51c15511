// Records as HubSpot takes them: properties by their internal names, every value a text.
import { email, fromPayload, text } from '@sluice/connector-kit';
import * as z from 'zod';

export const propertyValue = z
  .union([z.string().max(65_536), z.number(), z.boolean(), z.null()])
  .meta({ description: 'null and "" clear the property' });

export const propertyName = text(/^[A-Za-z0-9_]+$/, "must be the internal name of a property, like 'lifecyclestage'", {
  min: 1,
  max: 100,
});

export const contact = z
  .object({ email: email() })
  .catchall(propertyValue)
  .meta({ description: 'properties of a contact by their internal names' });

export type Contact = z.infer<typeof contact>;

export const contactMapping = fromPayload({
  email: 'email',
  firstname: 'first_name',
  lastname: 'last_name',
  company: 'company',
  phone: 'phone',
});

type PropertyValue = z.infer<typeof propertyValue>;

/** Undefined members are left out. */
export function propertiesOf(record: Readonly<Record<string, PropertyValue | undefined>>): Record<string, string> {
  const given = Object.entries(record).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name, String(value ?? '')]));
}
