// Directives that make text of text. Absent and null stay what they are; a number or truth value is taken as its text.
import { kindOf } from '../json.ts';
import { mappingLimits } from '../limits.ts';
import { Options } from '../options.ts';
import type { Run } from '../run.ts';
import type { Directive, Evaluate, Site } from '../site.ts';
import { bounded, scalarText, shownText, type Account } from '../text.ts';

/** Applies a change to the text of a value. */
function changed(value: Evaluate, { field }: Site, change: (text: string, run: Run) => unknown): Evaluate {
  return (run) => {
    const given = value(run);
    if (given === undefined || given === null) return given;
    const text = scalarText(run, given, field);
    return text === undefined ? undefined : change(text, run);
  };
}

const simple =
  (change: (text: string) => string): Directive =>
  (argument, site) =>
    changed(site.expression(argument), site, change);

/** `@lower` */
export const lower = simple((text) => text.toLowerCase());
/** `@upper` */
export const upper = simple((text) => text.toUpperCase());
/** `@trim` */
export const trim = simple((text) => text.trim());

/** `@substring`: by characters, so that none is cut in half. */
export const substring: Directive = (argument, site) => {
  const options = new Options(argument, site, ['value', 'start', 'length']);
  if (!options.has('start')) site.refuse('must have start');
  const start = options.count('start') ?? 0;
  const length = options.count('length');
  const end = length === undefined ? undefined : start + length;
  return changed(options.expression('value'), site, (text) =>
    SURROGATE.test(text) ? Array.from(text).slice(start, end).join('') : text.slice(start, end),
  );
};

const SURROGATE = /[\ud800-\udfff]/;

/** `@split`: a text into a list of texts. */
export const split: Directive = (argument, site) => {
  const options = new Options(argument, site, ['value', 'separator']);
  const separator = options.text('separator', ',');
  if (separator === '') options.at('separator').refuse('must not be empty');
  const { field } = site;
  return changed(options.expression('value'), site, (text, run) => {
    if (text === '') return [];
    const parts = text.split(separator);
    return run.spend(parts.length, field) ? parts : undefined;
  });
};

/** `@join`: a list into one text. What is blank in it is left out. */
export const join: Directive = (argument, site) => {
  const options = new Options(argument, site, ['value', 'separator']);
  const separator = options.text('separator', ',');
  const value = options.expression('value');
  const { field } = site;
  return (run) => {
    const list = value(run);
    if (list === undefined || list === null) return list;
    if (!Array.isArray(list)) return run.fail(field, `${kindOf(list)} is not a list to join`);
    return run.spend(list.length, field) ? bounded(run, joined(list, separator, { run, field }), field) : undefined;
  };
};

/** Undefined where it is too long. Stops as soon as it is. */
function joined(list: readonly unknown[], separator: string, account: Account): string | undefined {
  let text = '';
  let isFirst = true;
  for (const element of list) {
    const shown = shownText(element, account);
    if (shown === undefined) return undefined;
    if (shown === '') continue;
    text += isFirst ? shown : separator + shown;
    isFirst = false;
    if (text.length > mappingLimits.textBytes) return undefined;
  }
  return text;
}

/** `@json`: a value as JSON text. */
export const json: Directive = (argument, site) => {
  const value = site.expression(argument);
  const { field } = site;
  return (run) => {
    const given = value(run);
    if (given === undefined) return undefined;
    if (typeof given === 'object' && given !== null) return bounded(run, shownText(given, { run, field }), field);
    // Texts too get their quotes, unlike where text is shown to people; null is a text as well.
    const text = scalarText(run, given, field);
    if (run.hasFailed()) return undefined;
    return bounded(run, typeof given === 'string' ? JSON.stringify(text) : (text ?? 'null'), field);
  };
};

/** `@hash`: the SHA-256 of a text, in lower-case hexadecimal. An empty text has none. */
export const hash: Directive = (argument, site) => {
  const { sha256 } = site.build;
  return changed(site.expression(argument), site, (text) => (text === '' ? undefined : sha256(text)));
};
