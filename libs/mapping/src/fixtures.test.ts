// Every directive, transform and refusal, as data: fixtures/valid says what is made of payloads, fixtures/invalid what is refused.
import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { directives } from './directives/index.ts';
import { checkMapping, compileMapping, type MapInput } from './mapping.ts';
import { ran, sha256 } from '../testing/samples.ts';

interface Case {
  payload: unknown;
  event?: Partial<MapInput['event']>;
  value?: unknown;
  failure?: { field: string; message: string };
  warnings?: { field: string; message: string }[];
}

function fixtures<T>(kind: 'valid' | 'invalid'): [name: string, fixture: T][] {
  const folder = join(import.meta.dirname, '..', 'fixtures', kind);
  return readdirSync(folder).map((file) => [
    basename(file, '.json'),
    JSON.parse(readFileSync(join(folder, file), 'utf8')) as T,
  ]);
}

const valid = fixtures<{ schema: unknown; cases: Case[] }>('valid');
const invalid = fixtures<{ schema: unknown; problems: unknown[] }>('invalid');

describe('a sound mapping', () => {
  it.each(valid)('%s', (_name, { schema, cases }) => {
    expect(checkMapping(schema)).toEqual([]);
    expect(cases.length).toBeGreaterThan(0);
    for (const { payload, event, value, failure, warnings = [] } of cases) {
      // As it is sent: what is absent cannot hide behind undefined.
      const made = JSON.parse(JSON.stringify(ran(schema, payload, event))) as unknown;
      expect({ payload, ...(made as object) }).toEqual(
        failure ? { payload, ok: false, ...failure } : { payload, ok: true, value, warnings },
      );
    }
  });

  it('is shown for each directive', () => {
    const shown = JSON.stringify(valid.map(([, { schema }]) => schema));
    expect([...directives.keys()].filter((name) => !shown.includes(`"${name}":`))).toEqual([]);
  });
});

describe('a mapping that is refused', () => {
  it.each(invalid)('%s', (_name, { schema, problems }) => {
    expect(checkMapping(schema)).toEqual(problems);
    expect(() => compileMapping(schema, { sha256 })).toThrow();
  });
});
