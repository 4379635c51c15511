// Local times and instants: there and back in every zone, and where clocks are put forward or back.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { instantOf, written } from './date.ts';
import { instantAt, utc, zoneNamed, type Zone } from './zone.ts';

const zoneOf = (name: string): Zone => zoneNamed(name) ?? utc;
const zones = fc.constantFrom(
  ...['Europe/Berlin', 'America/New_York', 'America/St_Johns', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Pacific/Apia'],
);
const instants = fc.integer({ min: Date.parse('1900-01-01'), max: Date.parse('2100-01-01') });

describe('a time zone', () => {
  it('is known by its names, in any case, and by nothing else', () => {
    expect(zoneOf('europe/BERLIN').name).toBe('Europe/Berlin');
    expect(zoneNamed('Etc/UTC')).toBe(utc);
    for (const name of ['', 'Mars/Base', '+01:00', '-0100', '5']) expect(zoneNamed(name)).toBeUndefined();
  });

  it('shows an instant as a text that is read as the same instant', () => {
    fc.assert(
      fc.property(zones, instants, (name, ms) => {
        const zone = zoneOf(name);
        const text = written(ms, { to: 'iso', zone });
        expect(instantOf(text, { from: 'iso', zone: utc })).toBe(ms);
        expect(Date.parse(String(text))).toBe(ms);
      }),
    );
  });

  it('reads a local time as an instant that is shown as that local time, unless clocks skip it', () => {
    fc.assert(
      fc.property(zones, instants, (name, localMs) => {
        const zone = zoneOf(name);
        const instant = instantAt(localMs, zone);
        const shown = instant + zone.offsetMs(instant);
        // A skipped time is shown later, by what clocks were put forward; across the date line that is a day.
        expect(shown - localMs).toBeGreaterThanOrEqual(0);
        expect(shown - localMs).toBeLessThanOrEqual(86_400_000);
        // Only local times that some instant shows are shown again.
        if (shown !== localMs) {
          for (const offsetMs of [zone.offsetMs(instant - 1), zone.offsetMs(instant)]) {
            expect(zone.offsetMs(localMs - offsetMs)).not.toBe(offsetMs);
          }
        }
      }),
    );
  });

  it.each([
    ['skipped: an hour later', 'America/New_York', '2026-03-08T02:30:00', '2026-03-08T07:30:00.000Z'],
    ['shown twice: the first', 'America/New_York', '2026-11-01T01:30:00', '2026-11-01T05:30:00.000Z'],
    ['after both', 'America/New_York', '2026-11-01T02:00:00', '2026-11-01T07:00:00.000Z'],
    ['half an hour', 'Australia/Lord_Howe', '2026-10-04T02:15:00', '2026-10-03T15:45:00.000Z'],
    ['a day that was left out', 'Pacific/Apia', '2011-12-30T12:00:00', '2011-12-30T22:00:00.000Z'],
  ])('%s', (_what, name, local, instant) => {
    const ms = instantOf(local, { from: 'iso', zone: zoneOf(name) }) ?? 0;
    expect(new Date(ms).toISOString()).toBe(instant);
  });
});
