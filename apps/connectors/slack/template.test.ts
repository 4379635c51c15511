// Templates: what is put in is shown as it is, and never more than Slack takes.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { filled, messageCharsMax, templateForm } from './template.ts';

describe('a template', () => {
  it('takes what stands at a path, and nothing where there is none', () => {
    const payload = { first_name: 'Ada', company: { name: 'R' }, tags: ['a', 'b'], n: 1.5, yes: true, none: null };
    const template = '{{first_name}}/{{ company.name }}/{{tags.1}}/{{n}}{{yes}}/{{none}}{{missing.deep}}/{{company}}';
    expect(filled(template, payload)).toBe('Ada/R/b/1.5true//{"name":"R"}');
  });

  it('finds only what the payload itself has', () => {
    expect(filled('{{constructor}}{{__proto__.toString}}{{name.length}}', { name: 'Ada' })).toBe('');
  });

  it('does not look through what was put in', () => {
    expect(filled('{{a}}', { a: '{{b}} $& $1', b: 'no' })).toBe('{{b}} $&amp; $1');
  });

  it("keeps its own mark-up, and makes none of the event's", () => {
    expect(filled('<!here> *{{name}}*', { name: '<!channel> & <http://a|b>' })).toBe(
      '<!here> *&lt;!channel&gt; &amp; &lt;http://a|b&gt;*',
    );
  });

  it('stops as soon as a message is too long for Slack', () => {
    expect(() => filled('{{a}}'.repeat(800), { a: 'x'.repeat(256_000) })).toThrow('more than 40000 characters');
  });

  it('never makes a link, a mention or too long a text, whatever the event holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.jsonValue(), (text, json) => {
        const made = filled('{{text}} {{json.a}} {{json}}', { text, json });
        expect(made).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
        expect(made.length).toBeLessThanOrEqual(messageCharsMax);
      }),
    );
  });

  it.each([
    ['Hello', true],
    ['{ {{a.b}} } {{ c d }}', true],
    ['', true],
    ['{{', false],
    ['{{}}', false],
    ['{{ }}', false],
    ['{{a}', false],
    ['{{a {{b}}', false],
  ])('%j may be one: %j', (text, isOne) => {
    expect(templateForm.test(text)).toBe(isOne);
  });
});
