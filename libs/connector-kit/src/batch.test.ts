// Batches: the first delivery speaks for all, and an answer to all is one to each.
import { describe, expect, it } from '@jest/globals';
import { classifyEach, withFirst } from './batch.ts';
import { classified, delivered } from './classify.ts';
import { jsonRequest } from './http.ts';

describe('a batch', () => {
  const build = withFirst((first: string, calls) => jsonRequest({ method: 'POST', url: first, json: calls }));

  it('is built with its first delivery', () => {
    expect(build(['a', 'b'])).toMatchObject({ url: 'a', body: '["a","b"]' });
  });

  it('has one', () => {
    expect(() => build([])).toThrow('a batch has a delivery');
  });
});

describe('an answer to a batch', () => {
  const refused = classified('permanent', 'no');

  it('is the same for each, unless one of several may be the reason', () => {
    expect(classifyEach(['a', 'b'], delivered, false)).toEqual([delivered, delivered]);
    expect(classifyEach(['a', 'b'], refused, false)).toEqual([refused, refused]);
    expect(classifyEach(['a'], refused, true)).toEqual([refused]);
    expect(classifyEach(['a', 'b'], refused, true)).toMatchObject([
      { class: 'split', message: 'no' },
      { class: 'split', message: 'no' },
    ]);
  });
});
