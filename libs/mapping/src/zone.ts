// Time zones by Intl: how far local time is ahead of UTC at an instant. Reads no clock.

export interface Zone {
  name: string;
  offsetMs: (atMs: number) => number;
}

const DAY_MS = 86_400_000;

export const utc: Zone = { name: 'UTC', offsetMs: () => 0 };

/** Each zone by the names it goes by, lower-case. Its formatter is large, and the same for everybody. */
const zones = new Map<string, Zone>();

/** The zone of an IANA name such as Europe/Berlin; undefined where there is none of that name. */
export function zoneNamed(name: string): Zone | undefined {
  const key = name.toLowerCase();
  const known = zones.get(key);
  if (known) return known;
  // Names are few; offsets such as +01:00, which Intl takes as well, are not.
  if (!/^[A-Za-z]/.test(name)) return undefined;
  try {
    const formatter = new Intl.DateTimeFormat('en-US', { ...localFields, timeZone: name });
    const canonical = formatter.resolvedOptions().timeZone;
    const zone =
      canonical === utc.name ? utc : { name: canonical, offsetMs: (atMs: number) => offsetMs(formatter, atMs) };
    zones.set(key, zone);
    return zone;
  } catch {
    return undefined;
  }
}

/**
 * The instant at which clocks in a zone show a local time, given as if it were UTC. A time that is shown twice is the first of
 * the two; a time that is skipped is as much later as clocks are put forward.
 */
export function instantAt(localMs: number, zone: Zone): number {
  const first = localMs - zone.offsetMs(localMs - DAY_MS);
  if (first + zone.offsetMs(first) === localMs) return first;
  const second = localMs - zone.offsetMs(localMs + DAY_MS);
  return second + zone.offsetMs(second) === localMs ? second : first;
}

const localFields: Intl.DateTimeFormatOptions = {
  calendar: 'gregory',
  numberingSystem: 'latn',
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
};

function offsetMs(formatter: Intl.DateTimeFormat, atMs: number): number {
  // 3/29/2026, 03:00:00. Formatting to parts says the same in three times the time.
  const [month = 1, day = 1, year = 1970, ...clock] = (formatter.format(atMs).match(/\d+/g) ?? []).map(Number);
  const [hour = 0, minute = 0, second = 0] = clock;
  const local = new Date(0);
  local.setUTCFullYear(year, month - 1, day);
  local.setUTCHours(hour, minute, second);
  return local.getTime() - Math.floor(atMs / 1000) * 1000;
}
