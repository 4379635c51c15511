// Where two JSON values differ, leaf by leaf. Pure.

export interface Difference {
  /** Dotted, `items.0.name`; empty where the values differ as a whole. */
  path: string;
  before?: unknown;
  after?: unknown;
}

/** Differences told at most; a preview is read by a person. */
const differencesMax = 200;

export function differences(before: unknown, after: unknown): Difference[] {
  const found: Difference[] = [];
  collect({ before, after, path: [] }, found);
  return found;
}

interface Pair {
  before: unknown;
  after: unknown;
  path: readonly string[];
}

function collect({ before, after, path }: Pair, found: Difference[]): void {
  if (found.length >= differencesMax || Object.is(before, after)) return;
  const [left, right] = [membersOf(before), membersOf(after)];
  if (!left || !right || Array.isArray(before) !== Array.isArray(after)) {
    found.push({
      path: path.join('.'),
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    });
    return;
  }
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    collect({ before: left[key], after: right[key], path: [...path, key] }, found);
  }
}

function membersOf(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}
