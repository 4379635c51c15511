// What expressions share cannot be changed by any of them, even by one that nothing else stops: here JSONata is asked directly.
import { beforeAll, describe, expect, it } from '@jest/globals';
import jsonata from 'jsonata';
import { isCallable, requireData, sealJsonata } from './sealed.ts';

const evaluate = (text: string): Promise<unknown> => jsonata(text).evaluate({ a: 1 }) as Promise<unknown>;
const poison = '($f := function($x){ 42 }; $g := function($h){ $ ~> |$sum|{"implementation": $h}| }; $g($f))';

describe('JSONata', () => {
  it('lets an expression change a function for all others, which is why it is sealed', async () => {
    await evaluate('$ ~> |$count|{"extra": "seen by all"}|');
    expect(JSON.stringify(await evaluate('$merge(?)([$count])'))).toContain('seen by all');
  });
});

describe('JSONata, sealed,', () => {
  beforeAll(sealJsonata);

  it.each([
    poison,
    '$ ~> |$sum|{"implementation": 1}|',
    '$ ~> |$sum|{"extra": 1}|',
    '$ ~> |$sum|{}, ["implementation"]|',
    '$ ~> |$merge(?)([$sum]).signature|{"definition": 1}|',
  ])('does not let %s change a function', async (text) => {
    await evaluate(text).catch(() => undefined);
    expect(await evaluate('$sum([1, 2])')).toBe(3);
    expect(JSON.stringify(await evaluate('$merge(?)([$sum])'))).toBe(
      '{"_jsonata_function":true,"signature":{"definition":"<a<n>:n>"}}',
    );
  });

  it('tells nobody what another expression called a function', async () => {
    await evaluate('($secret := $sum; $secret([1]))');
    const error = (await evaluate('$map(["x"], $sum)').catch((reason: unknown) => reason)) as { token?: string };
    expect(error.token).toBe('map');
  });

  it('still does what it does', async () => {
    expect(await evaluate('($f := $uppercase ~> $trim; $f(" a "))')).toBe('A');
    expect(await evaluate('$ ~> |$|{"b": 2}|')).toEqual({ a: 1, b: 2 });
    expect(await evaluate('$join($map([1, 2], function($x){ $x & "" }))')).toBe('12');
  });
});

describe('data', () => {
  it('is what a transform may write into', () => {
    for (const found of [undefined, 1, 'a', {}, [{}], { f: () => 1 }]) expect(requireData(found)).toBe(found);
    for (const found of [() => 1, { _jsonata_lambda: true }, [{}, { _jsonata_function: true }]]) {
      expect(() => requireData(found)).toThrow('cannot change a function');
    }
  });

  it('is not callable', () => {
    expect([null, undefined, {}, [], 'f', { _jsonata_lambda: 1 }].map(isCallable)).toEqual(Array(6).fill(false));
  });
});
