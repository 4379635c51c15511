// Requests that nothing put into them can lead elsewhere, and untrusted JSON that is read without falling over.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { at, basic, jsonOf, jsonRequest, listAt, path, query, textAt } from './http.ts';

const anything = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '..',
    '.',
    '',
    '../x',
    '/',
    '//evil.example',
    '\\',
    '?a=b#c',
    '%2e%2e',
    '%2f',
    '@evil.example',
    '\ud800',
  ),
);
const answerOf = (body: string) => ({ status: 200, headers: {}, body });

describe('a path', () => {
  it('has as many segments as its template, on the same host, whatever is put in', () => {
    fc.assert(
      fc.property(anything, fc.oneof(anything, fc.integer()), (list, member) => {
        let made: string;
        try {
          made = path`/lists/${list}/members/${member}`;
        } catch (error) {
          expect(error).toMatchObject({ name: 'InputError' });
          expect([list, member].some((each) => ['', '.', '..'].includes(String(each)))).toBe(true);
          return;
        }
        const { origin, pathname, search, hash } = new URL(`https://vendor.example/v3${made}`);
        expect([origin, search, hash]).toEqual(['https://vendor.example', '', '']);
        expect(pathname).toBe(`/v3${made}`);
        expect(pathname.split('/').slice(2).map(decodeURIComponent)).toEqual([
          'lists',
          list.toWellFormed(),
          'members',
          String(member).toWellFormed(),
        ]);
      }),
    );
  });
});

describe('a query', () => {
  it('says what it is given, in one parameter each', () => {
    fc.assert(
      fc.property(fc.uniqueArray(anything, { minLength: 1 }), anything, (names, value) => {
        const made = query(Object.fromEntries(names.map((name) => [name, value])));
        const { pathname, searchParams, hash } = new URL(`https://vendor.example/x${made}`);
        expect([pathname, hash, searchParams.size]).toEqual([
          '/x',
          '',
          new Set(names.map((n) => n.toWellFormed())).size,
        ]);
        for (const [, said] of searchParams) expect(said).toBe(value.toWellFormed());
      }),
    );
  });

  it('is nothing where nothing is said', () => {
    expect(query({})).toBe('');
    expect(query({ a: undefined })).toBe('');
    expect(query({ a: undefined, b: false, c: 0 })).toBe('?b=false&c=0');
  });
});

describe('a request', () => {
  const url = 'https://vendor.example/';

  it('has a body and its type only where there is JSON', () => {
    expect(jsonRequest({ method: 'GET', url })).toEqual({
      method: 'GET',
      url,
      headers: { accept: 'application/json' },
      body: '',
      secretHeaders: ['authorization'],
    });
    expect(jsonRequest({ method: 'POST', url, json: null, headers: { accept: 'text/plain' } })).toMatchObject({
      headers: { accept: 'text/plain', 'content-type': 'application/json' },
      body: 'null',
    });
  });

  it('carries any JSON unchanged, and its authorization as a secret', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (json, authorization) => {
        const { body, headers, secretHeaders } = jsonRequest({ method: 'PUT', url, json, authorization });
        expect(body).toBe(JSON.stringify(json));
        expect(headers.authorization).toBe(authorization);
        expect(secretHeaders).toContain('authorization');
      }),
    );
  });

  it('says user and password in UTF-8', () => {
    expect(basic('Aladdin', 'open sesame')).toBe('Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==');
    expect(basic('ж', '')).toBe('Basic 0LY6');
  });
});

describe('untrusted JSON', () => {
  it('is nothing where it is none', () => {
    for (const body of ['', '<html>', '{"a":']) expect(jsonOf(answerOf(body))).toBeUndefined();
    expect(jsonOf(answerOf(' null '))).toBeNull();
  });

  it('is found where it stands', () => {
    const value = { a: [{ b: 'c' }, ['d']], '': 1 };
    expect(at(value, 'a', 0, 'b')).toBe('c');
    expect(at(value, 'a', '0', 'b')).toBe('c');
    expect(at(value, '')).toBe(1);
    expect(at(value)).toBe(value);
    expect(textAt(value, 'a', 0, 'b')).toBe('c');
    expect(textAt(value, 'a', 0)).toBeUndefined();
    expect(listAt(value, 'a', 1)).toEqual(['d']);
    expect(listAt(value, 'a', 0)).toEqual([]);
  });

  it.each([
    [{}, '__proto__'],
    [{}, 'constructor'],
    [{}, 'toString'],
    [[], 'length'],
    [['a'], 1],
    [['a'], -1],
    [['a'], 'map'],
    ['text', 'length'],
    ['text', 0],
    [null, 'a'],
    [undefined, 'a'],
  ])('%j has no %j of its own', (value, key) => {
    expect(at(value, key)).toBeUndefined();
  });

  it('has a member of any name that JSON gives it', () => {
    expect(at(JSON.parse('{"__proto__": {"length": 5}}'), '__proto__', 'length')).toBe(5);
  });

  it('is read whatever it is, and wherever it is looked for', () => {
    const keys = fc.array(fc.oneof(fc.string(), fc.integer(), fc.constantFrom('length', '__proto__', '0')));
    fc.assert(
      fc.property(fc.jsonValue(), keys, (value, where) => {
        expect(['string', 'undefined']).toContain(typeof textAt(value, ...where));
        expect(Array.isArray(listAt(value, ...where))).toBe(true);
      }),
    );
  });
});
