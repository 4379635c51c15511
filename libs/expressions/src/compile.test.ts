// What may stand in an expression, what may not and where it is said to stand, and that what may means what JSONata means by it.
import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import jsonata from 'jsonata';
import { compile } from './compile.ts';
import { allowedFunctions, refusedFunctions } from './vocabulary.ts';

const payload = {
  email: 'Ada@Example.com',
  first_name: 'Ada',
  score: 71,
  tags: ['a', 'vip'],
  lines: [
    { sku: 'x', quantity: 2, price: 1.5 },
    { sku: 'y', quantity: 1, price: 4 },
  ],
  address: { country: 'GB' },
};
const event = { id: 'e1', type: 'lead.created', created_at: 1_700_000_000_000 };

function problems(text: string): [param: string, msg: string][] {
  const compilation = compile(text);
  return 'problems' in compilation ? compilation.problems.map(({ param, msg }) => [param, msg]) : [];
}

function evaluate(text: string, input: unknown = payload): Promise<unknown> {
  const compilation = compile(text);
  if ('problems' in compilation) throw new Error(JSON.stringify(compilation.problems));
  return compilation.compiled.evaluate(input, event);
}

describe('an expression', () => {
  it.each([
    '{"email": $lowercase(email), "name": first_name & " L"}',
    'lines.(quantity * price) ~> $sum()',
    'lines[quantity > 1].sku',
    'lines^(>price).sku',
    'lines@$l.{"sku": $l.sku, "of": first_name}',
    'lines#$i.{"n": $i, "sku": sku}',
    'lines{sku: price}',
    'lines.sku.{"sku": $, "country": %.%.address.country}',
    '$ ~> |lines|{"total": quantity * price}, ["price"]|',
    '($twice := function($x){ $x * 2 }; $map([1, 2], $twice))',
    '($f := function($n){ $n <= 1 ? 1 : $n * $f($n - 1) }; $f(10))',
    '$reduce(lines.price, function($sum, $price){ $sum + $price }, 0)',
    '$filter(tags, function($tag){ $contains($tag, "v") })',
    '{"kept": missing ?? "default", "or": missing ?: "other"}',
    '$pad(first_name, -10, "*") & $pad("x", 3)',
    'first_name ~> $pad(6)',
    '$fromMillis($event.created_at)',
    '$merge([$, {"extra": true}])',
    '**.sku',
    'score > 70 and "vip" in tags ? "hot" : "cold"',
    '$$.address.*',
    '[1..5]',
  ])('%s gives what JSONata gives', async (body) => {
    const expected: unknown = await jsonata(body).evaluate(payload, { event });
    expect(JSON.stringify(await evaluate(`{% ${body} %}`))).toBe(JSON.stringify(expected));
  });

  it.each<[string, string, string]>([
    ['email', '', 'must be written {% … %}'],
    ['{% %}', '', 'has nothing between {% and %}'],
    ['{%}', '', 'must be written {% … %}'],
    ['{% a + %}', 'character 7', 'Unexpected end of expression'],
    ['{% a ) b %}', 'character 6', 'Syntax error: ")"'],
    ['{% $eval("1") %}', 'character 4', '$eval is not allowed: it would run text that nobody has checked'],
    ['  {% 1 + $eval("1") %}', 'character 10', '$eval is not allowed: it would run text that nobody has checked'],
    [
      '{% $map([1], $random) %}',
      'character 14',
      '$random is not allowed: the same event must always give the same result',
    ],
    ['{% $eval := 1 %}', 'character 4', '$eval is not allowed'],
    ['{% function($eval){ 1 }(2) %}', 'character 13', '$eval is not allowed'],
    ['{% $lowerCase(email) %}', 'character 4', '$lowerCase is neither a function nor a variable'],
    ['{% $match(a, /(a+)+$/) %}', 'character 21', 'regular expressions are not allowed'],
    ['{% $map([1], $string(?)) %}', 'character 21', 'a function with ? in place of an argument is not allowed'],
    ['{% function($a)<n:n>{ $a }(1) %}', 'character 12', 'a function may not declare its types'],
    ['{% $pad("x", 500000000) %}', 'character 4', 'the width of $pad must be a number of 1000 at most'],
    ['{% $pad("x", score) %}', 'character 4', 'the width of $pad must be a number of 1000 at most'],
    ['{% $map([5e8], $pad) %}', 'character 16', '$pad may only be called, and with its width as a number'],
    ['{% ($p := $pad; $p("x", 5e8)) %}', 'character 11', '$pad may only be called, and with its width as a number'],
  ])('%s is refused', (text, param, msg) => {
    expect(problems(text)).toContainEqual([param, expect.stringContaining(msg)]);
  });

  it('is refused when it is too long, or nested deeper than can be followed', () => {
    expect(problems(`{% ${'a'.repeat(8_190)} %}`)).toEqual([['', 'may have 8192 characters at most']]);
    expect(problems(`{% ${'('.repeat(4_000)}1${')'.repeat(4_000)} %}`)).toEqual([['', 'is nested too deep']]);
  });

  it('is told of everything that is wrong with it, in order, once each', () => {
    expect(problems('{% $now() & $shuffle(tags) & $foo %}').map(([param]) => param)).toEqual([
      'character 4',
      'character 13',
      'character 30',
    ]);
  });

  it('is refused when its tree grows beyond its text', () => {
    let text = 'a';
    for (let level = 0; level < 14; level++) text = `(${text} ?: b)`;
    expect(problems(`{% ${text} %}`)).toEqual([['', 'has more than 12000 parts']]);
  });

  it('as long as it may be, and as plain as a mapping is, has parts to spare', () => {
    const fields = Array.from({ length: 590 }, (_, index) => `"f${index}":a.b.c`);
    const text = `{% {${fields.join(',')}} %}`;
    expect(text.length).toBeGreaterThan(7_500);
    expect(problems(text)).toEqual([]);
  });

  it('with many fields is not taken for one that is nested deep', async () => {
    const items = Array.from({ length: 1_000 }, () => 'a.b');
    expect(await evaluate(`{% [${items.join(',')}] %}`, { a: { b: 1 } })).toHaveLength(1_000);
  });
});

