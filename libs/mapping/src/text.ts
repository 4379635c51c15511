// Values as text, within bounds, and texts as numbers and truth values.
import { kindOf } from './json.ts';
import { mappingLimits } from './limits.ts';
import { measured, utf8Bytes } from './measure.ts';
import type { Run } from './run.ts';

const { textBytes, outputDepth } = mappingLimits;

export const textTooLong = `does not go into a text of ${textBytes / 1024} kB`;

/** Going through a text is work: a step for every 16 characters. */
export const stepsOf = (text: string): number => text.length >> 4;

export const isTooLong = (text: string): boolean =>
  text.length > textBytes || (text.length * 3 > textBytes && utf8Bytes(text) > textBytes);

/** A text, number or truth value as text. Anything else fails; null and absent are undefined. */
export function scalarText(run: Run, value: unknown, field: string): string | undefined {
  if (typeof value === 'string') return run.spend(stepsOf(value), field) ? value : undefined;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === null || value === undefined) return undefined;
  return run.fail(field, `${kindOf(value)} is not text`);
}

/** On whose account work is done, and for which field. */
export interface Account {
  run: Run;
  field: string;
}

/** A value as text for people: lists and objects as JSON, absent and null as nothing. Undefined where that is too long. */
export function shownText(value: unknown, { run, field }: Account): string | undefined {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const { chars, excess } = measured(value, { bytes: textBytes, depth: outputDepth });
  if (!run.spend(1 + (chars >> 4), field)) return undefined;
  return excess ? undefined : JSON.stringify(value);
}

/** The text that something was put together to; a failure where it is too long. */
export function bounded(run: Run, text: string | undefined, field: string): string | undefined {
  if (text === undefined) return run.fail(field, textTooLong);
  if (!run.spend(stepsOf(text), field)) return undefined;
  return isTooLong(text) ? run.fail(field, textTooLong) : text;
}

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,4})?$/i;
/** No number that is meant has more. */
const NUMBER_CHARS_MAX = 400;

/** A decimal number, as people and JSON write it; undefined where it is none. */
export function numberOf(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed.length > NUMBER_CHARS_MAX || !NUMBER.test(trimmed)) return undefined;
  const number = Number(trimmed);
  // Adding nothing makes a zero of a negative zero, which does not survive being written as JSON.
  return Number.isFinite(number) ? number + 0 : undefined;
}

const truths = new Map([
  ...['true', 'yes', 'y', 'on', '1'].map((word) => [word, true] as const),
  ...['false', 'no', 'n', 'off', '0'].map((word) => [word, false] as const),
]);

/** A truth value, in one of the words for it; undefined where it is none. */
export const booleanOf = (text: string): boolean | undefined => truths.get(text.trim().toLowerCase());
