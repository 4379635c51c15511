// Texts of a form, with words for what does not fit: they travel with the JSON Schema and stand in the API's answers.
import * as z from 'zod';

/** A text of a form, of `length` characters; `hint` completes the sentence "<member> ...". */
export const text = (form: RegExp, hint: string, length: { min: number; max: number }) =>
  z.string().min(length.min).max(length.max).regex(form).meta({ hint });

/** A key, a token, a name to sign in with: what can stand in a header. */
export const credential = (max = 1_024) =>
  text(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces', { min: 1, max });

/** Where a vendor is called: what a path with a slash in front is put behind. */
export const baseUrl = text(
  /^https?:\/\/[^\s/?#@\\]+(\/[^\s/?#\\]+)*$/,
  'must be an http or https URL without user info, query or a slash at its end',
  { min: 1, max: 2_048 },
).meta({ format: 'uri', description: 'for proxies and tests' });

/** An email as vendors know people by it: made small, without white space around it. */
export const email = (max = 320) =>
  z
    .string()
    .regex(/^\s*[^\s@]+@[^\s@]+\s*$/)
    .trim()
    .toLowerCase()
    .max(max)
    .meta({ hint: 'must be an email address' });
