// The limits of a mapping, on what is stored and on what a run does, and the forms that are not data of directives.
import { describe, expect, it } from '@jest/globals';
import { mappingLimits } from './limits.ts';
import { checkMapping, compileMapping, generatedMapping } from './mapping.ts';
import { ran, ranMap, sha256 } from '../testing/samples.ts';

const path = (value: string) => ({ '@path': value });
const messages = (schema: unknown): string[] => checkMapping(schema).map(({ param, msg }) => `${param} ${msg}`);
const kB = (count: number): string => 'x'.repeat(count * 1024);

describe('what may be stored', () => {
  it('is 16 kB of directives at most, counted in bytes', () => {
    const room = mappingLimits.schemaBytes - JSON.stringify({ schema_version: 2, map: { a: '' } }).length;
    expect(messages({ schema_version: 2, map: { a: 'x'.repeat(room) } })).toEqual([]);
    expect(messages({ schema_version: 2, map: { a: 'x'.repeat(room + 1) } })).toEqual([
      'schema may have 16 kB at most',
    ]);
    expect(messages({ schema_version: 2, map: { a: 'é'.repeat(room / 2 + 1) } })).toEqual([
      'schema may have 16 kB at most',
    ]);
  });

  it('is 200 expressions at most, a placeholder of a template being one', () => {
    expect(messages({ schema_version: 2, map: Array.from({ length: 199 }, () => 1) })).toEqual([]);
    expect(messages({ schema_version: 2, map: Array.from({ length: 300 }, () => 1) })).toEqual([
      'schema.map[199] is more than 200 expressions',
    ]);
    const map = { t: { '@template': '{{a}}'.repeat(199) }, u: 1 };
    expect(messages({ schema_version: 2, map })).toEqual(['schema.map.t.@template is more than 200 expressions']);
  });

  it('is 250 fields of version 1 at most, with room for what they say', () => {
    const field = (at: number) => ({
      dest: `some_longer_name.of_a_field_${at}`,
      source: { type: 'path', value: `f${at}` },
    });
    const fields = Array.from({ length: 250 }, (_, at) => field(at));
    expect(messages({ schema_version: 1, fields })).toEqual([]);
    expect(messages({ schema_version: 1, fields: [...fields, field(250)] })).toEqual([
      'schema.fields may have 250 fields at most',
    ]);
    expect(ran({ schema_version: 1, fields }, { f7: 1, f249: 2 })).toMatchObject({
      value: { some_longer_name: { of_a_field_7: 1, of_a_field_249: 2 } },
    });
  });

  it('tells of no more problems than anybody would read', () => {
    const map = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`k${at}`, { '@nope': 1 }]));
    expect(checkMapping({ schema_version: 2, map })).toHaveLength(mappingLimits.problems);
  });

  it.each<[what: string, schema: unknown]>([
    ['nothing', undefined],
    ['a function in it', { schema_version: 2, map: { a: () => 1 } }],
    ['a BigInt in it', { schema_version: 2, map: { a: 1n } }],
    ['a number that is none', { schema_version: 2, map: { a: NaN } }],
    ['an instance of a class', { schema_version: 2, map: { a: new Date(0) } }],
    ['itself in it', circular()],
    ['a hundred thousand lists in it', { schema_version: 2, map: nested(100_000) }],
    ['a million elements in it', { schema_version: 2, map: Array.from({ length: 1_000_000 }, () => []) }],
  ])('is refused and does not throw with %s', (_what, schema) => {
    expect(checkMapping(schema).length).toBeGreaterThan(0);
    expect(() => compileMapping(schema, { sha256 })).toThrow();
  });
});

function circular(): object {
  const schema: Record<string, unknown> = { schema_version: 2 };
  schema.map = { schema };
  return schema;
}

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let at = 0; at < depth; at++) value = [value];
  return value;
}

