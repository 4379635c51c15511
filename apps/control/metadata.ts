// A connection's metadata: checked by its connector's schema, parted into settings and secrets, shown with the secrets masked. Pure.
import { ApiError, type FieldProblem } from '@sluice/api';
import type { CatalogEntry } from '@sluice/contracts';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormatsModule, { type FormatsPlugin } from 'ajv-formats';

/** What stands in an answer where a secret is set. Sent back, it means "as it was". */
export const MASK = '********';

export type Metadata = Record<string, unknown>;

/** Metadata parted by what may be shown. */
export interface Parted {
  settings: Metadata;
  credentials: Metadata;
}

const ajv = new Ajv2020({ allErrors: true, strict: false, useDefaults: true, verbose: true });
// A CommonJS package: its function stands one level down.
const addFormats = addFormatsModule as unknown as { default: FormatsPlugin };
addFormats.default(ajv);
ajv.addFormat('uri', { type: 'string', validate: (text) => URL.canParse(text) });

const validators = new Map<string, ValidateFunction>();

/** The metadata with defaults filled in. Throws ApiError (400) naming every member that does not fit. */
export function checkedMetadata(entry: CatalogEntry, metadata: Metadata): Metadata {
  return checked(`${entry.slug} metadata`, { schema: entry.metadata, value: metadata, at: 'metadata' });
}

/** The action's own fields of a rule's metadata, checked where the action declares any. */
export function checkedFields(entry: CatalogEntry, action: string, fields: Metadata): Metadata {
  const declared = Object.hasOwn(entry.actions, action) ? entry.actions[action] : undefined;
  if (!declared) {
    const known = Object.keys(entry.actions).join(', ');
    throw new ApiError('field_invalid', { data: [{ param: 'metadata.action', msg: `must be one of ${known}` }] });
  }
  if (!declared.fields) return fields;
  return checked(`${entry.slug} ${action}`, { schema: declared.fields, value: fields, at: 'metadata' });
}

/** Names of the members that must not be shown. */
export function secretNames(entry: CatalogEntry): string[] {
  return Object.entries(properties(entry)).flatMap(([name, schema]) => (schema.writeOnly === true ? [name] : []));
}

/** Members that are made when they are missing, and by which recipe. */
export function generatedNames(entry: CatalogEntry): [name: string, recipe: string][] {
  return Object.entries(properties(entry)).flatMap(([name, schema]) =>
    typeof schema.generate === 'string' ? [[name, schema.generate] as [string, string]] : [],
  );
}

/** Parts metadata into what may be shown and what may not. */
export function part(entry: CatalogEntry, metadata: Metadata): Parted {
  const secrets = new Set(secretNames(entry));
  const entries = Object.entries(metadata);
  return {
    settings: Object.fromEntries(entries.filter(([name]) => !secrets.has(name))),
    credentials: Object.fromEntries(entries.filter(([name]) => secrets.has(name))),
  };
}

/** The metadata as it may be shown. */
export function masked(settings: Metadata, credentialNames: readonly string[]): Metadata {
  return { ...settings, ...Object.fromEntries(credentialNames.map((name) => [name, MASK])) };
}

/**
 * New metadata in place of what was: a secret that is left out, or comes back masked, stays; null takes it away.
 * Members of a secret object (headers) stay one by one.
 */
export function withKeptSecrets(entry: CatalogEntry, metadata: Metadata, before: Metadata): Metadata {
  const result = { ...metadata };
  for (const name of secretNames(entry)) {
    const value = kept(result[name], before[name]);
    if (value === undefined) delete result[name];
    else result[name] = value;
  }
  return result;
}

function kept(value: unknown, before: unknown): unknown {
  if (value === null) return undefined;
  if (value === undefined || value === MASK) return before;
  if (typeof value !== 'object' || Array.isArray(value)) return value;
  const known = (before ?? {}) as Metadata;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, each === MASK ? known[name] : each]));
}

function properties(entry: CatalogEntry): Record<string, Metadata> {
  return (entry.metadata.properties ?? {}) as Record<string, Metadata>;
}

function checked(name: string, { schema, value, at }: { schema: Metadata; value: Metadata; at: string }): Metadata {
  let validate = validators.get(name);
  if (!validate) {
    validate = ajv.compile(schema);
    validators.set(name, validate);
  }
  const copy = structuredClone(value);
  if (validate(copy)) return copy;
  const data = (validate.errors ?? []).flatMap((error) => problemOf(error, at));
  throw new ApiError('field_invalid', { data });
}

function problemOf(error: ErrorObject, at: string): FieldProblem[] {
  const path = [at, ...error.instancePath.split('/').slice(1)].join('.');
  switch (error.keyword) {
    case 'if':
      // Says only that a `then` failed, whose own errors stand beside it.
      return [];
    case 'required':
      return [{ param: `${path}.${String(error.params.missingProperty)}`, msg: 'is required' }];
    case 'additionalProperties':
      return [{ param: `${path}.${String(error.params.additionalProperty)}`, msg: 'is not known' }];
    case 'propertyNames':
      return [{ param: `${path}.${String(error.params.propertyName)}`, msg: 'is not a name that may be set' }];
    case 'enum':
      return [{ param: path, msg: `must be one of ${(error.params.allowedValues as unknown[]).join(', ')}` }];
    case 'pattern':
      // A property name that does not fit is told by `propertyNames`.
      return error.propertyName === undefined ? [{ param: path, msg: hintOf(error) }] : [];
    default:
      return [{ param: path, msg: error.message ?? 'is not valid' }];
  }
}

/** What the schema says of its own pattern, in words. */
function hintOf({ parentSchema }: ErrorObject): string {
  const hint: unknown = parentSchema?.hint;
  return typeof hint === 'string' ? hint : 'has characters or a form that is not allowed';
}
