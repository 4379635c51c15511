// Points in time: read from ISO texts and epoch numbers, written as either, in a time zone.
import { instantAt, type Zone } from './zone.ts';

export const dateSources = ['iso', 'epoch_s', 'epoch_ms'] as const;
export const dateForms = ['iso', 'date', 'epoch_s', 'epoch_ms'] as const;
type DateSource = (typeof dateSources)[number];
type DateForm = (typeof dateForms)[number];

// Years of four digits, with a day to spare for zones.
const EARLIEST_MS = Date.parse('0001-01-02T00:00:00Z');
const LATEST_MS = Date.parse('9999-12-30T23:59:59.999Z');
/** Below it a number is taken for seconds: as such it is the year 5138, as milliseconds 1973. */
const SECONDS_BELOW = 1e11;
const MINUTE_MS = 60_000;

const ISO =
  /^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?([Zz]|[+-]\d{2}(?::?\d{2})?)?)?$/;
/** A text that is an epoch number and nothing else. */
const EPOCH = /^-?\d{9,16}(\.\d{1,9})?$/;
const NUMBER = /^-?\d{1,16}(\.\d{1,9})?$/;

/** Milliseconds since 1970; undefined where the value is no point in time. `zone` is for texts that name none. */
export function instantOf(
  value: string | number,
  { from, zone }: { from: DateSource | undefined; zone: Zone },
): number | undefined {
  const ms = typeof value === 'number' ? ofNumber(value, from) : ofText(value.trim(), { from, zone });
  return ms !== undefined && ms >= EARLIEST_MS && ms <= LATEST_MS ? ms : undefined;
}

function ofNumber(value: number, from: DateSource | undefined): number | undefined {
  if (from === 'iso' || !Number.isFinite(value)) return undefined;
  const isSeconds = from === 'epoch_s' || (from === undefined && Math.abs(value) < SECONDS_BELOW);
  // Adding nothing makes a zero of a negative zero, which does not survive being written as JSON.
  return Math.round(isSeconds ? value * 1000 : value) + 0;
}

function ofText(text: string, { from, zone }: { from: DateSource | undefined; zone: Zone }): number | undefined {
  if ((from === undefined ? EPOCH : NUMBER).test(text)) return ofNumber(Number(text), from);
  return from === undefined || from === 'iso' ? ofIso(text, zone) : undefined;
}

function ofIso(text: string, zone: Zone): number | undefined {
  const [matched, day, minutes = '00:00', seconds = '00', fraction = '', offset] = ISO.exec(text) ?? [];
  if (matched === undefined || day === undefined) return undefined;
  const localMs = Date.parse(`${day}T${minutes}:${seconds}.${fraction.slice(0, 3).padEnd(3, '0')}Z`);
  // What the calendar does not have, the 30th of February, would be taken for a day of the next month.
  if (Number.isNaN(localMs) || !new Date(localMs).toISOString().startsWith(`${day}T${minutes}`)) return undefined;
  if (offset === undefined) return instantAt(localMs, zone);
  const offsetMs = ofOffset(offset);
  return offsetMs === undefined ? undefined : localMs - offsetMs;
}

function ofOffset(offset: string): number | undefined {
  if (offset === 'Z' || offset === 'z') return 0;
  const digits = offset.slice(1).replace(':', '').padEnd(4, '0');
  const [hours, minutes] = [Number(digits.slice(0, 2)), Number(digits.slice(2))];
  if (hours > 23 || minutes > 59) return undefined;
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * MINUTE_MS;
}

/** An instant as text or number. */
export function written(ms: number, { to, zone }: { to: DateForm; zone: Zone }): string | number {
  switch (to) {
    case 'epoch_ms':
      return ms;
    case 'epoch_s':
      return Math.floor(ms / 1000);
    case 'date':
      return new Date(ms + zone.offsetMs(ms)).toISOString().slice(0, 10);
    case 'iso':
      return isoIn(ms, zone);
  }
}

function isoIn(ms: number, zone: Zone): string {
  if (zone.name === 'UTC') return new Date(ms).toISOString();
  // Offsets of old had seconds, which the form has no room for: the instant stays right, the local time is off by them.
  const offsetMs = Math.trunc(zone.offsetMs(ms) / MINUTE_MS) * MINUTE_MS;
  const minutes = Math.abs(offsetMs) / MINUTE_MS;
  const two = (number: number): string => String(number).padStart(2, '0');
  const offset = `${offsetMs < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
  return new Date(ms + offsetMs).toISOString().replace('Z', offset);
}