describe('what a run may make', () => {
  it('is a text of 64 kB at most, else the failure names the field', () => {
    const map = { slack: { text: { '@template': '{{a}}{{a}}{{a}}{{a}}' } } };
    expect(ranMap(map, { a: kB(16) })).toMatchObject({ ok: true });
    // A megabyte, out of a template of a few characters.
    expect(ranMap(map, { a: kB(250) })).toEqual({
      ok: false,
      field: 'slack.text',
      message: 'does not go into a text of 64 kB',
    });
    expect(ranMap(map, { a: '€'.repeat(5_462) })).toMatchObject({ ok: false, field: 'slack.text' });
    expect(ranMap({ l: { '@join': path('l') } }, { l: [kB(40), kB(40)] })).toMatchObject({ ok: false, field: 'l' });
    expect(ranMap({ j: { '@json': path('a') } }, { a: kB(64) })).toMatchObject({ ok: false, field: 'j' });
    expect(ranMap({ j: { '@string': path('a') } }, { a: [kB(64)] })).toMatchObject({ ok: false, field: 'j' });
  });

  it('is 256 kB of JSON at most, else the failure names where it is passed', () => {
    const message = 'makes the result larger than 256 kB';
    const twice = { one: path('a'), two: { again: path('a') } };
    expect(ranMap(twice, { a: kB(100) })).toMatchObject({ ok: true });
    expect(ranMap(twice, { a: kB(130) })).toEqual({ ok: false, field: 'two.again', message });
    // As bytes, not as characters, and with the escapes.
    expect(ranMap({ a: path('a') }, { a: '€'.repeat(90_000) })).toEqual({ ok: false, field: 'map', message });
    expect(ranMap({ a: path('a') }, { a: '\u0001'.repeat(45_000) })).toEqual({ ok: false, field: 'map', message });
    expect(ranMap({ a: path('a') }, { a: 'x'.repeat(200_000) })).toMatchObject({ ok: true });
  });

  it('may not be nested too deep, nor go too deep into what is', () => {
    expect(ranMap(path(''), { a: nested(126) })).toMatchObject({ ok: true });
    expect(ranMap({ a: path('a') }, { a: nested(100_000) })).toMatchObject({ ok: false });
    expect(ranMap({ j: { '@json': path('a') } }, { a: nested(100_000) })).toMatchObject({ ok: false, field: 'j' });
    const deep = JSON.parse(`${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`) as unknown;
    expect(ranMap({ f: { '@flatten': path('') } }, deep)).toMatchObject({ ok: false, field: 'f' });
  });

  it('has no key that reaches a prototype, even where the payload had one', () => {
    const payload = JSON.parse('{"a":{"b":[{"__proto__":{"admin":true}}]},"constructor":1}') as unknown;
    const of = (key: string) => `has the key ${key}, which is not allowed`;
    expect(ranMap({ v: path('a') }, payload)).toEqual({ ok: false, field: 'v.b.0', message: of('__proto__') });
    expect(ranMap({ v: { '@omit': { value: path(''), keys: ['a'] } } }, payload)).toEqual({
      ok: false,
      field: 'v',
      message: of('constructor'),
    });
    expect(ranMap({ v: { '@merge': [path('a.b.0')] } }, payload)).toMatchObject({ message: of('__proto__') });
  });
});

