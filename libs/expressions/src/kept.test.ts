// Compiled expressions are kept by key and text, the newest of them, within their weight.
import { describe, expect, it } from '@jest/globals';
import { KeptExpressions } from './kept.ts';

const roomy = { expressions: 100, parts: 10_000 };

describe('kept expressions', () => {
  it('are compiled once', () => {
    const kept = new KeptExpressions(roomy);
    expect(kept.of('k', '{% a %}')).toBe(kept.of('k', '{% a %}'));
  });

  it('are never taken for another text of the same key', async () => {
    const kept = new KeptExpressions(roomy);
    kept.of('k', '{% 1 %}');
    const compilation = kept.of('k', '{% 2 %}');
    expect('compiled' in compilation && (await compilation.compiled.evaluate({}, {}))).toBe(2);
    expect(kept.size).toBe(1);
  });

  it('are forgotten in the order in which they were used', () => {
    const kept = new KeptExpressions({ ...roomy, expressions: 2 });
    const first = kept.of('1', '{% a %}');
    const second = kept.of('2', '{% b %}');
    kept.of('1', '{% a %}');
    kept.of('3', '{% c %}');
    expect([kept.of('1', '{% a %}') === first, kept.size]).toEqual([true, 2]);
    expect(kept.of('2', '{% b %}')).not.toBe(second);
  });

  it('are few when each is large', () => {
    const kept = new KeptExpressions({ ...roomy, parts: 1_000 });
    const large = `{% [${Array.from({ length: 100 }, () => 'a.b').join(',')}] %}`;
    for (let key = 0; key < 50; key++) kept.of(String(key), large);
    expect(kept.size).toBeLessThan(5);
  });
});
