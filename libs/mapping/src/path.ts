// Paths into JSON: "a.b.0.c". Own members only; what is not there is absent, also below a text or a number.
import { isForbiddenKey } from './json.ts';
import { mappingLimits } from './limits.ts';

interface Part {
  key: string;
  /** The key as a position in a list, -1 where it is none. */
  index: number;
}

type Path = readonly Part[];

/** Reads a value from where the path starts. */
export type Read = (from: unknown) => unknown;

const POSITION = /^(0|[1-9]\d{0,8})$/;

/** A path, or what is wrong with it. "" is the whole; a list of keys reaches keys that have dots in them. */
export function parsePath(given: unknown): Path | string {
  const keys = typeof given === 'string' ? (given === '' ? [] : given.split('.')) : given;
  if (!Array.isArray(keys) || !keys.every((key) => typeof key === 'string')) {
    return 'must be a path such as "a.b.0", or a list of keys';
  }
  if (keys.length > mappingLimits.pathParts) return `may have ${mappingLimits.pathParts} parts at most`;
  if (keys.includes('')) return 'has an empty part';
  const forbidden = keys.find(isForbiddenKey);
  if (forbidden !== undefined) return `has the part ${forbidden}, which is not allowed`;
  return keys.map((key) => ({ key, index: positionOf(key) }));
}

/** A text of digits as a position, else -1. */
export const positionOf = (key: string): number => (POSITION.test(key) ? Number(key) : -1);

export function reader(path: Path): Read {
  const [first, second, third] = path;
  if (!first) return (from) => from;
  // The commonest paths have no loop.
  if (!second) return (from) => step(from, first);
  if (!third) return (from) => step(step(from, first), second);
  return (from) => {
    let value = from;
    for (const part of path) {
      value = step(value, part);
      if (value === undefined) return undefined;
    }
    return value;
  };
}

function step(from: unknown, { key, index }: Part): unknown {
  if (typeof from !== 'object' || from === null) return undefined;
  if (Array.isArray(from)) return index >= 0 && index < from.length ? (from[index] as unknown) : undefined;
  return Object.hasOwn(from, key) ? (from as Record<string, unknown>)[key] : undefined;
}
