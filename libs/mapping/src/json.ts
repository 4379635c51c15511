// The kinds of JSON values, and which keys no object that is made here may have.

/** Keys that would reach an object's prototype once somebody merges or assigns them. */
export const isForbiddenKey = (key: string): boolean =>
  key === '__proto__' || key === 'constructor' || key === 'prototype';

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a value is, as messages say it. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string') return 'a text';
  return `a ${typeof value}`;
}

/** Whether there is nothing in a value: absent, null, an empty text or list. To know it of an object takes all its keys. */
export const isBlank = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

/** A copy nobody can change: it is shared by every run. */
export const frozen = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_key, part: unknown) => Object.freeze(part)) as unknown;

/** Whether an object is a directive, or means to be one: a key begins with "@". */
export const isDirective = (json: Record<string, unknown>): boolean =>
  Object.keys(json).some((key) => key.startsWith('@'));
