// The page for users tells the truth: its examples compile and make what it says, and its limits are the ones that hold.
import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { directives } from './directives/index.ts';
import { mappingLimits } from './limits.ts';
import { checkMapping } from './mapping.ts';
import { ranMap } from '../testing/samples.ts';

const page = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
const blocks = [...page.matchAll(/^```json\n(.*?)^```/gms)].map(([, text = '']) => JSON.parse(text) as object);
const mappings = blocks.filter((block) => 'schema_version' in block);
const [payload] = blocks.filter((block) => !('schema_version' in block));

/** Rows of the tables of directives: the example and what it makes. */
const examples = [...page.matchAll(/^\|.*\| `(\{.*\})` \| (`.*`|nothing) \|$/gm)].map(
  ([, example = '', makes = '']): [example: string, makes: string] => [example, makes],
);

describe('the examples', () => {
  it('of whole mappings are sound', () => {
    expect(mappings.length).toBeGreaterThan(3);
    for (const mapping of mappings)
      expect({ mapping, problems: checkMapping(mapping) }).toEqual({ mapping, problems: [] });
  });

  it.each(examples)('%s makes %s', (example, makes) => {
    const value = makes === 'nothing' ? {} : { v: JSON.parse(makes.slice(1, -1)) as unknown };
    expect(ranMap({ v: JSON.parse(example) as unknown }, payload)).toEqual({ ok: true, value, warnings: [] });
  });

  it('show every directive', () => {
    // @lower shares a row with @upper.
    const shown = ['@lower', ...examples.map(([example]) => example)].join(' ');
    expect([...directives.keys()].filter((name) => !shown.includes(name))).toEqual([]);
  });
});

describe('the limits', () => {
  it('are all of them, in the same order', () => {
    const figures = [...page.matchAll(/^\| .* \| ([\d,]+)( kB)? \|$/gm)].map(
      ([, digits = '', kB]) => Number(digits.replaceAll(',', '')) * (kB ? 1024 : 1),
    );
    expect(figures).toEqual(Object.values(mappingLimits));
  });
});
