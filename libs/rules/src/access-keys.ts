// How a rule can be found: by which values of an event its tests can pass, best first. A function of the rule alone, so that
// the index looks the same in whatever order its rules came.
import { testsOf, type Branch, type Leaf, type Path } from './paths.ts';
import type { NumericRange, Scalar, Test } from './pattern.ts';
import { reversed } from './text-case.ts';

/** What of a value is looked up, and how: the same value, a prefix of it, a range around it, or that there is one. */
export type Channel =
  | 'equal'
  | 'folded'
  | 'prefix'
  | 'foldedPrefix'
  | 'suffix'
  | 'foldedSuffix'
  | 'address'
  | 'cell'
  | 'above'
  | 'below'
  | 'present';

/** A test of a field can pass only when the event has something here. */
export interface AccessKey {
  path: Path;
  channel: Channel;
  key: Scalar;
  /** Of a cell: the power of two that is its width. */
  width: number;
}

/** Keys of which at least one is met whenever the rule matches. */
export type AccessLevel = readonly AccessKey[];

/** A rule stands in the index at most this often; more values than that on its levels together are left to its tests. */
const placesMax = 128;

/** How many rules a key of this kind lets through, roughly: to put the levels in order, nothing hangs on it but speed. */
const breadth: Record<Channel, number> = {
  equal: 1,
  folded: 1,
  cell: 2,
  address: 3,
  prefix: 3,
  foldedPrefix: 3,
  suffix: 3,
  foldedSuffix: 3,
  above: 200,
  below: 200,
  present: 1_000,
};

/** The levels by which a rule can be found, best first; the first leaf, its event type, comes before all others. */
export function accessLevels(branch: Branch): AccessLevel[] {
  const [type, ...others] = levelsOf(branch);
  const sorted = others.sort((a, b) => broadnessOf(a) - broadnessOf(b) || compare(placeOf(a), placeOf(b)));
  const levels: AccessLevel[] = [];
  let places = 1;
  for (const level of type ? [type, ...sorted] : sorted) {
    if (places * level.length > placesMax) continue;
    places *= level.length;
    levels.push(level);
  }
  return levels;
}

/** One of each leaf, one of each choice, where they have one. */
function levelsOf({ leaves, choices }: Branch): AccessLevel[] {
  const levels = [...leaves.map(keysOf), ...choices.map(keysOfChoice)];
  return levels.filter((level) => level !== undefined);
}

/** A choice can be found when each of its alternatives can, by the best of its levels. */
function keysOfChoice(alternatives: readonly Branch[]): AccessLevel | undefined {
  const keys: AccessKey[] = [];
  for (const alternative of alternatives) {
    const [best, ...others] = levelsOf(alternative);
    if (!best) return undefined;
    keys.push(...others.reduce((least, level) => (broadnessOf(level) < broadnessOf(least) ? level : least), best));
  }
  return distinct(keys);
}

/** A leaf that also takes the absence of its field cannot be found by what an event has. */
function keysOf(leaf: Leaf): AccessLevel | undefined {
  if (leaf.absent) return undefined;
  return distinct(testsOf(leaf).flatMap((test) => keysOfTest(leaf.path, test)));
}

function keysOfTest(path: Path, test: Test): AccessKey[] {
  const by = (channel: Channel, key: Scalar): AccessKey[] => [{ path, channel, key, width: 0 }];
  if (typeof test !== 'object' || test === null) return by('equal', test);
  switch (test.op) {
    case 'equals-ignore-case':
      return by('folded', test.text);
    case 'prefix':
      return by('prefix', test.text);
    case 'prefix-ignore-case':
      return by('foldedPrefix', test.text);
    case 'suffix':
      return by('suffix', reversed(test.text));
    case 'suffix-ignore-case':
      return by('foldedSuffix', reversed(test.text));
    case 'cidr':
      return by('address', test.bits);
    case 'wildcard':
      return keysOfWildcard(path, test.parts);
    case 'numeric':
      return keysOfRange(path, test);
    case 'exists':
    case 'anything-but':
      return by('present', null);
  }
}

function keysOfWildcard(path: Path, parts: readonly string[]): AccessKey[] {
  const [first = '', last = ''] = [parts[0], parts.at(-1)];
  const by = (channel: Channel, key: string): AccessKey[] => [{ path, channel, key, width: 0 }];
  if (parts.length === 1) return by('equal', first);
  return first.length >= last.length ? by('prefix', first) : by('suffix', reversed(last));
}

/**
 * A range lies in one or two neighbouring cells (three where rounding would have it) of the next power of two that is not
 * narrower than it. A range with one end is found by that end.
 */
function keysOfRange(path: Path, { low, high }: NumericRange): AccessKey[] {
  const by = (channel: Channel, key: number, width = 0): AccessKey => ({ path, channel, key, width });
  if (low === high) return [by('equal', low)];
  if (high === Infinity) return [by('above', low)];
  if (low === -Infinity) return [by('below', high)];
  let width = 2 ** Math.ceil(Math.log2(high - low));
  if (width < high - low) width *= 2;
  const [first, last] = [cellOf(low, width), cellOf(high, width)];
  // Beyond what numbers can tell apart (a range over nearly all of them) there are no cells.
  if (!Number.isFinite(width) || last - first > 2) return [by('above', low)];
  const cells = new Set([first, Math.min(first + 1, last), last]);
  return [...cells].map((cell) => by('cell', cell, width));
}

/** Dividing by a power of two is exact. */
export const cellOf = (value: number, width: number): number => Math.floor(value / width);

/** A key that stands twice would put its rule twice into one place. */
function distinct(keys: readonly AccessKey[]): readonly AccessKey[] {
  if (keys.length < 2) return keys;
  const seen = new Map<Path, Set<string>>();
  return keys.filter(({ path, channel, key, width }) => {
    const known = seen.get(path) ?? new Set();
    seen.set(path, known);
    return known.size < known.add(`${channel} ${width} ${typeof key} ${String(key)}`).size;
  });
}

const broadnessOf = (level: AccessLevel): number => level.reduce((sum, { channel }) => sum + breadth[channel], 0);

/** The name of a level's first field. */
function placeOf([first]: AccessLevel): string {
  let place = '';
  for (let at: Path | null = first?.path ?? null; at; at = at.parent) place = `${at.key}\u0000${place}`;
  return place;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