describe('the work of a run', () => {
  const steps = 'takes more than 100000 steps';
  const all = { '@map': { value: { '@root': 'l' }, each: { '@path': 'none' } } };

  it('is limited, also where nothing is made of it', () => {
    const list = Array.from({ length: 10_000 }, () => 0);
    expect(ranMap({ v: { '@map': { value: path('l'), each: all } } }, { l: list })).toMatchObject({ message: steps });
  });

  it('leaves room for what is meant: five fields of each of 10,000 elements', () => {
    const each = { a: path('a'), b: path('b'), c: path('c'), d: path('d') };
    const l = Array.from({ length: 10_000 }, (_, at) => ({ a: at }));
    expect(ranMap({ v: { '@map': { value: path('l'), each } } }, { l })).toMatchObject({ ok: true });
  });

  it('is not to be had by handling the failures', () => {
    const each = { ...all, '@on_error': 'skip_field' };
    const list = Array.from({ length: 10_000 }, () => 0);
    expect(ranMap({ v: { '@map': { value: path('l'), each }, '@on_error': 'skip_field' } }, { l: list })).toMatchObject(
      { ok: false, message: steps },
    );
  });

  // Each of these took seconds, or minutes, where its work was not counted.
  it.each<[what: string, each: object]>([
    ['a long text as a number', { '@number': { '@root': 'digits' } }],
    ['a long text as a date', { '@date': { '@root': 'digits' } }],
    ['a large object as JSON', { '@json': { '@root': 'object' } }],
    ['a long text as JSON', { '@json': { '@root': 'digits' } }],
    ['a large list in a text', { '@join': { value: [{ '@root': 'l' }, { '@root': 'l' }] } }],
    ['a large object as text', { '@string': { '@root': 'object' } }],
    ['a large object without one key', { '@omit': { value: { '@root': 'object' }, keys: ['k1'] } }],
    ['a large object after a failure', { '@merge': [{ '@number': 'x' }, { '@root': 'object' }] }],
    ['a large object as default', { '@default': [{ '@root': 'object' }, 1] }],
    ['two long texts that are alike', { '@if': { equals: [{ '@root': 'digits' }, { '@root': 'same' }], then: 1 } }],
    ['a date in a time zone', { '@date': { value: '2026-03-29T02:30:00', timezone: 'Europe/Paris' } }],
  ])('counts %s for every element of a list', (_what, each) => {
    const digits = `${'1'.repeat(60_000)}x`;
    const payload = {
      l: Array.from({ length: 20_000 }, () => 0),
      object: Object.fromEntries(Array.from({ length: 4_000 }, (_, at) => [`k${at}`, at])),
      digits,
      same: `1${digits.slice(1)}`,
    };
    const before = process.cpuUsage();
    ranMap({ v: { '@map': { value: path('l'), each: { ...each, '@on_error': 'skip_field' } } } }, payload);
    const { user } = process.cpuUsage(before);
    // A few hundredths, on a machine that does nothing else.
    expect(user / 1e6).toBeLessThan(0.5);
  });

  it('tells of no more warnings than anybody would read', () => {
    const each = { '@number': path(''), '@on_error': 'warn_action' };
    const result = ranMap({ v: { '@map': { value: path('l'), each } } }, { l: Array.from({ length: 100 }, () => 'x') });
    expect(result).toMatchObject({ ok: true, value: { v: [] } });
    expect(result.ok && result.warnings).toHaveLength(mappingLimits.warnings);
  });
});

describe('an expression of the expert tier', () => {
  it('is recognised, bounded, and handed on as it is written', () => {
    const jsonata = '{% {"a": $sum(items.price)} %}';
    expect(compileMapping({ schema_version: 2, jsonata }, { sha256 })).toEqual({
      kind: 'jsonata',
      expression: jsonata,
    });
    const long = (chars: number) => ({ schema_version: 2, jsonata: `{%${'a'.repeat(chars - 4)}%}` });
    expect(messages(long(8_192))).toEqual([]);
    expect(messages(long(8_193))).toEqual(['schema.jsonata may have 8192 characters at most']);
  });
});

describe('the mapping where none is stored', () => {
  it('is the payload as it is', () => {
    const payload = { a: 1, b: [{ c: null }] };
    expect(checkMapping(generatedMapping())).toEqual([]);
    expect(ran(generatedMapping(), payload)).toEqual({ ok: true, value: payload, warnings: [] });
  });
});

describe('what a mapping makes', () => {
  it('has no negative zero, of which JSON would make another value', () => {
    for (const to of ['epoch_s', 'epoch_ms']) {
      const map = { at: { '@date': { value: { '@const': -5e-324 }, to } }, n: { '@number': { '@const': '-0' } } };
      expect(ranMap(map, {})).toMatchObject({ ok: true, value: { at: 0, n: 0 } });
    }
  });

  it('shares no constant that anybody could change for the next event', () => {
    const schema = { schema_version: 2, map: { c: { '@const': { list: [1] } }, e: {} } };
    const mapping = compileMapping(schema, { sha256 });
    schema.map.c['@const'].list.push(2);
    const first = mapping.kind === 'directives' && mapping.run({ payload: {}, event: {} as never });
    expect(first).toEqual({ ok: true, value: { c: { list: [1] }, e: {} }, warnings: [] });
    const made = first && first.ok ? (first.value as { c: { list: number[] }; e: Record<string, number> }) : undefined;
    expect(() => made?.c.list.push(3)).toThrow(TypeError);
    if (made) made.e.changed = 1;
    expect(ran(schema, {})).toMatchObject({ value: { e: {} } });
  });
});
