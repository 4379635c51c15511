// What attacks are made of: many of the same, deep nesting, schemas that ask everything of everything; and a clock that only despair stops: CPU time, so that a busy machine is no attack.
import { expect } from '@jest/globals';

export const many = <Value>(count: number, make: (index: number) => Value): Value[] =>
  Array.from({ length: count }, (_, index) => make(index));
export const named = <Value>(count: number, make: (index: number) => Value): Record<string, Value> =>
  Object.fromEntries(many(count, (index) => [`k${index}`, make(index)]));
export const nested = (depth: number, inner: unknown): unknown =>
  many(depth, (index) => index).reduce<unknown>((value) => ({ not: value }), inner);

// Far above what is measured (README.md), far below what an attack would take: no machine is slow enough to confuse the two.
const tooLongMs = 10_000;

export function timed<Result>(run: () => Result): Result {
  const before = process.cpuUsage();
  const result = run();
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1_000).toBeLessThan(tooLongMs);
  return result;
}

/** A schema for a list in which each item is asked for everything, and more is asked of the whole. */
export const everyItem = (parts: readonly object[]) => ({
  type: 'object',
  properties: { a: { type: 'array', items: { allOf: parts } } },
});
export const whole = (parts: readonly object[]) => ({ type: 'object', allOf: parts });
export const onList = (parts: readonly object[]) => ({ type: 'object', properties: { a: { allOf: parts } } });
