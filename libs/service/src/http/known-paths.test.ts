// Known paths find what a router would find, however the paths are written.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { KnownPaths } from './known-paths.ts';

describe('known paths', () => {
  const paths = new KnownPaths();
  paths.add('GET', '/events');
  paths.add(['POST', 'HEAD'], '/events');
  paths.add('GET', '/events/:id');
  paths.add('DELETE', '/events/:id/rules/:rule');
  paths.add('GET', '/events/openapi.json');
  paths.add(['GET', 'POST'], '/proxied/*');

  it.each([
    ['/events', ['GET', 'HEAD', 'POST']],
    ['/events/7', ['GET']],
    ['/events/7/rules/8', ['DELETE']],
    ['/events/openapi.json', ['GET']],
    ['/events/openapi-json', ['GET']],
    ['/events/7/rules', []],
    ['/events/7/rules/8/more', []],
    ['/event', []],
    ['/more/events', []],
    ['/proxied/anything', []],
    ['/', []],
    ['', []],
  ])('%s answers to %j', (path, methods) => {
    expect(paths.methodsOf(path)).toEqual(methods);
  });

  it('are listed as they were stated, once per method, and nothing that stands for everything', () => {
    expect(paths.all()).toEqual([
      'GET /events',
      'POST /events',
      'HEAD /events',
      'GET /events/:id',
      'DELETE /events/:id/rules/:rule',
      'GET /events/openapi.json',
    ]);
  });

  it('take the characters of a path for themselves, not for a pattern', () => {
    const part = fc.string({
      unit: fc.constantFrom('a', '.', '+', '(', ')', '[', '$', '^', '|', '?', '\\'),
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(part, part, (one, other) => {
        const known = new KnownPaths();
        known.add('GET', `/${one}/:id`);
        expect(known.methodsOf(`/${one}/7`)).toEqual(['GET']);
        expect(known.methodsOf(`/${other}/7`)).toEqual(one === other ? ['GET'] : []);
      }),
    );
  });
});