describe('the functions', () => {
  it('of the JSONata that is installed have all been looked at', () => {
    const source = readFileSync(createRequire(import.meta.url).resolve('jsonata'), 'utf8');
    const functions = [...source.matchAll(/(?:staticFrame|environment)\.bind\('(\w+)', defineFunction/g)].map(
      ([, name]) => name as string,
    );
    expect(functions.length).toBeGreaterThan(50);
    expect(new Set(functions)).toEqual(new Set([...allowedFunctions, ...refusedFunctions.keys()]));
  });
});

describe('an evaluation', () => {
  it('ends after a number of steps, whatever the clock says', async () => {
    await expect(evaluate('{% ($l := function($n){ $l($n + 1) }; $l(1)) %}')).rejects.toThrow('250000 steps');
  });

  it('ends when it calls itself without end', async () => {
    await expect(evaluate('{% ($l := function($n){ 1 + $l($n) }; $l(1)) %}')).rejects.toMatchObject({ code: 'D1011' });
  });

  it('begins with all its steps each time', async () => {
    const compilation = compile('{% $count($map([1..9000], function($x){ $x + 1 })) %}');
    if ('problems' in compilation) throw new Error('refused');
    for (let time = 0; time < 10; time++) expect(await compilation.compiled.evaluate({}, {})).toBe(9_000);
  });

  it('that fails leaves nothing running behind it', async () => {
    // JSONata evaluates the members of an array side by side; the second would go on after the first has failed.
    const text = '{% [$error("no"), ($l := function($n){ $l($n + 1) }; $l(1))] %}';
    const before = process.cpuUsage();
    for (let time = 0; time < 20; time++) await expect(evaluate(text)).rejects.toMatchObject({ message: 'no' });
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 20).toBeLessThan(50_000);
  });

  it('cannot write into a function, its own or one of JSONata', async () => {
    for (const pattern of ['$sum', '$f', '[$sum]', '$event.type ~> $sum']) {
      const text = `{% ($f := function($x){ $x }; $ ~> |${pattern}|{"implementation": $f, "body": 1}|) %}`;
      await expect(evaluate(text)).rejects.toBeDefined();
    }
    await expect(evaluate('{% ($f := function($x){ $x }; $ ~> |$f|{"body": 1}|) %}')).rejects.toThrow('cannot change');
    expect(await evaluate('{% $sum([1, 2]) %}')).toBe(3);
  });
});
