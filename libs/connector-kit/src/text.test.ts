// The texts of a connection's metadata: what they take, and what they say where they do not.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import * as z from 'zod';
import { secret } from './secret.ts';
import { baseUrl, credential, email, text } from './text.ts';

const takes = (shape: z.ZodType, value: unknown): boolean => shape.safeParse(value).success;
const schemaOf = (shape: z.ZodType) => z.toJSONSchema(shape, { io: 'input' });

describe('a text', () => {
  it('has a form, a length, and words for what does not fit', () => {
    const shape = text(/^[a-z]*$/, 'must be small', { min: 2, max: 3 });
    expect(['a', 'ab', 'abc', 'abcd', 'AB', 5].map((value) => takes(shape, value))).toEqual([
      false,
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(schemaOf(shape)).toMatchObject({ minLength: 2, maxLength: 3, pattern: '^[a-z]*$', hint: 'must be small' });
  });

  it('that is secret says so, and keeps what else it says, in whatever order', () => {
    const shape = text(/^a$/, 'must be a', { min: 1, max: 1 });
    const said = { writeOnly: true, hint: 'must be a', description: 'b' };
    expect(schemaOf(secret(shape.meta({ description: 'b' })))).toMatchObject(said);
    expect(schemaOf(secret(shape).meta({ description: 'b' }))).toMatchObject(said);
    expect(takes(secret(shape), 'b')).toBe(false);
  });
});

describe('a credential', () => {
  it('can stand in a header', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }), (value) => {
        expect(takes(credential(), value)).toBe(/^[!-~]+$/.test(value) && !/\s/.test(value));
      }),
    );
  });

  it('has a length', () => {
    expect([0, 1, 1_024, 1_025].map((length) => takes(credential(), 'x'.repeat(length)))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(takes(credential(2), 'xxx')).toBe(false);
  });
});

describe('a base URL', () => {
  it.each(['https://a.example', 'http://127.0.0.1:9/proxy', 'https://a.example/b/c', 'http://[::1]:80'])(
    'may be %s',
    (value) => {
      expect(takes(baseUrl, value)).toBe(true);
    },
  );

  it.each([
    '',
    'a.example',
    'ftp://a.example',
    'https://',
    'https://a.example/',
    'https://a.example/b/',
    'https://a.example//b',
    'https://u:p@a.example',
    'https://a.example?b',
    'https://a.example/b#c',
    'https://a.example\\b',
    'https://a.example\r\nb: c',
    'https://a.example/b c',
  ])('may not be %j', (value) => {
    expect(takes(baseUrl, value)).toBe(false);
  });

  it('is where the requests go, whatever path comes behind', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (value) => {
        if (takes(baseUrl, value)) expect(new URL(`${value}/x`).origin).toBe(new URL(value).origin);
      }),
    );
  });
});

describe('an email', () => {
  it('is made small, without white space around it', () => {
    expect(email().parse(' Ada@Example.COM\n')).toBe('ada@example.com');
  });

  it.each(['', 'ada', '@', 'ada@', '@example.com', 'a b@c.d', 'a@b@c', `${'a'.repeat(320)}@b`, 5, null])(
    'is not %j',
    (value) => {
      expect(takes(email(), value)).toBe(false);
    },
  );

  it('has the length that the vendor takes', () => {
    expect(takes(email(7), ' ada@b.c ')).toBe(true);
    expect(takes(email(6), 'ada@b.c')).toBe(false);
    expect(schemaOf(email(80))).toMatchObject({ maxLength: 80, hint: 'must be an email address' });
  });

  it('is refused in no time, however long it is', () => {
    expect(takes(email(), `${' '.repeat(100_000)}@`)).toBe(false);
  });
});
