// README.md tells the limits as they are.
import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { limits } from './index.ts';

it('lists in README.md what whoever writes rules has to keep to', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const [, section = ''] = readme.split('\n## Limits\n');
  const told = [...section.matchAll(/^\| .* \| ([\d,]+)/gm)].map(([, number = '']) =>
    Number(number.replaceAll(',', '')),
  );
  expect(told).toEqual([
    limits.conditionsBytes,
    limits.depth,
    limits.leaves,
    limits.literalsPerLeaf,
    limits.conjunctions,
    limits.wildcardStars,
    limits.matchesPerEvent,
    limits.stepsPerEvent,
    limits.sameElementSteps,
  ]);
});
