// Templates outside of mappings: the message of an action, filled in from the payload.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkTemplate, compileTemplate } from './template.ts';

describe('a template', () => {
  it('is filled in from the payload', () => {
    const greet = compileTemplate('Hello {{first_name}} of {{ company.name }}: {{tags}}{{missing}}');
    expect(greet({ first_name: 'Ada', company: { name: 'Engines' }, tags: ['a', 1] })).toBe(
      'Hello Ada of Engines: ["a",1]',
    );
    expect(greet({})).toBe('Hello  of : ');
    expect(compileTemplate('{{n}}/{{b}}/{{z}}')({ n: 1.5, b: false, z: null })).toBe('1.5/false/');
  });

  it('is checked where it is stored, and refused where it is used all the same', () => {
    expect(checkTemplate('Hello {{name}}', 'metadata.template')).toEqual([]);
    expect(checkTemplate(5, 'metadata.template')).toEqual([{ param: 'metadata.template', msg: 'must be a text' }]);
    expect(checkTemplate('{{#if a}} {{', 'metadata.template')).toEqual([
      { param: 'metadata.template', msg: 'has a placeholder without its end, }}' },
    ]);
    expect(() => compileTemplate('{{a..b}}')).toThrow('empty part');
  });

  it('that makes too long a text throws, and says so', () => {
    expect(() => compileTemplate('{{a}}{{a}}')({ a: 'x'.repeat(40_000) })).toThrow('does not go into a text of 64 kB');
    expect(compileTemplate('{{a}}')({ a: 'x'.repeat(65_536) })).toHaveLength(65_536);
  });

  it('gives a text without placeholders back, and puts texts between them side by side', () => {
    const plain = fc.string().filter((text) => !text.includes('{') && !text.includes('}'));
    fc.assert(
      fc.property(plain, plain, plain, fc.string(), (before, between, after, value) => {
        expect(compileTemplate(before)({})).toBe(before);
        expect(compileTemplate(`${before}{{a}}${between}{{b.0}}${after}`)({ a: value, b: [value] })).toBe(
          before + value + between + value + after,
        );
      }),
    );
  });
});
