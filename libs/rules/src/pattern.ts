// What conditions are once they are read: alternatives of fields with tests. Plain data.

export type Scalar = string | number | boolean | null;

/** A test passes when the event has the same value, or one of which the operator holds. */
export type Test = Scalar | Operator;

export type Operator =
  | { op: 'prefix'; text: string }
  | { op: 'suffix'; text: string }
  /** The text is folded, here and in the next two. */
  | { op: 'equals-ignore-case'; text: string }
  | { op: 'prefix-ignore-case'; text: string }
  | { op: 'suffix-ignore-case'; text: string }
  /** What stands between the stars; one part where there is none. */
  | { op: 'wildcard'; parts: string[] }
  | NumericRange
  /** The fixed bits of the addresses taken, after the family's digit. */
  | { op: 'cidr'; bits: string }
  | { op: 'exists' }
  /** Passes when none of the tests does. */
  | { op: 'anything-but'; tests: Test[] };

/** Both ends may be infinite; an infinite end is never open. */
export interface NumericRange {
  op: 'numeric';
  low: number;
  lowOpen: boolean;
  high: number;
  highOpen: boolean;
}

/** One field and its tests, of which one has to pass. */
export interface ReadLeaf {
  /** Keys from the event down to the field. */
  path: string[];
  /** Where it stands in the conditions, for people: `payload.$or[1].score`. */
  at: string;
  tests: Test[];
  /** Whether it also holds when the event has no such field. */
  absent: boolean;
  /** The tests as they were written. */
  written: unknown[];
}

/** Holds when all leaves hold, and of each choice one alternative. */
export interface ReadBranch {
  leaves: ReadLeaf[];
  choices: ReadChoice[];
}

/** A `$or`. */
export interface ReadChoice {
  /** Where it stands in the conditions: `payload.$or`. */
  at: string;
  alternatives: ReadBranch[];
}

export const isScalar = (value: unknown): value is Scalar =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null;

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
