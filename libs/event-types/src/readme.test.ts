// The page for users tells the truth: its example is taken, its keywords and formats are all there are, its table and its limits hold.
import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkEventTypeSchema } from './check-schema.ts';
import { formats } from './formats.ts';
import { incompatibilities } from './incompatibilities.ts';
import { limits } from './limits.ts';
import { hintOf, kindOf } from './schema.ts';

const page = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
const [, example = ''] = /^```json\n(.*?)^```/ms.exec(page) ?? [];

/** What stands between backquotes in a part of the page. */
const quoted = (part: string): string[] => [...part.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);
const section = (heading: string): string => page.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';

describe('a schema', () => {
  it('like the example is taken', () => {
    expect(checkEventTypeSchema(JSON.parse(example))).toEqual([]);
  });

  it('may have the keywords and formats that are named, and no others', () => {
    const [keywords = '', others = ''] = section('What a schema may say').split('\nFormats count: ');
    const [named = ''] = others.split('. ');
    expect(quoted(keywords).sort()).toEqual([...kindOf.keys()].sort());
    expect(quoted(named).sort()).toEqual([...formats.keys()].sort());
  });

  it('may not have what is named among the refused', () => {
    const named = quoted(section('What is refused'));
    expect([...hintOf.keys()].filter((keyword) => !named.includes(keyword))).toEqual([]);
  });
});

describe('a new version', () => {
  const changes = [...page.matchAll(/^\| (.*) \| `(\{.*\})` \| `(\{.*\})` \| (.*) \|$/gm)].map(
    ([, what = '', before = '', after = '', breaks = '']) => ({ what, before, after, breaks }),
  );
  const withA = (a: string): object => ({ type: 'object', properties: { a: JSON.parse(a) as unknown } });

  it('is in the table for whatever people change', () => {
    expect(changes.length).toBeGreaterThan(15);
  });

  it.each(changes)('with $what breaks $breaks', ({ before, after, breaks }) => {
    const [old, now] = [withA(before), withA(after)];
    expect([...checkEventTypeSchema(old), ...checkEventTypeSchema(now)]).toEqual([]);
    const broken = incompatibilities(old, now).map(({ msg }) =>
      msg.includes('consumers') ? 'consumers' : 'producers',
    );
    expect([...new Set(broken)]).toEqual(breaks === 'nobody' ? [] : [breaks]);
  });
});

describe('the limits', () => {
  it('are all of them, in the same order', () => {
    const figures = [...page.matchAll(/^\| .* \| ([\d,]+)( kB)? \|$/gm)].map(
      ([, digits = '', kB]) => Number(digits.replaceAll(',', '')) * (kB ? 1024 : 1),
    );
    expect(figures).toEqual(Object.values(limits));
  });
});
