// Holds the structure scanner against JSON.parse: same positions, same depth, same keys, on any JSON.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readJsonStructure } from './json-structure.ts';

const spaces = fc.constantFrom(undefined, 1, '\t');

describe('the structure of a JSON text', () => {
  it('finds the text of a member of the top-level object, on any JSON', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 })),
        fc.jsonValue({ maxDepth: 4 }),
        spaces,
        (rest, payload, space) => {
          const text = JSON.stringify({ ...rest, payload, event: 'lead.created' }, null, space);
          const structure = readJsonStructure(text, 'payload', { depth: 64, keys: 10_000 });
          if (!structure.ok) return expect(structure.code).toBe('json_forbidden_key');
          expect(structure.members).toHaveLength(1);
          const [member] = structure.members;
          expect(JSON.parse(text.slice(member?.start, member?.end))).toEqual(JSON.parse(JSON.stringify(payload)));
        },
      ),
    );
  });

  it('finds it in every element of a top-level array, with the element it belongs to', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.jsonValue({ maxDepth: 3 }), { nil: undefined })), spaces, (payloads, space) => {
        const elements = payloads.map((payload) =>
          payload === undefined ? { other: [1] } : { payload, a: { payload: 1 } },
        );
        const text = JSON.stringify(elements, null, space);
        const structure = readJsonStructure(text, 'payload');
        if (!structure.ok) return expect(structure.code).toBe('json_forbidden_key');
        const found = new Map(
          structure.members.map((m) => [m.element, JSON.parse(text.slice(m.start, m.end)) as unknown]),
        );
        payloads.forEach((payload, index) => {
          expect(found.has(index)).toBe(payload !== undefined);
          if (payload !== undefined) expect(found.get(index)).toEqual(JSON.parse(JSON.stringify(payload)));
        });
      }),
    );
  });

  it('keeps digits that a number would lose', () => {
    const text = '{"payload": {"n": 12345678901234567890.10}}';
    const structure = readJsonStructure(text, 'payload');
    expect(structure.ok && text.slice(structure.members[0]?.start, structure.members[0]?.end)).toBe(
      ' {"n": 12345678901234567890.10}',
    );
  });

  it('takes the last of a key given twice, as JSON.parse does', () => {
    const text = '{"payload":1,"payload":{"a":2}}';
    const structure = readJsonStructure(text, 'payload');
    expect(structure.ok && structure.members).toEqual([{ element: 0, start: 23, end: 30 }]);
  });

  it('refuses 65 levels and takes 64', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(readJsonStructure(nested(64), '').ok).toBe(true);
    expect(readJsonStructure(nested(65), '')).toMatchObject({ ok: false, code: 'json_too_deep' });
    expect(readJsonStructure('['.repeat(10_000), '')).toMatchObject({ ok: false, code: 'json_too_deep' });
  });

  it('does not count brackets inside strings', () => {
    const text = JSON.stringify({ a: '[[['.repeat(100) + '"\\{' });
    expect(readJsonStructure(text, '').ok).toBe(true);
  });

  it('refuses too many keys', () => {
    const keys = Object.fromEntries(Array.from({ length: 10_001 }, (_, i) => [`k${i}`, 1]));
    expect(readJsonStructure(JSON.stringify(keys), '')).toMatchObject({ ok: false, code: 'json_too_many_keys' });
  });

  it.each(['__proto__', 'constructor', 'prototype', '\\u005f_proto__', '\\u005F\\u005fproto\\u005f_'])(
    'refuses the key %s at any depth',
    (key) => {
      expect(readJsonStructure(`{"a":[{"${key}":1}]}`, '')).toMatchObject({ ok: false, code: 'json_forbidden_key' });
    },
  );

  it('allows these words as values', () => {
    expect(readJsonStructure('{"a":"__proto__","b":["constructor"]}', '').ok).toBe(true);
  });

  it('never throws on any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void readJsonStructure(text, 'payload')));
    fc.assert(
      fc.property(fc.array(fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '\\', '"payload"', '1')), (parts) => {
        readJsonStructure(parts.join(''), 'payload');
      }),
    );
  });
});
