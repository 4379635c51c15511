// The page for users tells the truth: each of its examples is evaluated.
import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from './compile.ts';

const page = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
const examples = [...page.matchAll(/^\{%.*?%\}$/gms)].map(([text]) => text);

const payload = {
  id: 'l1',
  email: 'Ada@Example.com',
  first_name: 'Ada',
  last_name: 'Lovelace',
  score: 71,
  lines: [
    { sku: 'x', quantity: 2, price: 1.5 },
    { sku: 'y', quantity: 1, price: 4 },
  ],
};
const event = { id: 'e1', type: 'lead.created', workspace: 'w', created_at: 1_700_000_000_000 };
const skusWithPrice = [
  { sku: 'y', price: '4.00' },
  { sku: 'x', price: '1.50' },
];

describe('the examples', () => {
  it('give what they seem to', async () => {
    const results = await Promise.all(
      examples.map(async (text) => {
        const compilation = compile(text);
        if ('problems' in compilation) return compilation.problems;
        return await compilation.compiled.evaluate(payload, event);
      }),
    );
    expect(JSON.parse(JSON.stringify(results))).toEqual([
      {
        email: 'ada@example.com',
        name: 'Ada Lovelace',
        total: 7,
        skus: ['x', 'y'],
        received: '2023-11-14T22:13:20.000Z',
      },
      { grade: 'hot', id: 'l1' },
      {
        ...payload,
        lines: [
          { sku: 'x', quantity: 2, total: 3 },
          { sku: 'y', quantity: 1, total: 4 },
        ],
      },
      { ...payload, source: 'sluice', event_id: 'e1' },
      skusWithPrice,
      { name: 'A. Lovelace' },
    ]);
  });
});
