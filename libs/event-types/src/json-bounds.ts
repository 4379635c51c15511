// Whether a value is plain JSON of a bearable size: one walk without recursion, before anything else looks at it.
import type { Problem } from '@sluice/contracts';
import { paramOf, top, within, type Place } from './place.ts';

interface JsonBounds {
  bytes: number;
  depth: number;
}

/** Names that would reach an object's prototype once somebody assigns or merges them. */
export const forbiddenNames: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

interface Part {
  value: unknown;
  depth: number;
  place: Place;
}

/** The first reason why a value is not JSON within the bounds. Each value costs a byte at least, so the walk ends. */
export function jsonProblem(value: unknown, name: string, bounds: JsonBounds): Problem | undefined {
  const parts: Part[] = [{ value, depth: 1, place: top(name) }];
  let bytes = 0;
  for (let part = parts.pop(); part; part = parts.pop()) {
    bytes += bytesOf(part.value, bounds.bytes);
    if (bytes > bounds.bytes) return { param: name, msg: `may have ${bounds.bytes} bytes of JSON at most` };
    const problem = partProblem(part, bounds) ?? spread(part, parts, bounds.bytes);
    if (problem) return { param: paramOf(part.place), msg: problem };
  }
  return undefined;
}

function partProblem({ value, depth }: Part, bounds: JsonBounds): string | undefined {
  if (typeof value !== 'object' || value === null) {
    const isJson = value === null || ['string', 'boolean'].includes(typeof value) || Number.isFinite(value);
    return isJson ? undefined : 'must be JSON';
  }
  if (depth > bounds.depth) return `may be nested ${bounds.depth} deep at most`;
  if (Array.isArray(value)) return undefined;
  const prototype: unknown = Object.getPrototypeOf(value);
  // A plain object's prototype has none itself, whichever realm it was made in.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) return 'must be JSON';
  const forbidden = Object.keys(value).find((key) => forbiddenNames.has(key));
  return forbidden === undefined ? undefined : `the name ${forbidden} is not allowed`;
}

/** Puts the members of an array or object on the stack, the first on top. */
function spread({ value, depth, place }: Part, parts: Part[], bytes: number): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) {
    if (value.length > bytes) return `may have ${bytes} bytes of JSON at most`;
    for (let at = value.length - 1; at >= 0; at--) {
      parts.push({ value: value[at], depth: depth + 1, place: within(place, at) });
    }
    return undefined;
  }
  for (const [key, member] of Object.entries(value).reverse()) {
    parts.push({ value: member, depth: depth + 1, place: within(place, key) });
  }
  return undefined;
}

/** What a value takes in JSON text: its brackets, commas and names; its members are counted on their own. */
function bytesOf(value: unknown, most: number): number {
  if (typeof value === 'string') return textBytes(value, most);
  if (typeof value !== 'object' || value === null) return String(value).length;
  if (Array.isArray(value)) return 2 + Math.max(0, value.length - 1);
  const names = Object.keys(value);
  return names.reduce((bytes, name) => bytes + textBytes(name, most) + 1, 2 + Math.max(0, names.length - 1));
}

const textBytes = (text: string, most: number): number =>
  text.length > most ? text.length : Buffer.byteLength(JSON.stringify(text));
