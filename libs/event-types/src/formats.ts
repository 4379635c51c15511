// The formats that are taken. Each looks at a bounded length in time linear in it; format-by-format attacks are in formats.test.ts.
import { isEmail } from '@sluice/contracts';
import formatsModule, { type FormatName, type FormatsPlugin } from 'ajv-formats';

export interface TextFormat {
  /** Texts longer than this are not of the format, without a look. */
  readonly longest: number;
  readonly fits: (text: string) => boolean;
}

// A CommonJS package: its function stands one level down.
const plugin = (formatsModule as unknown as { default: FormatsPlugin }).default;

/** Ajv's own notion of a format. */
function ofAjv(name: FormatName, longest: number): [string, TextFormat] {
  const format = plugin.get(name);
  const validate = typeof format === 'object' && 'validate' in format ? format.validate : format;
  if (validate instanceof RegExp) return [name, { longest, fits: (text) => validate.test(text) }];
  if (typeof validate !== 'function') throw new Error(`ajv-formats has no check of ${name}`);
  return [name, { longest, fits: validate as (text: string) => boolean }];
}

// Absolute, of the characters RFC 3986 has; the built-in parser alone would also take spaces and put them right.
const URI = /^[a-z][a-z0-9+.-]*:[!#-;=?-[\]_a-z~%]+$/i;

export const formats: ReadonlyMap<string, TextFormat> = new Map([
  ofAjv('date-time', 64),
  ofAjv('date', 10),
  ofAjv('time', 64),
  ofAjv('duration', 64),
  ['email', { longest: 254, fits: isEmail }],
  ofAjv('hostname', 253),
  ofAjv('ipv4', 15),
  ofAjv('ipv6', 45),
  ['uri', { longest: 2048, fits: (text: string) => URI.test(text) && URL.canParse(text) }],
  ofAjv('uuid', 45),
  ofAjv('json-pointer', 1024),
]);
