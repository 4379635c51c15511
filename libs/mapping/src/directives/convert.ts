// Directives that turn a value into another kind. Absent and null stay what they are; a blank text is absent, except as text.
import { kindOf } from '../json.ts';
import { dateForms, dateSources, instantOf, written } from '../date.ts';
import { Options } from '../options.ts';
import type { Run } from '../run.ts';
import type { Directive, Evaluate } from '../site.ts';
import { booleanOf, bounded, numberOf, shownText, stepsOf } from '../text.ts';
import { utc, zoneNamed } from '../zone.ts';

/** `@string`: lists and objects as JSON. */
export const string: Directive = (argument, site) => {
  const value = site.expression(argument);
  const { field } = site;
  return (run) => {
    const given = value(run);
    if (given === undefined || given === null || typeof given === 'string') return given;
    return bounded(run, shownText(given, { run, field }), field);
  };
};

interface Conversion {
  wanted: string;
  of: (value: string | number | boolean) => unknown;
  /** What it takes, where that is more than to go through a text. */
  steps?: number;
}

function converted(value: Evaluate, field: string, { wanted, of, steps = 0 }: Conversion): Evaluate {
  const converting = (given: unknown, run: Run): unknown => {
    if (typeof given === 'object') return run.fail(field, `${kindOf(given)} is not ${wanted}`);
    const result = of(given as string | number | boolean);
    return result === undefined ? run.fail(field, `${kindOf(given)} that cannot be read as ${wanted}`) : result;
  };
  return (run) => {
    const given = value(run);
    if (given === undefined || given === null) return given;
    if (!run.spend(typeof given === 'string' ? steps + stepsOf(given) : steps, field)) return undefined;
    return typeof given === 'string' && given.trim() === '' ? undefined : converting(given, run);
  };
}

/** `@number` */
export const number: Directive = (argument, site) =>
  converted(site.expression(argument), site.field, {
    wanted: 'a number',
    of: (value) => (typeof value === 'string' ? numberOf(value) : Number(value)),
  });

/** `@boolean` */
export const boolean: Directive = (argument, site) =>
  converted(site.expression(argument), site.field, {
    wanted: 'true or false',
    of: (value) => (typeof value === 'boolean' ? value : booleanOf(String(value))),
  });

/** The rules of a zone are gone through for each date. */
const ZONE_STEPS = 50;

/** `@date`: between ISO texts and epoch numbers, in a time zone. */
export const date: Directive = (argument, site) => {
  const options = new Options(argument, site, ['value', 'from', 'to', 'timezone']);
  const from = options.oneOf('from', dateSources);
  const to = options.oneOf('to', dateForms) ?? 'iso';
  const zone = zoneNamed(options.text('timezone', 'UTC'));
  if (!zone) options.at('timezone').refuse('must be the name of a time zone, such as Europe/Berlin');
  const reading = { from, zone: zone ?? utc };
  const writing = { to, zone: zone ?? utc };
  return converted(options.expression('value'), site.field, {
    wanted: 'a date',
    steps: zone === utc ? 0 : ZONE_STEPS,
    of: (value) => {
      const ms = typeof value === 'boolean' ? undefined : instantOf(value, reading);
      return ms === undefined ? undefined : written(ms, writing);
    },
  });
};
