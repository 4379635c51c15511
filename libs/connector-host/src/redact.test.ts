// Nothing that may be secret in a URL or a header is shown.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { REDACTED, secretTexts, shownHeaders, shownUrl, struckOut } from './redact.ts';

describe('a URL as it is shown', () => {
  it.each([
    ['https://example.com/hook', 'https://example.com/hook'],
    ['https://example.com', 'https://example.com/'],
    ['https://user:canary@example.com:8443/a', 'https://example.com:8443/a'],
    ['https://canary@example.com/', 'https://example.com/'],
    ['https://example.com/a?token=canary&n=1', `https://example.com/a?token=${REDACTED}&n=${REDACTED}`],
    ['https://example.com/a?x=canary&x=canary2', `https://example.com/a?x=${REDACTED}&x=${REDACTED}`],
    ['https://example.com/a?token=', `https://example.com/a?token=${REDACTED}`],
    ['https://example.com/a#canary', 'https://example.com/a'],
    ['https://example.com/?a%20b=canary', `https://example.com/?a%20b=${REDACTED}`],
  ])('%s is %s', (url, shown) => {
    expect(shownUrl(url)).toBe(shown);
  });

  it('keeps the name and loses the value of everything in its query', () => {
    const word = fc.stringMatching(/^[a-z]{1,8}$/);
    const value = fc.string({ minLength: 1, maxLength: 20 }).map((text) => `CANARY${text}`);
    fc.assert(
      fc.property(fc.array(fc.tuple(word, value), { minLength: 1 }), (query) => {
        const search = new URLSearchParams(query).toString();
        const shown = shownUrl(`https://CANARY:CANARY@example.com/path?${search}#CANARY`);
        expect(shown).not.toContain('CANARY');
        expect(shown).toBe(`https://example.com/path?${query.map(([name]) => `${name}=${REDACTED}`).join('&')}`);
      }),
    );
  });
});

describe('headers as they are shown', () => {
  it('have the secret ones struck out, whole, and the others as they are', () => {
    const headers = { authorization: 'Bearer canary', 'x-team': 'a', 'x-key': '', 'content-type': 'application/json' };
    expect(shownHeaders(headers, ['authorization', 'x-key', 'x-absent'])).toEqual({
      authorization: REDACTED,
      'x-team': 'a',
      'x-key': REDACTED,
      'content-type': 'application/json',
    });
  });

  it('are at most forty, each value at most 500 characters', () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`x-${index}`, 'v'.repeat(1_000)]));
    const shown = shownHeaders(many, []);
    expect(Object.keys(shown)).toEqual(Array.from({ length: 40 }, (_, index) => `x-${index}`));
    for (const value of Object.values(shown)) expect(value).toHaveLength(500);
  });

  it('never show the value of a secret one, whatever the headers', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd');
    const headers = fc.dictionary(
      name,
      fc.string({ minLength: 1, maxLength: 600 }).map((text) => `CANARY${text}`),
    );
    fc.assert(
      fc.property(headers, fc.subarray(['a', 'b', 'c', 'd']), (given, secrets) => {
        const shown = shownHeaders(given, secrets);
        expect(Object.keys(shown)).toEqual(Object.keys(given));
        for (const each of secrets) expect(shown[each] ?? REDACTED).toBe(REDACTED);
      }),
    );
  });
});

describe('the secrets of credentials', () => {
  it('are their texts, at any depth, short ones left aside', () => {
    const credentials = {
      token: 'canary-1',
      headers: { 'x-a': 'canary-2', 'x-b': 'abc' },
      list: ['canary-3', 4, null],
    };
    expect(secretTexts(credentials)).toEqual(['canary-1', 'canary-2', 'canary-3']);
    expect(secretTexts({})).toEqual([]);
  });
});

describe('a text from outside', () => {
  /** Of few characters, so that secrets hold each other's beginnings and ends; none of them stands in what is put in their place. */
  const secret = fc.string({ unit: fc.constantFrom('x', 'y', '"', '/', ' ', 'é'), minLength: 4, maxLength: 8 });

  it('shows none of the secrets it repeats: as they stand, as JSON writes them, as a URL does', () => {
    fc.assert(
      fc.property(fc.array(secret, { minLength: 1, maxLength: 4 }), (secrets) => {
        const forms = secrets.flatMap((each) => [each, JSON.stringify(each).slice(1, -1), encodeURIComponent(each)]);
        const shown = struckOut(forms.map((form) => `<${form}>`).join(), secrets);
        for (const form of forms) expect(shown).not.toContain(form);
      }),
    );
  });

  it('does not show the rest of a secret that begins like another', () => {
    expect(struckOut('sent canary-123456', ['canary', 'canary-123456'])).toBe(`sent ${REDACTED}`);
  });

  it('is left as it is where it repeats none', () => {
    expect(struckOut('{"error":"no such list"}', ['canary'])).toBe('{"error":"no such list"}');
    expect(struckOut('anything', [])).toBe('anything');
  });

  it('is told even when a secret is no well-formed text', () => {
    expect(struckOut('said \ud800aaa', ['\ud800aaa'])).toBe(`said ${REDACTED}`);
  });
});
