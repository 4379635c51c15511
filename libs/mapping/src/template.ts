// Templates: "Hello {{first_name}}, {{address.city}}". A placeholder is a path; what is absent is empty, lists and objects are JSON.
import { mappingLimits } from './limits.ts';
import { parsePath, reader, type Read } from './path.ts';
import { isTooLong, shownText, type Account } from './text.ts';

interface Template {
  /** The texts around the placeholders, one more than those. */
  texts: readonly string[];
  reads: readonly Read[];
}

/** A template, or what is wrong with it. */
export function parseTemplate(text: string): Template | string {
  const texts: string[] = [];
  const reads: Read[] = [];
  let at = 0;
  for (let open = text.indexOf('{{'); open >= 0; open = text.indexOf('{{', at)) {
    const close = text.indexOf('}}', open);
    if (close < 0) return 'has a placeholder without its end, }}';
    const name = text.slice(open + 2, close).trim();
    const path = parsePath(name);
    if (name === '') return 'has a placeholder without a name';
    if (typeof path === 'string') return `has a placeholder whose path ${path}: {{${name.slice(0, 100)}}}`;
    texts.push(text.slice(at, open));
    reads.push(reader(path));
    at = close + 2;
  }
  return { texts: [...texts, text.slice(at)], reads };
}

/** The text a template makes; undefined where it is too long. Stops as soon as it is. */
export function fill({ texts, reads }: Template, from: unknown, account: Account): string | undefined {
  let made = texts[0] ?? '';
  for (let at = 0; at < reads.length; at++) {
    const shown = shownText(reads[at]?.(from), account);
    if (shown === undefined) return undefined;
    made += shown + (texts[at + 1] ?? '');
    if (made.length > mappingLimits.textBytes) return undefined;
  }
  return isTooLong(made) ? undefined : made;
}
