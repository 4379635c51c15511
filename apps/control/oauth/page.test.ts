// The page at the end of an authorization holds its sentence and nothing that runs.
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { page } from './page.ts';

it('shows any text as text', () => {
  const around = page.of('').split('<p>');
  fc.assert(
    fc.property(fc.string(), (text) => {
      const shown = page.of(text).slice((around[0]?.length ?? 0) + '<p>'.length, -(around[1]?.length ?? 0));
      expect(shown).not.toMatch(/[<>"']|&(?!#\d+;)/);
    }),
  );
  expect(page.of('a <b>')).toContain('<p>a &#60;b&#62;</p>');
});
