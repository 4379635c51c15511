// The directive @template: texts with paths in them, filled in from the payload.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkMapping } from './mapping.ts';
import { ranMap } from '../testing/samples.ts';

/** What a template makes of a payload, or why it makes nothing. */
function made(template: string, payload: Record<string, unknown>): unknown {
  const result = ranMap({ text: { '@template': template } }, payload);
  return result.ok ? (result.value as { text?: unknown }).text : result.message;
}
const problems = (template: unknown) => checkMapping({ schema_version: 2, map: { text: { '@template': template } } });

describe('a template', () => {
  it('is filled in from the payload', () => {
    const greeting = 'Hello {{first_name}} of {{ company.name }}: {{tags}}{{missing}}';
    const payload = { first_name: 'Ada', company: { name: 'Engines' }, tags: ['a', 1] };
    expect(made(greeting, payload)).toBe('Hello Ada of Engines: ["a",1]');
    expect(made(greeting, {})).toBe('Hello  of : ');
    expect(made('{{n}}/{{b}}/{{z}}', { n: 1.5, b: false, z: null })).toBe('1.5/false/');
  });

  it('is refused where a placeholder is none', () => {
    expect(problems('Hello {{name}}')).toEqual([]);
    expect(problems(5)).not.toEqual([]);
    expect(problems('{{#if a}} {{')).toMatchObject([{ msg: 'has a placeholder without its end, }}' }]);
    expect(problems('{{a..b}}')).toMatchObject([{ msg: expect.stringContaining('empty part') }]);
  });

  it('that makes too long a text fails, and says so', () => {
    expect(made('{{a}}{{a}}', { a: 'x'.repeat(40_000) })).toBe('does not go into a text of 64 kB');
    expect(made('{{a}}', { a: 'x'.repeat(65_536) })).toHaveLength(65_536);
  });

  it('gives a text without placeholders back, and puts texts between them side by side', () => {
    const plain = fc.string({ minLength: 1 }).filter((text) => !text.includes('{') && !text.includes('}'));
    fc.assert(
      fc.property(plain, plain, plain, fc.string(), (before, between, after, value) => {
        expect(made(before, {})).toBe(before);
        const payload = { a: value, b: [value] };
        expect(made(`${before}{{a}}${between}{{b.0}}${after}`, payload)).toBe(before + value + between + value + after);
      }),
    );
  });
});
